"""Vector-Jacobian products against the derivative worked out by hand in float64."""

import numpy as np

from judge.checks.architecture.scaled_dot_product_attention import oracle

ENTRY = "scaled_dot_product_attention"
CUT = "{0} 得不到梯度：计算图在到 {0} 的路上断了（detach、stop_gradient、no_grad 或转成了 NumPy）"


def compare(check, found, right, **mistakes):
    """Each input's gradient; a missing one counts as zero."""
    for name, got in zip(("query", "key", "value"), found.inputs, strict=True):
        want = getattr(right, name)
        got = np.zeros(want.shape, "float32") if got is None else got
        wrong = {CUT.format(name): np.zeros(want.shape)}
        wrong |= {sentence: getattr(other, name) for sentence, other in mistakes.items()}
        check.close(got, want, name=f"{name} 的梯度", mistakes=wrong)


def draw(rng):
    """Query, key, value and the output's cotangent."""
    sizes = (2, 3, 4, 16), (2, 3, 6, 16), (2, 3, 6, 5), (2, 3, 4, 5)
    return [rng.standard_normal(size, dtype="float32") for size in sizes]


def test_gradient(submission, rng, check):
    """梯度：query、key、value 三路的梯度都与解析结果一致。"""
    query, key, value, cotangent = draw(rng)
    found = submission.gradients(ENTRY, query, key, value, cotangent=cotangent)
    constant = oracle.vjp(query, key, value, cotangent)
    compare(check, found, constant)


def test_gradient_with_mask(submission, rng, check):
    """带掩码的梯度：被遮住的位置得不到梯度，其余与解析结果一致。"""
    query, key, value, cotangent = draw(rng)
    mask = np.tri(4, 6, 2, dtype=bool)
    found = submission.gradients(ENTRY, query, key, value, mask, cotangent=cotangent, wrt=[0, 1, 2])
    compare(check, found, oracle.vjp(query, key, value, cotangent, mask))
