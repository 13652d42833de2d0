"""The report of one submission: what to read first, then the checks, curves, pictures and output."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from quizapp.commands.in_use import key
from quizapp.text.plain import line, plain, verbatim
from quizapp.widgets.check_row import CheckRow
from quizapp.widgets.curve import Curve
from quizapp.widgets.live_panel import is_rate
from quizapp.widgets.pane import Pane
from quizapp.widgets.picture import Picture
from quizapp.widgets.verdicts import check_details, folded, headline, surroundings

if TYPE_CHECKING:
    from judge.verdict import Artifact, CheckResult, Report


class ReportView(Pane):
    """Scrolls; shows one report."""

    DEFAULT_CSS = """
    ReportView {
        padding: 0 1;
        & > Static { height: auto; }
        .report--message { margin: 1 0 0 0; }
        .report--location { margin: 1 0 0 0; padding: 0 1; background: $surface; }
        .report--title { margin: 1 0 0 0; color: $quiet; }
        .report--details { padding: 0 0 0 3; }
        .report--output { background: $surface; padding: 0 1; }
        Curve { height: 9; }
    }
    """

    def __init__(self, groups: Sequence[tuple[str, str]] = (), *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._groups = dict(groups)

    def compose(self) -> ComposeResult:
        """Nothing yet."""
        yield Static(plain(f"还没有提交过。按 {key('编程题', '提交')} 提交解答。", "$quiet"))

    async def show(self, report: Report) -> None:
        """Replace what is shown and go to its top."""
        await self.remove_children()
        await self.mount_all(self._widgets(report))
        self.scroll_home(animate=False)

    def _widgets(self, report: Report) -> Iterable[Widget]:
        yield Static(headline(report))
        yield Static(line(surroundings(report), "$quiet"))
        if report.message:
            yield Static(verbatim(report.message), classes="report--message")
        if report.location is not None:
            numbered = Content.assemble((f"第 {report.location.line} 行  ", "$quiet"), verbatim(report.location.text))
            yield Static(numbered, classes="report--location")
        yield from self._checks(report.checks)
        for artifact in report.artifacts:
            yield from _artifact(artifact)
        if report.output.strip():
            yield Static(line("程序输出（结尾部分）"), classes="report--title")
            yield Static(verbatim(report.output.rstrip()), classes="report--output")
        if report.versions:
            words = "  ".join(f"{name} {version}" for name, version in report.versions.items())
            yield Static(line(f"{words}  随机种子 {report.seed}", "$quiet"), classes="report--title")

    def _checks(self, checks: Sequence[CheckResult]) -> Iterable[Widget]:
        group = None
        for check, times in folded(checks):
            if check.group != group:
                group = check.group
                members = [other for other in checks if other.group == group]
                passed = sum(other.status == "AC" for other in members)
                yield Static(line(f"{self._groups.get(group, group)}  {passed}/{len(members)}"), classes="report--title")
            yield CheckRow(check, times)
            details = check_details(check)
            if details and check.status != "SK":
                yield Static(details, classes="report--details")


def _artifact(artifact: Artifact) -> Iterable[Widget]:
    if artifact.kind == "image":
        yield Static(line(artifact.name), classes="report--title")
        try:
            yield Picture(base64.b64decode(artifact.data, validate=True))
        except binascii.Error:
            yield Static(line("图片数据损坏，无法显示"))
    elif artifact.kind == "curve":
        yield from _curves(artifact)
    else:
        yield Static(line(artifact.name), classes="report--title")
        yield Static(verbatim(artifact.data), classes="report--output")


def _curves(artifact: Artifact) -> Iterable[Widget]:
    """A curve artifact is a JSON object: series name to list of values, one per step."""
    try:
        series = {str(name): list(enumerate(map(float, values), 1)) for name, values in json.loads(artifact.data).items()}
    except (ValueError, TypeError, AttributeError):
        return
    for title, chosen in (("损失", False), ("得分", True)):
        members = {name: points for name, points in series.items() if is_rate(name) == chosen}
        if any(members.values()):
            curve = Curve(title)
            curve.show(members)
            yield Static(line(artifact.name), classes="report--title")
            yield curve
