"""What the checks of zh_en_transformer measure with, against values worked out otherwise."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judge.checks.architecture.zh_en_transformer import corpus, mistakes, oracle

SEEDS = st.integers(0, 2**32 - 1)
SACREBLEU = 85.34453146858057


def test_bleu_by_hand():
    hypothesis, reference = ["the", "cat", "sat", "on", "the", "mat", "today"], ["the", "cat", "sat", "on", "the", "mat", "."]
    # 6 of 7 words, 5 of 6 pairs, 4 of 5 triples, 3 of 4 quadruples
    assert oracle.bleu([hypothesis], [[reference]]) == pytest.approx(100 * (6 / 7 * 5 / 6 * 4 / 5 * 3 / 4) ** 0.25)
    assert oracle.bleu([reference[:4]], [[reference[:6]]]) == pytest.approx(100 * math.exp(1 - 6 / 4))


def test_bleu_as_sacrebleu_computes_it():
    """The figure is sacreBLEU 2.6.0's, with tokenize="none" and smooth_method="none"."""
    hypotheses = ["a b c d e f a a", "b c d e", "c d e f g h"]
    references = [["a b c d e g a", "a b c d e f"], ["b c d e f", "a b c"], ["x d e f g h i", "c d e f"]]
    split = [h.split() for h in hypotheses], [[r.split() for r in known] for known in references]
    assert oracle.bleu(*split) == pytest.approx(SACREBLEU, abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.sampled_from("abc"), min_size=4, max_size=9), min_size=1, max_size=5))
def test_a_copy_scores_100_and_nothing_scores_0(sentences):
    assert oracle.bleu(sentences, [[s] for s in sentences]) == pytest.approx(100)
    assert oracle.bleu([[] for _ in sentences], [[s] for s in sentences]) == 0


@settings(max_examples=10, deadline=None)
@given(SEEDS)
def test_hidden_pairs_differ_in_order_only_and_are_never_trained_on(seed):
    train, swaps = corpus.generated(np.random.default_rng(seed))
    seen = {pair.zh for pair in train}
    assert len(seen) == corpus.GENERATED
    assert len(swaps) == 2 * corpus.SWAP_PAIRS
    for one, other in zip(swaps[::2], swaps[1::2], strict=True):
        assert sorted(one.zh) == sorted(other.zh)
        assert one.en != other.en
        assert not {one.zh, other.zh} & seen


def follows(src, rows):
    """Logits of a model that says: the token after the last one, counted from the first of the source; 0 ends."""
    logits = np.zeros((*rows.shape, 6), np.float32)
    step = np.arange(rows.shape[1])
    best = np.maximum(src[:, :1] - step, 0)
    np.put_along_axis(logits, best[..., None], 1.0, -1)
    return logits


def test_greedy_ends_when_every_row_has_ended():
    src = np.array([[2], [4]])
    found = oracle.greedy(follows, src, 5, 0, 9)
    assert found.tokens.tolist() == [[2, 1, 0, 0, 0], [4, 3, 2, 1, 0]]
    assert oracle.cut(found.tokens, 0) == [(2, 1, 0), (4, 3, 2, 1, 0)]
    assert oracle.greedy(follows, src, 5, 0, 2).tokens.shape == (2, 2)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        (np.ones((6, 6), bool), "没有因果掩码"),
        (np.triu(np.ones((6, 6), bool)), "掩码反了"),
        (np.tri(6, 6, 1, dtype=bool), "错开了一格"),
        (np.tri(6, dtype=bool), None),
    ],
    ids=["none", "inverted", "off_by_one", "right"],
)
def test_a_wrong_causal_mask_is_named(pattern, said):
    name = mistakes.causality(pattern)
    assert name is None if said is None else said in name
