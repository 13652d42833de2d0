"""Values against the float64 reference, without and with a mask."""

import numpy as np
import pytest

from judge.checks.architecture.scaled_dot_product_attention import mistakes, oracle

ENTRY = "scaled_dot_product_attention"


def draw(rng, batch, queries, keys, width, depth):
    """Query and key of variance 1; value has a mean of its own per feature, so that lost weight shows."""
    query = rng.standard_normal((*batch, queries, width), dtype="float32")
    key = rng.standard_normal((*batch, keys, width), dtype="float32")
    value = rng.standard_normal((*batch, keys, depth), dtype="float32") + np.float32(1.5)
    return query, key, value


@pytest.mark.parametrize(
    ("batch", "queries", "keys"), [((3,), 5, 5), ((2, 3), 4, 7), ((), 1, 9)], ids=["self", "cross_heads", "one_query"]
)
def test_values(submission, rng, check, batch, queries, keys):
    """数值：没有掩码时等于 softmax(QKᵀ/√E)V。"""
    query, key, value = draw(rng, batch, queries, keys, 16, 6)
    wrong = mistakes.plain(query, key, value) if batch else {}
    result, right = submission.call(ENTRY, query, key, value), oracle.attention(query, key, value)
    check.close(result, right, mistakes=wrong, diagnosis=rounded(result, right))


def rounded(result, right):
    """An error too small for a wrong formula is one of precision."""
    if np.shape(result) == right.shape and np.allclose(result, right, rtol=0.02, atol=0.02):
        return "误差只有千分之几：公式对，精度不够；中间结果是不是转成了 float16 或 bfloat16"
    return None


def test_every_call_is_computed(submission, rng, check):
    """每次都重新计算：形状相同、内容不同的三次调用各得各的结果。"""
    calls = [draw(rng, (2,), 3, 6, 8, 4) for _ in range(3)]  # a shape that no earlier check used
    expected = [oracle.attention(*call) for call in calls]
    for number, (call, right) in enumerate(zip(calls, expected, strict=True)):
        earlier = {f"返回了第 {i} 次调用的结果：缓存只看形状，没有看内容": x for i, x in enumerate(expected[:number], 1)}
        check.close(submission.call(ENTRY, *call), right, mistakes=earlier, name=f"第 {number + 1} 次调用的结果")


def random_mask(rng, shape):
    """About half visible; at least one in every row, and one hidden where there are two."""
    order = rng.permuted(np.broadcast_to(np.arange(shape[-1]), shape), axis=-1)
    return (rng.random(shape) < 0.5) & (order != 1) | (order == 0)


def test_mask(submission, rng, check):
    """掩码：False 的位置权重为 0，其余位置重新归一化。"""
    query, key, value = draw(rng, (3,), 6, 8, 16, 5)
    mask = random_mask(rng, (3, 6, 8))
    check.close(
        submission.call(ENTRY, query, key, value, mask),
        oracle.attention(query, key, value, mask),
        mistakes=mistakes.masked(query, key, value, mask),
    )


@pytest.mark.parametrize("shape", [(7,), (5, 7), (2, 1, 1, 7), (2, 1, 5, 7), (1, 3, 5, 7), (2, 3, 5, 7), (5, 1)], ids=str)
def test_mask_broadcasts(submission, rng, check, shape):
    """掩码的广播：(S,)、(L, S)、(B, 1, 1, S)、(B, 1, L, S) 等形状都对齐到 (..., L, S)。"""
    query, key, value = draw(rng, (2, 3), 5, 7, 16, 4)
    mask = random_mask(rng, shape)
    check.close(
        submission.call(ENTRY, query, key, value, mask),
        oracle.attention(query, key, value, mask),
        mistakes=mistakes.masked(query, key, value, mask),
    )


def test_causal_mask(submission, rng, check):
    """因果掩码：改动后面的 key、value，前面的输出不变。"""
    query, key, value = draw(rng, (2,), 6, 6, 16, 5)
    mask = np.tri(6, dtype=bool)
    expected = oracle.attention(query, key, value, mask)
    check.close(submission.call(ENTRY, query, key, value, mask), expected, mistakes=mistakes.masked(query, key, value, mask))
    key[:, 3:], value[:, 3:] = rng.standard_normal(key[:, 3:].shape), rng.standard_normal(value[:, 3:].shape)
    changed = submission.call(ENTRY, query, key, value, mask)
    check.shape(changed, expected.shape)
    check.close(changed[:, :3], expected[:, :3], name="前三行", diagnosis="看到了后面的位置：因果掩码没有挡住")


def test_earlier_calls_were_right(calls, check):
    """数值：前面检查接口时的每次调用，结果也都是对的。"""
    for arguments, result in calls:
        diagnosis = "开头几次调用的结果是错的，后来才对：结果只应由这一次的输入决定，不要看是第几次调用"
        check.close(result, oracle.attention(*arguments), name="检查接口时的结果", diagnosis=diagnosis)
