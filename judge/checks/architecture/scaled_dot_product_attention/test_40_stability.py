"""Huge scores, and rows that may see nothing.

Entries are small integers and E is 16, so every product, sum and division by √E = 4 is exact in float32: scores near 32768 carry no
rounding error, and the tolerance stays that of the softmax alone.
"""

import numpy as np

from judge.checks.architecture.scaled_dot_product_attention import mistakes, oracle

ENTRY = "scaled_dot_product_attention"
SHIFT = 512.0  # query[0] * key[0] / 4 = ±32768


def exact(rng, batch, queries, keys):
    """Integers in query and key (first feature zero), ordinary values."""
    query = rng.integers(-2, 3, size=(*batch, queries, 16)).astype("float32")
    key = rng.integers(-2, 3, size=(*batch, keys, 16)).astype("float32")
    query[..., 0] = key[..., 0] = 0.0
    return query, key, rng.standard_normal((*batch, keys, 5), dtype="float32")


def test_large_scores(submission, rng, check):
    """大分数：有的行分数在 +32768 附近，有的在 −32768 附近，结果仍然正确。"""
    query, key, value = exact(rng, (2,), 6, 7)
    query[..., 0] = np.where(np.arange(6) % 2, SHIFT, -SHIFT)
    key[..., 0] = SHIFT / 2
    check.close(
        submission.call(ENTRY, query, key, value),
        oracle.attention(query, key, value),
        mistakes=mistakes.unstable(query, key, value),
        diagnosis="分数很大时结果不对：检查 softmax 是否减去了每一行的最大值",
    )


def test_very_negative_scores(submission, rng, check):
    """很小的分数：可见位置的分数都在 −32768 附近，被遮住的位置仍然不能分到权重。"""
    query, key, value = exact(rng, (2,), 6, 7)
    query[..., 0], key[..., 0] = SHIFT, -SHIFT / 2
    mask = np.tri(6, 7, dtype=bool)
    wrong = mistakes.constant_fill(query, key, value, mask) | mistakes.masked(query, key, value, mask)
    check.close(submission.call(ENTRY, query, key, value, mask), oracle.attention(query, key, value, mask), mistakes=wrong)


def blind(rng, queries, keys):
    """A mask where about a third of the rows see nothing; the others see something."""
    mask = rng.random((2, queries, keys)) < 0.6
    mask[..., 0] = True
    mask[:, ::3] = False
    return mask


def test_fully_masked_rows(submission, rng, check):
    """整行被遮住：这一行输出 0，别的行不受影响。"""
    query, key, value = exact(rng, (2,), 6, 7)
    mask = blind(rng, 6, 7)
    check.close(
        submission.call(ENTRY, query, key, value, mask),
        oracle.attention(query, key, value, mask),
        mistakes=mistakes.blind_rows(query, key, value, mask),
    )


def test_fully_masked_gradient(submission, rng, check):
    """整行被遮住时的梯度：处处有限，经过这一行的梯度是 0。"""
    query, key, value = exact(rng, (2,), 6, 7)
    mask = blind(rng, 6, 7)
    cotangent = rng.standard_normal((2, 6, 5), dtype="float32")
    found = submission.gradients(ENTRY, query, key, value, mask, cotangent=cotangent, wrt=[0, 1, 2])
    right = oracle.vjp(query, key, value, cotangent, mask)
    for name, got in zip(("query", "key", "value"), found.inputs, strict=True):
        check.true(
            got is None or bool(np.isfinite(got).all()),
            f"前向补成了 0，但 {name} 的梯度里有 NaN：softmax 的反向仍是 0 × NaN，加法掩码会把它传回来；用 where / masked_fill 替换分数",
        )
        check.close(np.zeros(0) if got is None else got, getattr(right, name), name=f"{name} 的梯度")
