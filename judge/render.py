"""A report as plain Chinese text for a terminal. The app draws its own; this is what `judge run` and `quizapp submit` print."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final

from judge.columns import wrapped
from judge.verdict import Artifact, CheckResult, Metric, Report, Verdict

_FRAMEWORKS: Final = {"torch": "PyTorch", "tensorflow": "TensorFlow"}
_SIGNS: Final = {"<=": "≤", ">=": "≥", "<": "<", ">": ">", "==": "="}
_LIMITS: Final = {"cpu": "CPU 时间", "wall": "总时间", "import": "导入"}


def render_report(report: Report, width: int = 80, groups: Mapping[str, str] | None = None) -> str:
    """The whole report. `groups` gives check groups their titles."""
    parts = [_head(report, width), _message(report, width), _checks(report, width, groups or {})]
    parts += [_artifacts(report.artifacts, width), _output(report.output), _foot(report, width)]
    return "\n\n".join(part for part in parts if part)


def headline(report: Report) -> str:
    """Verdict and score on one line."""
    detail = f"（{_LIMITS[report.detail]}）" if report.detail in _LIMITS else ""
    return f"{report.verdict} {report.verdict.label}{detail}  {report.score:.0f} 分"


def _head(report: Report, width: int) -> str:
    framework = _FRAMEWORKS.get(report.framework or "", "")
    tier = report.sandbox
    if tier is None:
        where = [report.problem, framework, "没有运行"]
    else:
        where = [report.problem, framework, report.device, f"隔离 {tier}" if report.isolated else f"未隔离（{tier}）"]
        where.append(f"{report.timings.total_s:.1f} 秒")
    return headline(report) + "\n" + wrapped(" · ".join(word for word in where if word), width)


def _message(report: Report, width: int) -> str:
    lines = [wrapped(report.message, width)] if report.message else []
    if report.location:
        lines.append(f"  第 {report.location.line} 行 | {report.location.text.rstrip()}")
    return "\n".join(lines)


def _checks(report: Report, width: int, groups: Mapping[str, str]) -> str:
    order = dict.fromkeys(check.group for check in report.checks)
    blocks = (_group(groups.get(group, group), [c for c in report.checks if c.group == group], width) for group in order)
    return "\n".join(line for block in blocks for line in block)


def _group(title: str, members: list[CheckResult], width: int) -> Iterator[str]:
    """A passed group is one line and the numbers worth knowing; of a failed one every different failure is told."""
    passed = sum(check.status is Verdict.AC for check in members)
    if all(check.status is Verdict.SK for check in members):
        yield wrapped(f"{title}：{len(members)} 项没有跑到", width, "- ", "  ")
        return
    yield wrapped(f"{title}  {passed}/{len(members)}", width, "✓ " if passed == len(members) else "✗ ", "  ")
    for check in members:
        if check.status is Verdict.AC:
            yield from (wrapped(_metric(metric), width, "    ") for metric in check.metrics if _telling(metric))
    for check, times in _different(members):
        yield from _failure(check, times, width)


def _telling(metric: Metric) -> bool:
    """Whether a passed check's number says something: an accuracy or a loss does, an error in units of its tolerance does not."""
    return metric.threshold not in (0, 1)


def _different(members: list[CheckResult]) -> list[tuple[CheckResult, int]]:
    """Failed checks, those alike (one check run with several inputs) taken together."""
    alike: dict[tuple[str, Verdict, str | None], list[CheckResult]] = {}
    for check in members:
        if check.status not in (Verdict.AC, Verdict.SK):
            alike.setdefault((check.title, check.status, check.diagnosis), []).append(check)
    return [(checks[0], len(checks)) for checks in alike.values()]


def _failure(check: CheckResult, times: int, width: int) -> Iterator[str]:
    count = f"（{times} 次）" if times > 1 else ""
    yield wrapped(f"{check.status.label}{count}  {check.title}", width, "    ✗ ", "      ")
    if check.diagnosis:
        yield wrapped(f"诊断：{check.diagnosis}", width, "      ")
    if check.message and check.message != check.diagnosis:
        yield wrapped(check.message, width, "      ")
    for metric in check.metrics:
        yield wrapped(_metric(metric), width, "      ")


def _metric(metric: Metric) -> str:
    value = "不是有限数" if metric.value is None else _number(metric.value)
    return f"{metric.name} {value}，要求 {_SIGNS[metric.op]} {_number(metric.threshold)}"


def _number(value: float) -> str:
    return f"{value:.4g}" if abs(value) < 1e5 else f"{value:.3e}"


def _artifacts(artifacts: tuple[Artifact, ...], width: int) -> str:
    return "\n".join(_artifact(artifact, width) for artifact in artifacts)


def _artifact(artifact: Artifact, width: int) -> str:
    if artifact.kind == "curve":
        return wrapped(f"曲线 {artifact.name}：{_ends(artifact.data)}", width, "", "  ")
    if artifact.kind == "text":
        return "\n".join([artifact.name, *(_kept(line, width) for line in artifact.data.rstrip().split("\n"))])
    return wrapped(f"图片 {artifact.name}（在 quizapp 里看，或用 --artifacts 存成文件）", width, "", "  ")


def _kept(text: str, width: int) -> str:
    """A line of a text artifact: its own indentation stays, its continuation stands deeper."""
    words = text.lstrip(" ")
    indent = " " * (2 + len(text) - len(words))
    return wrapped(words, width, indent, indent + "    ") if words else ""


def _ends(data: str) -> str:
    """`loss 2.31 → 0.12`: where each series began and where it got to."""
    try:
        series = json.loads(data)
        return "，".join(f"{name} {_number(values[0])} → {_number(values[-1])}" for name, values in series.items() if values)
    except (ValueError, TypeError, AttributeError, KeyError):
        return "（读不出）"


def _output(output: str) -> str:
    text = output.strip("\n")
    return "程序输出（结尾部分）\n" + "\n".join(f"  | {line}" for line in text.split("\n")) if text.strip() else ""


def _foot(report: Report, width: int) -> str:
    if report.sandbox is None:
        return ""
    words = [f"{name} {version}" for name, version in report.versions.items()]
    return wrapped("  ".join([*words, f"随机种子 {report.seed}"]), width)
