"""Sentences of different lengths in one batch: what stands in the padding must not matter, whatever it is."""

import numpy as np

from judge.checks.architecture.scaled_dot_product_attention import mistakes, oracle

ENTRY = "scaled_dot_product_attention"
LENGTHS = (3, 7, 5)
S = max(LENGTHS)


def padded(rng):
    """Integers (see test_40_stability) of three lengths, the padding's keys scoring 32768 above the real ones; and the mask."""
    query = rng.integers(-2, 3, size=(3, 4, 16)).astype("float32")
    key = rng.integers(-2, 3, size=(3, S, 16)).astype("float32")
    value = rng.standard_normal((3, S, 5), dtype="float32")
    mask = (np.arange(S) < np.array(LENGTHS)[:, None])[:, None, :]
    query[..., 0] = 512.0
    key[..., 0] = np.where(mask[:, 0], 0.0, 256.0)
    value[~mask[:, 0]] *= 1000.0
    return query, key, value, mask


def test_padding_content(submission, rng, check):
    """填充的内容：填充位置的分数再大，结果也与把句子单独拿出来算一样。"""
    query, key, value, mask = padded(rng)
    result = submission.call(ENTRY, query, key, value, mask)
    wrong = mistakes.leaking(query, key, value, mask)
    check.close(result, oracle.attention(query, key, value, mask), mistakes=wrong)
    for number, length in enumerate(LENGTHS):
        alone = submission.call(ENTRY, query[number], key[number, :length], value[number, :length])
        check.close(alone, result[number].astype("float64"), name=f"第 {number + 1} 句单独计算的结果")


def test_padding_gradient(submission, rng, check):
    """填充的梯度：填充位置得到的梯度是 0，别处的梯度不受填充内容影响。"""
    query, key, value, mask = padded(rng)
    cotangent = rng.standard_normal((3, 4, 5), dtype="float32")
    found = submission.gradients(ENTRY, query, key, value, mask, cotangent=cotangent, wrt=[0, 1, 2])
    right = oracle.vjp(query, key, value, cotangent, mask)
    for name, got in zip(("query", "key", "value"), found.inputs, strict=True):
        check.true(
            got is None or bool(np.isfinite(got).all()),
            f"{name} 的梯度里有 NaN 或无穷大：被 where 丢掉的那一支里 exp 上溢，反向得到 0 × inf；先遮分数，再取 exp",
        )
        check.close(np.zeros(0) if got is None else got, getattr(right, name), atol=1e-4, name=f"{name} 的梯度")
