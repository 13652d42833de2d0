"""How verdicts, metrics and checks are written: always a glyph and a word, the colour only repeats them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from textual.content import Content

from quizapp.text.plain import plain, verbatim

if TYPE_CHECKING:
    from judge.verdict import CheckResult, Metric, Report

_QUIET: Final = {"SK": ("-", "$quiet"), "CX": ("-", "$quiet"), "IE": ("!", "$text-warning")}
_OPS: Final = {"<=": "≤", ">=": "≥", "<": "<", ">": ">", "==": "="}
TIERS: Final = {"bwrap": "bubblewrap 隔离", "landlock": "landlock 隔离", "process": "仅进程隔离"}
FRAMEWORKS: Final = {"torch": "PyTorch", "tensorflow": "TensorFlow"}


def glyph(verdict: str) -> tuple[str, str]:
    """The glyph of a verdict and its style."""
    if verdict == "AC":
        return "✓", "$text-success"
    return _QUIET.get(verdict, ("✗", "$text-error"))


def headline(report: Report) -> Content:
    """`✗ 答案错误 (WA)   40 分`."""
    mark, style = glyph(report.verdict)
    detail = f" {report.detail}" if report.detail else ""
    return Content.assemble(
        (f"{mark} {report.verdict.label}", f"{style} bold"),
        (f" ({report.verdict}{detail})", "$quiet"),
        (f"   {report.score:.0f} 分", "bold"),
    )


def surroundings(report: Report) -> str:
    """Framework, device, isolation and time in one line."""
    parts = [
        FRAMEWORKS.get(report.framework or "", ""),
        report.device,
        TIERS.get(report.sandbox or "", "没有隔离") if report.isolated else "没有隔离",
        f"{report.timings.total_s:.1f} 秒",
        f"峰值 {report.timings.peak_mib:.0f} MiB" if report.timings.peak_mib >= 1 else "",
    ]
    return "  ".join(part for part in parts if part)


def metric(measured: Metric) -> str:
    """`准确率 0.913，要求 ≥ 0.970`."""
    value = "非有限值" if measured.value is None else figure(measured.value)
    return f"{measured.name} {value}，要求 {_OPS[measured.op]} {figure(measured.threshold)}"


def figure(value: float) -> str:
    """A number as a person would write it."""
    if value == int(value) and abs(value) < 1e6:
        return str(int(value))
    return f"{value:.4g}" if 1e-3 <= abs(value) < 1e6 else f"{value:.2e}"


def check_mark(check: CheckResult) -> Content:
    """What stands before a check."""
    mark, style = glyph(check.status)
    return Content.styled(f" {mark} ", style)


def check_title(check: CheckResult, times: int = 1) -> Content:
    """One check: its title, the verdict when it did not pass, and how often it passed when that was more than once."""
    _, style = glyph(check.status)
    word = "" if check.status == "AC" else f"  {check.status.label}"
    return Content.assemble(plain(check.title), (word, style), (f"  {times} 次" if times > 1 else "", "$quiet"))


def says_the_same(check: CheckResult, after: CheckResult) -> bool:
    """Whether both only passed, and the second line would repeat the first: one check on several shapes or seeds."""
    alike = (check.group, check.title) == (after.group, after.title)
    return alike and all(one.status == "AC" and not check_details(one) for one in (check, after))


def folded(checks: Iterable[CheckResult]) -> list[tuple[CheckResult, int]]:
    """The checks, each with how often in a row it says the same."""
    lines: list[tuple[CheckResult, int]] = []
    for check in checks:
        if lines and says_the_same(lines[-1][0], check):
            lines[-1] = (lines[-1][0], lines[-1][1] + 1)
        else:
            lines.append((check, 1))
    return lines


def check_details(check: CheckResult) -> Content:
    """What was wrong and what was measured, below the line."""
    parts: list[Content] = []
    if check.diagnosis:
        parts.append(plain(check.diagnosis, "bold"))
    if check.message and check.message != check.diagnosis:
        parts.append(verbatim(check.message))
    parts += [Content.styled(metric(measured), "$quiet") for measured in check.metrics]
    return Content("\n").join(parts)
