"""今天: what is due and one key to start it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from quizapp.commands.command import bindings
from quizapp.commands.in_use import key
from quizapp.commands.table import TODAY
from quizapp.screens.page import Page
from quizapp.text.plain import line
from quizapp.widgets.menu import Entry, Menu

if TYPE_CHECKING:
    import datetime as dt

    from quizapp.progress.records import Stats
    from quizapp.screens.agenda import Agenda
    from quizapp.services import Services
    from quizapp.study.queue import Deck

_WEEKDAYS = "一二三四五六日"
_NEW_AT_ONCE = 5


class TodayScreen(Page):
    """A sentence, a menu, the last days."""

    SECTION = "today"
    CSS_PATH = "today.tcss"
    BINDINGS = bindings(TODAY)
    AUTO_FOCUS = "Menu"

    _agenda: Agenda | None = None
    _seen: object = None
    """What the numbers that are shown were counted from."""

    def body(self) -> Iterable[Widget]:
        """Headline, menu, and what was done lately."""
        yield Static(id="headline")
        yield Static(id="subline")
        yield Menu()
        yield Static(id="lately")

    def on_mount(self) -> None:
        """Stand before anything is counted."""
        self.query_one(Menu).show([Entry("begin", "开始今天的练习", "正在打开题库")])

    def on_screen_resume(self) -> None:
        """Count again, for something may have been answered; after the frame, which the counting would only hold up."""
        self.call_after_refresh(self._count)

    @work(exclusive=True)
    async def _count(self) -> None:
        from quizapp.screens.agenda import agenda  # here, because the first frame has nothing counted
        from quizapp.settings import load_settings
        from quizapp.study.deck import deck_of

        services = self.services
        first = not services.is_open
        if not await self.quiz.opened():
            return
        if first and services.read_only:
            self.say(f"{services.read_only}。现在是只读：可以看，也可以练，但不会记录。", error=True)
        now, settings = services.clock(), await asyncio.to_thread(load_settings)
        seen = await asyncio.to_thread(services.progress.count), services.progress.today(), now.date(), settings
        if seen == self._seen:
            return  # nothing was done meanwhile, and it is still the same day
        deck = await asyncio.to_thread(deck_of, services.bank, services.progress, settings)
        self._agenda = await asyncio.to_thread(agenda, services.bank, deck)
        self._show(self._agenda)
        stats = await asyncio.to_thread(services.progress.stats)
        expected = await asyncio.to_thread(_expected, deck)
        self.query_one("#lately", Static).update(line(lately(stats, deck.policy.interview_date, deck.day) + expected))
        if first and self.quiz.tour and await asyncio.to_thread(_is_newcomer, services):
            await self.app.run_action("tour")
        self._seen = seen
        self.set_context(f"{now.month} 月 {now.day} 日  星期{_WEEKDAYS[now.weekday()]}")

    def _show(self, today: Agenda) -> None:
        self.query_one("#headline", Static).update(Content.styled(today.headline, "bold"))
        self.query_one("#subline", Static).update(line(today.subline, "$quiet"))
        entries = [
            Entry("begin", "开始今天的练习", today.begin_note, bool(today.queue)),
            Entry("learn", "学新题", f"{len(today.unseen)} 道没做过", bool(today.unseen)),
            Entry("code", "编程题", today.program_note, today.program is not None),
            Entry("practice", "换个练法", "背题、刷题、高频、冲刺……", True),
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

    async def action_practice(self) -> None:
        """Other ways to practise, and what is not finished."""
        if not await self.quiz.opened():
            return
        from quizapp.screens.practice import PracticeScreen

        await self.app.push_screen(PracticeScreen(self.services))

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
        await self._open(self._agenda.unseen[:_NEW_AT_ONCE] if self._agenda else ())

    async def action_code(self) -> None:
        """The next program."""
        await self._open((self._agenda.program.id,) if self._agenda and self._agenda.program else ())

    async def _open(self, ids: tuple[str, ...]) -> None:
        if ids:
            await self.quiz.open_questions(ids)
        elif self._agenda:
            self.say(f"这里暂时没有题了。按 {key('到处', '题库')} 去题库逛逛。")


def _is_newcomer(services: Services) -> bool:
    from quizapp.screens.tour import is_newcomer

    return is_newcomer(services.progress)


def _expected(deck: Deck) -> str:
    """How the interview would go, when there is one to come."""
    import random

    from quizapp.study.plan import make_plan

    interview = deck.policy.interview_date
    if interview is None or interview <= deck.day:
        return ""
    made = make_plan(deck, random.Random(deck.policy.seed))  # noqa: S311  the same all day
    return f"  按计划学，面试当天预计能答出 {made.expected:.0f}/{made.questions} 题"


def lately(stats: Stats, interview: dt.date | None, today: dt.date) -> str:
    """Interview countdown, streak, and what was done today; what there is nothing to say about is left out."""
    days = (interview - today).days if interview else -1
    parts = [
        "今天面试，祝顺利" if days == 0 else f"距面试还有 {days} 天" if days > 0 else "",
        f"已连续 {stats.streak} 天" if stats.streak else "",
        f"今天答了 {stats.today.answers} 题" if stats.today.answers else "",
    ]
    return "  ".join(part for part in parts if part)
