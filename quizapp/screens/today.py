"""今天: what is due and one key to start it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from quizapp.commands.command import bindings
from quizapp.commands.table import TODAY
from quizapp.screens.page import Page
from quizapp.text.plain import line
from quizapp.widgets.menu import Entry, Menu

if TYPE_CHECKING:
    import datetime as dt

    from quizapp.progress.records import Stats
    from quizapp.screens.agenda import Agenda

_WEEKDAYS = "一二三四五六日"


class TodayScreen(Page):
    """A sentence, a menu, the last days."""

    SECTION = "today"
    CSS_PATH = "today.tcss"
    BINDINGS = bindings(TODAY)
    AUTO_FOCUS = "Menu"

    _agenda: Agenda | None = None

    def body(self) -> Iterable[Widget]:
        """Headline, menu, and what was done lately."""
        yield Static(id="headline")
        yield Static(id="subline")
        yield Menu()
        yield Static(id="lately")

    def on_mount(self) -> None:
        """Stand before anything is counted."""
        self.query_one(Menu).show([Entry("begin", "开始今天的练习", "正在打开题库")])

    async def on_screen_resume(self) -> None:
        """Count again: something may have been answered."""
        if self.services.is_open:
            self._start_counting()
        else:  # what is imported and read now would only hold up the first frame
            self.call_after_refresh(self._start_counting)

    def _start_counting(self) -> None:
        self.run_worker(self._count(), exclusive=True)

    async def _count(self) -> None:
        from quizapp.screens.agenda import agenda  # here, because the first frame has nothing counted

        services = self.services
        first = not services.is_open
        if not await self.quiz.opened():
            return
        if first and services.read_only:
            self.say(f"{services.read_only}。现在是只读：可以看，也可以练，但不会记录。", error=True)
        states = await asyncio.to_thread(services.progress.states)
        now = services.clock()
        stats = await asyncio.to_thread(services.progress.stats)
        self._agenda = replace(agenda(services.bank.outlines, states, now), wrong=stats.wrong)
        self._show(self._agenda)
        interview = services.progress.policy().interview_date
        self.query_one("#lately", Static).update(line(lately(stats, interview, services.progress.today())))
        self.set_context(f"{now.month} 月 {now.day} 日  星期{_WEEKDAYS[now.weekday()]}")

    def _show(self, today: Agenda) -> None:
        self.query_one("#headline", Static).update(Content.styled(today.headline, "bold"))
        self.query_one("#subline", Static).update(line(today.subline, "$quiet"))
        entries = [
            Entry("begin", "开始今天的练习", today.begin_note, bool(today.queue)),
            Entry("learn", "学新题", f"{len(today.fresh)} 道没做过", bool(today.fresh)),
            Entry("code", "编程题", today.code_note, today.coding is not None),
            Entry("mock", "模拟面试", "限时作答，结束看报告", True),
            Entry("wrong", "错题本", f"{today.wrong} 题", True),
            Entry("bank", "逛题库", f"共 {today.total} 题", True),
            Entry("settings", "设置", "面试日期、每天的量、主题", True),
        ]
        self.query_one(Menu).show(entries)

    async def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """Do what the line says."""
        await self.run_action("app.section('bank')" if message.entry.id == "bank" else message.entry.id)

    async def action_wrong(self) -> None:
        """What was missed."""
        if not await self.quiz.opened():
            return
        from quizapp.screens.wrong import WrongScreen

        await self.app.push_screen(WrongScreen(self.services))

    async def action_mock(self) -> None:
        """An interview against the clock."""
        if not await self.quiz.opened():
            return
        from quizapp.screens.mock_setup import MockSetupScreen

        await self.app.push_screen(MockSetupScreen(self.services))

    async def action_settings(self) -> None:
        """What can be set."""
        if not await self.quiz.opened():
            return
        from quizapp.screens.settings import SettingsScreen

        await self.app.push_screen(SettingsScreen(self.services))

    async def action_begin(self) -> None:
        """What is due first, then something new."""
        await self._open(self._agenda.queue if self._agenda else ())

    async def action_learn(self) -> None:
        """Only what was never tried."""
        await self._open(self._agenda.fresh if self._agenda else ())

    async def action_code(self) -> None:
        """The next program."""
        await self._open((self._agenda.coding.id,) if self._agenda and self._agenda.coding else ())

    async def _open(self, ids: tuple[str, ...]) -> None:
        if ids:
            await self.app.run_action(f"open{ids!r}" if len(ids) > 1 else f"open({ids[0]!r})")
        elif self._agenda:
            self.say("这里暂时没有题了。按 F3 去题库逛逛。")


def lately(stats: Stats, interview: dt.date | None, today: dt.date) -> str:
    """Interview countdown, streak, and what was done today; what there is nothing to say about is left out."""
    days = (interview - today).days if interview else -1
    parts = [
        "今天面试，祝顺利" if days == 0 else f"距面试还有 {days} 天" if days > 0 else "",
        f"已连续 {stats.streak} 天" if stats.streak else "",
        f"今天答了 {stats.today.answers} 题" if stats.today.answers else "",
    ]
    return "  ".join(part for part in parts if part)
