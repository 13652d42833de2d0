"""统计: what was done, how steadily, what is remembered, and where the gaps are."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textual import work
from textual.containers import VerticalGroup
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from quizapp.screens.page import Page
from quizapp.screens.rows import KINDS
from quizapp.study import insight_words as words
from quizapp.text.plain import line, safe
from quizapp.text.width import cell_len, pad
from quizapp.widgets.bars import Bar, Bars
from quizapp.widgets.columns import Columns
from quizapp.widgets.heatmap import Heatmap
from quizapp.widgets.pane import Pane

if TYPE_CHECKING:
    import datetime as dt

    from quizapp.progress.records import Day, Stats
    from quizapp.study.insight import Insight, Sureness
    from quizapp.study.mastery import TopicMastery

_MARKS = {0: "今天", 7: "7 天后", 14: "14 天后", 21: "21 天后"}


class StatsScreen(Page):
    """One column that scrolls; from 100 columns on the sections below the year stand in two."""

    SECTION = "stats"
    CSS_PATH = "stats.tcss"
    AUTO_FOCUS = "Pane"

    _seen: object = None
    """What the numbers that are shown were counted from."""

    def body(self) -> Iterable[Widget]:
        """Totals and year, then what is remembered and known, then how it was done."""
        with Pane(id="numbers"):
            yield Static(id="totals")
            yield _title("这一年")
            yield Heatmap({}, self.services.progress.today())
            with VerticalGroup(id="sections"):
                yield from self._memory()
                yield from self._work()

    def _memory(self) -> Iterable[Widget]:
        with VerticalGroup(classes="side"):
            yield _title("记住率（隔天以后第一次再答，没有忘的比例）")
            yield Static(id="retention")
            yield _title("往后 30 天到期")
            yield Static(id="forecast-line")
            yield Columns(id="forecast")
            yield _title("各主题掌握（最近得分 × 今天还记得的概率）")
            yield Bars(id="topics", label=24, note=16)

    def _work(self) -> Iterable[Widget]:
        with VerticalGroup(classes="side"):
            yield _title("把握与结果")
            yield Static(id="calibration-line")
            yield Bars(id="calibration", label=10, note=20)
            yield _title("每题用时")
            yield Static(id="pace")
            yield _title("编程题")
            yield Static(id="coding")
            yield _title("改判")
            yield Static(id="overrules")
            yield _title("最近两周（每天作答次数）")
            yield Bars(id="fortnight", label=8, note=18)

    def on_screen_resume(self) -> None:
        """Count again; after the frame, which the counting would only hold up."""
        self.call_after_refresh(self._count)

    @work(exclusive=True)
    async def _count(self) -> None:
        from quizapp.study.insight import insight

        progress = self.services.progress
        seen = await asyncio.to_thread(progress.count), progress.today()
        if seen == self._seen:
            return  # nothing was done meanwhile, and it is still the same day
        stats = await asyncio.to_thread(progress.stats)
        self._show("#totals", totals(stats))
        self.query_one(Heatmap).show({day.day: day.answers + day.submissions for day in stats.days}, progress.today())
        self.query_one("#fortnight", Bars).show(fortnight(stats.days, progress.today()))
        self.set_context(f"连续 {stats.streak} 天" if stats.streak else "")
        self._tell(await asyncio.to_thread(insight, progress, self.services.bank))
        self._seen = seen

    def _tell(self, told: Insight) -> None:
        desired = self.services.progress.policy().desired_retention
        titles = {outline.id: outline.title for outline in self.services.bank.outlines}
        self._show("#retention", words.retention_lines(told.retention, desired))
        self._show("#forecast-line", [words.forecast_line(told.forecast)])
        self.query_one("#forecast", Columns).show(told.forecast, _MARKS)
        self.query_one("#forecast").display = any(told.forecast)
        self.query_one("#topics", Bars).show([mastery_bar(topic) for topic in told.topics])
        self._show("#calibration-line", [words.calibration_line(told.calibration)])
        self.query_one("#calibration", Bars).show(calibration_bars(told.calibration))
        self.query_one("#calibration").display = bool(told.calibration)
        self._show("#pace", aligned(words.pace_rows(told.pace, KINDS)) or ["还没有。"])
        self._show("#coding", programs(words.program_rows(told.coding, titles)) or ["还没有提交过。"])
        self._show("#overrules", [words.overrule_line(told.overrules)])

    def _show(self, place: str, lines: Sequence[str]) -> None:
        told = Content("\n").join(Content(safe(text)) for text in lines)  # spaces are kept: they align
        self.query_one(place, Static).update(told)


def _title(text: str) -> Static:
    return Static(line(text), classes="stats--title")


def totals(stats: Stats) -> list[str]:
    """Three lines of numbers."""
    today = stats.today
    return [
        f"今天  作答 {today.answers} 次，提交 {today.submissions} 次，{words.duration(today.seconds)}",
        f"一共  作答 {stats.answers} 次，提交 {stats.submissions} 次（通过 {stats.accepted} 次），{words.duration(stats.seconds)}",
        f"做过 {stats.questions} 题，错题本 {stats.wrong} 题，该复习 {stats.due} 题；最长连续 {stats.longest_streak} 天",
    ]


def mastery_bar(topic: TopicMastery) -> Bar:
    """One topic."""
    return Bar(topic.title, topic.mastery, f"{topic.mastery:4.0%} 做过 {topic.tried}/{topic.questions}")


def calibration_bars(levels: Sequence[Sureness]) -> list[Bar]:
    """One bar per confidence: the share that was right."""
    rows = words.calibration_rows(levels)
    return [Bar(label, one.right / one.answers, note) for one, (label, note) in zip(levels, rows, strict=True)]


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as lines, each column as wide as its widest cell."""
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(pad(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def programs(rows: Sequence[Sequence[str]]) -> list[str]:
    """Two lines per problem: a title may be long, and the numbers align below one another."""
    numbers = aligned([row[1:] for row in rows])
    return [text for row, figures in zip(rows, numbers, strict=True) for text in (row[0], f"  {figures}")]


def fortnight(days: Sequence[Day], today: dt.date) -> list[Bar]:
    """The last fourteen days, today last."""
    from datetime import timedelta

    by_date = {day.day: day for day in days}
    dates = [today - timedelta(days=back) for back in range(13, -1, -1)]
    most = max((by_date[date].answers for date in dates if date in by_date), default=0) or 1
    bars = []
    for date in dates:
        day = by_date.get(date)
        answers = day.answers if day else 0
        note = f"{answers} 次  记得 {day.recalled}" if day and answers else ""
        bars.append(Bar(f"{date:%m-%d}", answers / most, note))
    return bars
