"""统计: what was done, how steadily, and where the gaps are."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from quizapp.screens.page import Page
from quizapp.screens.rows import state_of
from quizapp.text.plain import line
from quizapp.widgets.bars import Bar, Bars
from quizapp.widgets.heatmap import Heatmap
from quizapp.widgets.pane import Pane
from quizapp.widgets.question_list import KNOWN, SOLVED

if TYPE_CHECKING:
    import datetime as dt

    from question_bank.bank import Bank
    from quizapp.progress.records import Day, QuestionState, Stats


class StatsScreen(Page):
    """Totals, the year, the topics."""

    SECTION = "stats"
    CSS_PATH = "stats.tcss"
    AUTO_FOCUS = "Pane"

    def body(self) -> Iterable[Widget]:
        """One column that scrolls."""
        with Pane(id="numbers"):
            yield Static(id="totals")
            yield Static(line("这一年"), classes="stats--title")
            yield Heatmap({}, self.services.progress.today())
            yield Static(line("各主题掌握"), classes="stats--title")
            yield Bars(id="topics")
            yield Static(line("最近两周（每天作答次数）"), classes="stats--title")
            yield Bars(id="fortnight", label=8, note=20)

    async def on_screen_resume(self) -> None:
        """Count again."""
        progress = self.services.progress
        stats, states = await asyncio.gather(asyncio.to_thread(progress.stats), asyncio.to_thread(progress.states))
        self.query_one("#totals", Static).update(totals(stats))
        self.query_one(Heatmap).show({day.day: day.answers + day.submissions for day in stats.days}, progress.today())
        self.query_one("#topics", Bars).show(mastery(self.services.bank, states, self.services.clock()))
        self.query_one("#fortnight", Bars).show(fortnight(stats.days, progress.today()))
        self.set_context(f"连续 {stats.streak} 天" if stats.streak else "")


def totals(stats: Stats) -> Content:
    """Three lines of numbers."""
    today = stats.today
    lines = [
        f"今天  作答 {today.answers} 次，提交 {today.submissions} 次，{minutes(today.seconds)}",
        f"一共  作答 {stats.answers} 次，提交 {stats.submissions} 次（通过 {stats.accepted} 次），{minutes(stats.seconds)}",
        f"做过 {stats.questions} 题，错题本 {stats.wrong} 题，该复习 {stats.due} 题；最长连续 {stats.longest_streak} 天",
    ]
    return Content("\n").join(line(text) for text in lines)


def minutes(seconds: float) -> str:
    """`12 分钟`, `3 小时 5 分`."""
    whole = round(seconds / 60)
    return f"{whole} 分钟" if whole < 60 else f"{whole // 60} 小时 {whole % 60} 分"


def mastery(bank: Bank, states: Mapping[str, QuestionState], now: dt.datetime) -> list[Bar]:
    """One bar per topic that has questions: the share that is known or solved."""
    counts: dict[str, list[int]] = {topic.id: [0, 0] for topic in bank.topics}
    for outline in bank.outlines:
        tally = counts.setdefault(outline.topic, [0, 0])
        tally[0] += state_of(states.get(outline.id), now) in (KNOWN, SOLVED)
        tally[1] += 1
    titles = {topic.id: topic.title for topic in bank.topics}
    return [Bar(titles.get(topic, topic), done / all_, f"{done}/{all_}") for topic, (done, all_) in counts.items() if all_]


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
