"""The oracle of scaled_dot_product_attention against definitions it was not written from."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judge.checks.architecture.scaled_dot_product_attention import mistakes, oracle

SIZES = st.tuples(*(st.integers(1, 4) for _ in range(5)), st.integers(0, 2**32 - 1))


def draw(sizes):
    batch, queries, keys, width, depth, seed = sizes
    rng = np.random.default_rng(seed)
    query, key = rng.standard_normal((batch, queries, width)), rng.standard_normal((batch, keys, width))
    return query, key, rng.standard_normal((batch, keys, depth)), rng.random((batch, queries, keys)) < 0.6, rng


@settings(max_examples=40, deadline=None)
@given(SIZES)
def test_weights_are_a_distribution_over_the_visible_keys(sizes):
    query, key, _, mask, _ = draw(sizes)
    weights = oracle.weights(query, key, mask)
    assert (weights[~mask] == 0).all()
    np.testing.assert_allclose(weights.sum(-1), mask.any(-1).astype(float), atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(SIZES)
def test_gradients_agree_with_finite_differences(sizes):
    *inputs, mask, rng = draw(sizes)
    cotangent = rng.standard_normal(oracle.attention(*inputs, mask).shape)
    right = oracle.vjp(*inputs, cotangent, mask)
    for number, name in enumerate(("query", "key", "value")):
        numeric = np.zeros_like(inputs[number])
        for at in np.ndindex(numeric.shape):
            ends = []
            for step in (1e-5, -1e-5):
                moved = [x.copy() for x in inputs]
                moved[number][at] += step
                ends.append(float(np.sum(oracle.attention(*moved, mask) * cotangent)))
            numeric[at] = (ends[0] - ends[1]) / 2e-5
        np.testing.assert_allclose(getattr(right, name), numeric, atol=1e-7)


def test_orthogonal_keys_give_the_textbook_numbers():
    weights = oracle.weights(np.array([[2.0, 0, 0, 0]]), np.eye(4)[:2] * [1, 1, 1, 1])
    np.testing.assert_allclose(weights, [[np.e / (np.e + 1), 1 / (np.e + 1)]])


@pytest.mark.parametrize("family", [mistakes.masked, mistakes.blind_rows])
def test_every_named_mistake_differs_from_the_right_answer_and_from_each_other(family):
    rng = np.random.default_rng(3)
    query, key, value = (rng.standard_normal(size) for size in ((3, 6, 16), (3, 8, 16), (3, 8, 5)))
    mask = rng.random((3, 6, 8)) < 0.5
    mask[:, 0], mask[:, 1:, 0] = False, True
    found = {"right": oracle.attention(query, key, value, mask), **family(query, key, value, mask)}
    assert_distinct(found)


def test_every_mistake_in_the_formula_is_a_different_one():
    rng = np.random.default_rng(3)
    query, key, value = (rng.standard_normal(size) for size in ((2, 3, 4, 16), (2, 3, 7, 16), (2, 3, 7, 6)))
    assert_distinct({"right": oracle.attention(query, key, value), **mistakes.plain(query, key, value)})


def assert_distinct(found):
    names = list(found)
    for number, one in enumerate(names):
        for other in names[number + 1 :]:
            assert not np.allclose(found[one], found[other], rtol=1e-3, atol=1e-3, equal_nan=True), (one, other)
