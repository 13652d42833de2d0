"""What well-known wrong implementations return, so that a wrong output can be recognised and named.

Written over the whole score matrix, unlike the oracle; `np.errstate` because several of them overflow on purpose.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from judge.checks.architecture.scaled_dot_product_attention import oracle

Array = NDArray[np.float64]


def scores(query, key, scale: float | None = None) -> Array:
    """(..., L, S), divided by √E unless another divisor is given."""
    q, k = np.asarray(query, np.float64), np.asarray(key, np.float64)
    return q @ np.swapaxes(k, -1, -2) / (np.sqrt(q.shape[-1]) if scale is None else scale)


def softmax(x: Array, axis: int = -1) -> Array:
    """NaN where a whole line is -inf, as in the frameworks."""
    with np.errstate(all="ignore"):
        exponentials = np.exp(x - x.max(axis=axis, keepdims=True))
        out: Array = exponentials / exponentials.sum(axis=axis, keepdims=True)
    return out


def plain(query, key, value) -> dict[str, Array]:
    """Mistakes of the formula itself; L == S == Ev is best kept apart so that each has a shape of its own."""
    s, v, e = scores(query, key), np.asarray(value, np.float64), query.shape[-1]
    raw = scores(query, key, 1.0)
    found = {
        "分数没有除以 √E（缩放漏了）": softmax(raw) @ v,
        "分数乘了 √E：应该除以 √E": softmax(raw * np.sqrt(e)) @ v,
        "softmax 之后才除以 √E：先缩放分数，再做 softmax": softmax(raw) @ v / np.sqrt(e),
        "分数除以了 E：应该除以 √E": softmax(scores(query, key, e)) @ v,
        "分数除以了 √L：缩放用的是特征维 E": softmax(scores(query, key, np.sqrt(query.shape[-2]))) @ v,
        "分数除以了 √S：缩放用的是特征维 E": softmax(scores(query, key, np.sqrt(key.shape[-2]))) @ v,
        "分数除以了 √Ev：缩放用的是 query 的特征维 E": softmax(scores(query, key, np.sqrt(value.shape[-1]))) @ v,
        "softmax 沿 query 那一维做了：应沿最后一维（各个 key）": softmax(s, axis=-2) @ v,
        "没有做 softmax：分数直接乘了 value": s @ v,
        "用 sigmoid 代替了 softmax：每行权重之和不是 1": (1 / (1 + np.exp(-s))) @ v,
        "用了 log_softmax：权重应是 softmax 的结果，不取对数": np.log(softmax(s)) @ v,
        "query 与 key 先被归一化成了单位长度：要用原来的点积": softmax(_cosine(query, key)) @ v,
        "只算了第一个样本，其余样本照抄": np.broadcast_to((softmax(s) @ v)[:1], (*s.shape[:-1], v.shape[-1])),
        "没有给 mask 时自己加了因果掩码": oracle.attention(query, key, value, np.tri(*s.shape[-2:], dtype=bool)),
        "用 reshape / view 代替了转置：数据的排列乱了": softmax(_reshaped(query, key)) @ v,
        "权重与 query 无关：返回的是 value 的平均": np.broadcast_to(v.mean(-2, keepdims=True), (*s.shape[:-1], v.shape[-1])),
    }
    if s.ndim > 3:
        found["softmax 沿注意力头那一维做了：应沿最后一维（各个 key）"] = softmax(s, axis=1) @ v
    found["softmax 沿 batch 那一维做了：应沿最后一维（各个 key）"] = softmax(s, axis=0) @ v
    return found


def _reshaped(query, key) -> Array:
    turned = np.asarray(key, np.float64).reshape(*key.shape[:-2], key.shape[-1], key.shape[-2])
    scaled: Array = np.asarray(query, np.float64) @ turned / np.sqrt(query.shape[-1])
    return scaled


def _cosine(query, key) -> Array:
    q, k = np.asarray(query, np.float64), np.asarray(key, np.float64)
    cosine: Array = (scores(query, key, 1.0) / np.linalg.norm(q, axis=-1)[..., None]) / np.linalg.norm(k, axis=-1)[..., None, :]
    return cosine


def masked(query, key, value, mask) -> dict[str, Array]:
    """Mistakes in applying the mask."""
    s, v = scores(query, key), np.asarray(value, np.float64)
    visible = np.broadcast_to(mask, s.shape)
    return {
        "掩码没有起作用": softmax(s) @ v,
        "掩码反了：True 表示可以看到": softmax(np.where(visible, -np.inf, s)) @ v,
        "softmax 之后才乘掩码，权重之和不再是 1": (softmax(s) * visible) @ v,
        "把被遮住的分数乘成了 0：0 也会分到权重，应换成 -inf": softmax(s * visible) @ v,
        "掩码被当成数加到了分数上": softmax(s + visible) @ v,
        "给被遮住的分数加上了很大的正数：符号反了，应加 -inf 或很大的负数": softmax(_raised(s, visible)) @ v,
        "每个样本都用了第一个样本的掩码": softmax(np.where(visible[:1], s, -np.inf)) @ v,
        "softmax 归一化到了 query 那一维": softmax(np.where(visible, s, -np.inf), axis=-2) @ v,
    }


def _raised(s: Array, visible) -> Array:
    """+1e9 drowns the score it is added to: a row's hidden keys share all the weight evenly."""
    some = (~visible).any(-1, keepdims=True)
    return np.where(some, np.where(visible, -np.inf, 0.0), s)


def constant_fill(query, key, value, mask) -> dict[str, Array]:
    """A finite constant for -inf: harmless until the scores are as large. Which constant it was cannot be told from the output."""
    s, v = scores(query, key), np.asarray(value, np.float64)
    advice = "分数很大时遮不住；用 -inf 或该 dtype 的最小值"
    return {
        f"被遮住的分数换成了不够小的常数（如 -1e4）：{advice}": softmax(np.where(mask, s, -1e4)) @ v,
        f"给被遮住的分数加上了不够小的常数（如 -1e4）：{advice}": softmax(np.where(mask, s, s - 1e4)) @ v,
    }


def unstable(query, key, value) -> dict[str, Array]:
    """Exponentials in float32 without the row's own maximum taken off first."""
    s, v = scores(query, key), np.asarray(value, np.float64)
    with np.errstate(all="ignore"):
        exponentials = np.exp(s.astype(np.float32)).astype(np.float64)
        naive = _normalised(exponentials) @ v
        guarded = exponentials / (exponentials.sum(-1, keepdims=True) + 1e-9) @ v
        shared = _normalised(np.exp((s - s.max()).astype(np.float32)).astype(np.float64)) @ v
        per_head = _normalised(np.exp((s - s.max((-1, -2), keepdims=True)).astype(np.float32)).astype(np.float64)) @ v
    return {
        "exp 上溢：softmax 前没有减去最大值": naive,
        "exp 上溢：softmax 前没有减去最大值，分母里加的小常数又把下溢的行变成了 0": guarded,
        "减去的是整个张量的最大值：别的行会全部下溢，应减去每一行自己的最大值": shared,
        "减去的是整个分数矩阵的最大值：别的行会全部下溢，应减去每一行自己的最大值": per_head,
    }


def _normalised(exponentials: Array) -> Array:
    quotient: Array = exponentials / exponentials.sum(-1, keepdims=True)
    return quotient


def blind_rows(query, key, value, mask) -> dict[str, Array]:
    """Rows that may see nothing, done as if they were any row. `right` elsewhere."""
    s, v = scores(query, key), np.asarray(value, np.float64)
    right = oracle.attention(query, key, value, mask)
    blind = ~np.broadcast_to(mask, s.shape).any(-1, keepdims=True)
    return {
        "整行都被遮住时 softmax 得到 NaN：约定这一行输出 0": np.where(blind, np.nan, right),
        "整行都被遮住时退化成对所有位置取平均：约定这一行输出 0": np.where(blind, v.mean(-2, keepdims=True), right),
        "整行都被遮住时掩码失效，看到了全部位置：约定这一行输出 0": np.where(blind, softmax(s) @ v, right),
    }


def leaking(query, key, value, mask) -> dict[str, Array]:
    """Masked scores that take part in the maximum or in the sum before they are thrown away; float32 underflow does the rest."""
    s, v = scores(query, key), np.asarray(value, np.float64)
    everything = softmax(s).astype(np.float32).astype(np.float64) * mask
    with np.errstate(all="ignore"):
        lost = _normalised(everything) @ v
        zeros = np.nan_to_num(_normalised(everything)) @ v
    late = "先对所有位置取最大值或做 softmax，再去掉被遮住的位置：填充的分数很大时有效位置全部下溢成 {0}；先遮再算"
    return {
        late.format("0/0"): lost,
        late.format("0"): zeros,
        **constant_fill(query, key, value, mask),
        **masked(query, key, value, mask),
    }
