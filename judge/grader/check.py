"""The fixture `check`: measures, records the metric beside its threshold, and names the mistake (docs/checks.md).

Comparisons are made in float64 and are strict about shape and finiteness first, so that NaN, broadcasting and wrong dtypes never pass.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np

from judge.grader.failures import CheckFailed
from judge.verdict import Artifact, Metric, Verdict
from judge.wire import Array

Op = Literal["<=", ">=", "<", ">", "=="]
_SLACK = {"cpu": 1.0, "cuda": 4.0, "mps": 10.0}
"""Tolerances are for a CPU, where sums have one order; a GPU's order changes with the card and its libraries."""


class Check:
    """Collects the metrics of the check that is running; one object for the whole run."""

    def __init__(self) -> None:
        self.metrics: list[Metric] = []
        self.artifacts: list[Artifact] = []
        self.device = "cpu"

    def begin(self) -> None:
        """A new check starts."""
        self.metrics = []

    def note_metric(self, name: str, value: float, op: Op, threshold: float) -> None:
        """Record only."""
        number = float(value)
        self.metrics.append(
            Metric(name=name, value=number if math.isfinite(number) else None, op=op, threshold=float(threshold))
        )

    def at_least(self, name: str, value: float, threshold: float, diagnosis: str | None = None) -> None:
        """`value >= threshold`."""
        self._bound(name, value, ">=", threshold, diagnosis)

    def at_most(self, name: str, value: float, threshold: float, diagnosis: str | None = None) -> None:
        """`value <= threshold`."""
        self._bound(name, value, "<=", threshold, diagnosis)

    def above(self, name: str, value: float, threshold: float, diagnosis: str | None = None) -> None:
        """`value > threshold`."""
        self._bound(name, value, ">", threshold, diagnosis)

    def below(self, name: str, value: float, threshold: float, diagnosis: str | None = None) -> None:
        """`value < threshold`."""
        self._bound(name, value, "<", threshold, diagnosis)

    def _bound(self, name: str, value: float, op: Op, threshold: float, diagnosis: str | None) -> None:
        number = float(value)
        self.note_metric(name, number, op, threshold)
        holds = {">=": number >= threshold, "<=": number <= threshold, ">": number > threshold, "<": number < threshold}[op]
        if not holds:  # NaN holds nowhere
            raise CheckFailed(Verdict.WA, diagnosis, f"{name} 为 {number:.4g}，要求 {op} {threshold:.4g}")

    def shape(self, array: Any, shape: Sequence[int | None], name: str = "返回值") -> None:
        """Exact shape; None matches any length."""
        got = self._array(array, name).shape
        if len(got) != len(shape) or any(want is not None and want != have for want, have in zip(shape, got, strict=True)):
            wanted = "(" + ", ".join("任意" if n is None else str(n) for n in shape) + ("," if len(shape) == 1 else "") + ")"
            raise CheckFailed(Verdict.BR, f"{name}的形状应为 {wanted}，实际为 {tuple(got)}")

    def dtype(self, array: Any, dtype: str, name: str = "返回值") -> None:
        """Exact dtype."""
        got = self._array(array, name).dtype
        if got != np.dtype(dtype):
            raise CheckFailed(Verdict.BR, f"{name}的 dtype 应为 {dtype}，实际为 {got}")

    def finite(self, array: Any, name: str = "返回值") -> None:
        """No NaN, no infinity."""
        values = self._array(array, name)
        if values.dtype.kind in "fc" and not np.isfinite(values).all():
            bad = int(values.size - np.isfinite(values).sum())
            kind = "NaN" if np.isnan(values).any() else "无穷大"
            raise CheckFailed(Verdict.BR, f"{name}里有 {kind}（{values.size} 个数中 {bad} 个非有限）")

    def returned(self, condition: bool, message: str) -> None:
        """The agreed kind of return value."""
        if not condition:
            raise CheckFailed(Verdict.BR, message)

    def true(self, condition: bool, diagnosis: str, message: str | None = None, verdict: Verdict = Verdict.WA) -> None:
        """Anything else."""
        if not condition:
            raise CheckFailed(verdict, diagnosis, message)

    def largest_tensor(self, elements: int, limit: int, rule: str) -> None:
        """No tensor of more than `limit` elements came to be (RV otherwise): the run-time half of "must work in blocks"."""
        self.note_metric("最大张量的元素数", elements, "<=", limit)
        if elements > limit:
            raise CheckFailed(Verdict.RV, rule, f"造出了 {elements} 个元素的张量，规则允许 {limit}")

    def operators_absent(self, operators: Sequence[str], forbidden: Sequence[str], rule: str) -> None:
        """None of these operators ran, by whatever name they were called (RV otherwise)."""
        found = sorted({operator for operator in operators if any(word in operator for word in forbidden)})
        self.note_metric("用到的禁用算子数", len(found), "<=", 0)
        if found:
            raise CheckFailed(Verdict.RV, rule, f"运行时用了 {'、'.join(found)[:200]}")

    def close(
        self,
        actual: Any,
        expected: Any,
        rtol: float = 1e-4,
        atol: float = 1e-5,
        name: str = "结果",
        mistakes: Mapping[str, Any] | None = None,
        diagnosis: str | None = None,
    ) -> None:
        """`|actual - expected| <= atol + rtol * |expected|` everywhere, in float64; the metric is the worst ratio (≤ 1).

        The tolerance is meant for a CPU; on a GPU it is wider by `_SLACK`.
        When it fails, the first of `mistakes` whose output `actual` equals (with the same tolerance) is the diagnosis.
        """
        rtol, atol = rtol * _SLACK[self.device], atol * _SLACK[self.device]
        want = np.asarray(expected, dtype=np.float64)
        got = self._array(actual, name)
        self.shape(got, want.shape, name)
        named = _matching(got, mistakes or {}, rtol, atol)
        if named is None:
            self.finite(got, name)
        worst = _worst_ratio(got, want, rtol, atol)
        self.note_metric(f"{name}的误差/容差", worst, "<=", 1.0)
        if worst <= 1.0:
            return
        raise CheckFailed(Verdict.WA, named or diagnosis, _difference(got.astype(np.float64), want, rtol, atol, name))

    def artifact(self, name: str, kind: Literal["image", "text", "curve"], media_type: str, data: str) -> None:
        """Keep a picture (base64), a text or a curve (JSON) for the report."""
        self.artifacts.append(Artifact(name=name, kind=kind, media_type=media_type, data=data))

    def _array(self, value: Any, name: str) -> Array:
        if type(value) in (int, float):
            return np.asarray(value)
        if type(value) is not np.ndarray or value.dtype.kind not in "biufc":
            raise CheckFailed(Verdict.BR, f"{name}应是数值张量，实际是 {_kind(value)}")
        return value


def _kind(value: Any) -> str:
    return {type(None): "None", list: "列表", tuple: "元组", dict: "字典", str: "字符串"}.get(type(value), type(value).__name__)


def _worst_ratio(got: Array, want: Array, rtol: float, atol: float) -> float:
    if not want.size:
        return 0.0
    with np.errstate(all="ignore"):
        # Equal infinities would give NaN; a NaN anywhere else must count as wrong, never as close.
        gap = np.where(got == want, 0.0, np.abs(got.astype(np.float64) - want))
        ratio = np.max(gap / (atol + rtol * np.abs(np.where(np.isfinite(want), want, 0.0))))
    return float(ratio) if np.isfinite(ratio) else math.inf


def _matching(got: Array, mistakes: Mapping[str, Any], rtol: float, atol: float) -> str | None:
    for sentence, wrong in mistakes.items():
        other = np.asarray(wrong, dtype=np.float64)
        if other.shape == got.shape and np.allclose(got.astype(np.float64), other, rtol=rtol, atol=atol, equal_nan=True):
            return sentence
    return None


def _difference(got: Array, want: Array, rtol: float, atol: float, name: str) -> str:
    wrong = ~(np.abs(got - want) <= atol + rtol * np.abs(want))
    first = tuple(int(i) for i in np.argwhere(wrong)[0])
    at = f"位置 {list(first)}" if first else "数值"
    return f"{name}有 {int(wrong.sum())}/{want.size} 个数不对；{at}：得到 {got[first]:.6g}，应为 {want[first]:.6g}"
