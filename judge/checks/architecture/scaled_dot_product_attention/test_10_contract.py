"""Shape, dtype, and inputs left alone."""

import numpy as np
import pytest

from judge.verdict import Verdict

ENTRY = "scaled_dot_product_attention"


def draw(rng, batch, queries, keys, width, depth, dtype="float32"):
    """Query, key and value of the given sizes."""
    sizes = ((*batch, queries, width), (*batch, keys, width), (*batch, keys, depth))
    return [rng.standard_normal(size).astype(dtype) for size in sizes]


@pytest.mark.parametrize("batch", [(2,), (), (2, 3)], ids=["one_batch_dim", "no_batch_dim", "two_batch_dims"])
def test_shape(submission, rng, check, calls, batch):
    """形状：返回一个 (..., L, Ev) 张量，L、S、E、Ev 互不相等，batch 维个数不限。"""
    query, key, value = draw(rng, batch, 4, 7, 8, 5)
    result = submission.call(ENTRY, query, key, value)
    check.returned(not isinstance(result, (tuple, list)), "应只返回一个张量（注意力的输出），不要连权重一起返回")
    check.returned(result is not None, "返回的是 None：是不是漏了 return")
    check.returned(isinstance(result, np.ndarray), "应返回框架的张量")
    check.true(result.shape != (*batch, 4, 8), "最后一维是 E 而不是 Ev：加权求和的应是 value", verdict=Verdict.BR)
    check.true(result.shape != (*batch, 4, 7), "返回的是注意力权重 (..., L, S)：还要乘 value", verdict=Verdict.BR)
    check.shape(result, (*batch, 4, 5))
    check.finite(result)
    calls.append(((query, key, value), result))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_dtype(submission, rng, check, calls, dtype):
    """dtype：与 query 相同，float32 进 float32 出，float64 进 float64 出。"""
    arguments = draw(rng, (2,), 3, 4, 8, 5, dtype)
    result = submission.call(ENTRY, *arguments)
    check.dtype(result, dtype)
    calls.append((arguments, result))


def test_no_randomness(submission, rng, check, calls):
    """没有随机性：同样的输入算两次，结果相同。"""
    arguments = draw(rng, (2,), 16, 32, 8, 5)
    first, second = (submission.call(ENTRY, *arguments) for _ in range(2))
    check.shape(first, (2, 16, 5))
    check.close(
        second, first, name="第二次的结果", diagnosis="同样的输入算两次，结果不同：这里没有 dropout（F.dropout 默认是打开的）"
    )
    calls.append((arguments, first))


@pytest.mark.parametrize("with_mask", [False, True], ids=["without_mask", "with_mask"])
def test_inputs_untouched(submission, rng, check, calls, with_mask):
    """不改输入：调用之后 query、key、value、mask 都与原来相同。"""
    arguments = draw(rng, (2,), 4, 6, 8, 5)
    if with_mask:
        arguments.append(np.tri(4, 6, 1, dtype=bool))
    result = submission.call(ENTRY, *arguments)
    for name, before, after in zip(("query", "key", "value", "mask"), arguments, submission.inputs_after(), strict=False):
        same = isinstance(after, np.ndarray) and np.array_equal(before, after)
        check.true(same, f"修改了传入的 {name}：不要对参数做原地操作（*=、mul_、masked_fill_）")
    calls.append((arguments, result))
