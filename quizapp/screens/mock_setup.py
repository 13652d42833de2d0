"""模拟面试, before it begins: how long, on what, with a program or not; and how the earlier ones went."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeVar

from textual.reactive import var
from textual.widget import Widget
from textual.widgets import Static

from quizapp.commands.command import bindings
from quizapp.commands.table import MOCK_SETUP
from quizapp.problems import UsageProblem
from quizapp.screens.mock import show_next
from quizapp.screens.page import Page
from quizapp.settings import load_settings
from quizapp.study import mock
from quizapp.study.deck import deck_of
from quizapp.study.mock_words import clock_words
from quizapp.study.queue import cards_of
from quizapp.study.running import Running, Unfinished, finished, unfinished
from quizapp.study.sessions import Mode
from quizapp.text.plain import line
from quizapp.widgets.menu import Entry, Menu

_MINUTES: Final = (10, 15, 30, 45, 60, 90)
Opening: TypeAlias = "Callable[[], Running]"
T = TypeVar("T")


@dataclass(frozen=True)
class Wish:
    """What the next mock shall be. `topic` is an id, None for all."""

    minutes: int = 30
    coding: bool = False
    topic: str | None = None

    @property
    def questions(self) -> int:
        """Theory questions that fit."""
        return mock.size(self.minutes, coding=self.coding)


def _after(choices: Sequence[T], now: T) -> T:
    return choices[(choices.index(now) + 1) % len(choices)]


class MockSetupScreen(Page):
    """A menu: Enter changes a line, F5 begins."""

    CSS_PATH = "mock.tcss"
    BINDINGS = bindings(MOCK_SETUP)
    AUTO_FOCUS = "Menu"

    wish: var[Wish] = var(Wish(), init=False)
    _open: Unfinished | None = None

    def body(self) -> Iterable[Widget]:
        """One sentence, the menu, the earlier ones."""
        yield Static(line("限时作答，中间不看答案；结束时给出报告，并与前几次比较。"), id="headline")
        yield Menu()
        yield Static(id="lately")

    async def on_screen_resume(self) -> None:
        """One may have been begun or finished meanwhile."""
        self.set_context("模拟面试")
        progress = self.services.progress
        found = await asyncio.to_thread(unfinished, progress)
        self._open = next((session for session in found if session.state.mode is Mode.MOCK), None)
        self._show()
        done = await asyncio.to_thread(finished, progress, Mode.MOCK, but="")
        cards = {card.id: card for card in await asyncio.to_thread(cards_of, self.services.bank)}
        scores = [mock.report(state, cards, 0.0) for state in sorted(done, key=lambda state: state.started)[-5:]]
        words = "  ".join(f"{made.started:%m-%d} {made.score:.0f} 分" for made in scores)
        self.query_one("#lately", Static).update(line(f"前几次：{words}" if words else ""))

    def watch_wish(self) -> None:
        """Say what it comes to."""
        self._show()

    def _show(self) -> None:
        wish, topic = self.wish, self.services.bank.topic.get(self.wish.topic or "")
        program = "，加一道编程题" if wish.coding else ""
        entries = [
            Entry("begin", "开始", f"{wish.questions} 道理论题{program}，共 {wish.minutes} 分钟"),
            Entry("minutes", "时长", f"{wish.minutes} 分钟"),
            Entry("coding", "编程题", f"最后一道，留 {mock.CODING_MINUTES} 分钟" if wish.coding else "不要"),
            Entry("topic", "主题", topic.title if topic else "全部"),
        ]
        self.query_one(Menu).show([*self._resumable(), *entries])

    def _resumable(self) -> list[Entry]:
        if self._open is None:
            return []
        state = self._open.state
        left = clock_words(state.minutes * 60 - self._open.elapsed) if state.minutes else ""
        return [Entry("resume", "接着上次", f"第 {state.position[0]} / {state.position[1]} 题  {left}")]

    async def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """Change the line, or go."""
        wish = self.wish
        match message.entry.id:
            case "minutes":
                self._wish(Wish(_after(_MINUTES, wish.minutes), wish.coding, wish.topic))
            case "coding":
                self._wish(Wish(wish.minutes, not wish.coding, wish.topic))
            case "topic":
                topics = (None, *(topic.id for topic in self.services.bank.topics))
                self._wish(Wish(wish.minutes, wish.coding, _after(topics, wish.topic)))
            case "resume":
                await self._resume()
            case _:
                await self.action_begin()

    def _wish(self, wish: Wish) -> None:
        least = mock.CODING_MINUTES + mock.THEORY_MINUTES
        self.wish = wish if not wish.coding or wish.minutes > least else Wish(45, wish.coding, wish.topic)

    async def action_begin(self) -> None:
        """Draw and start the clock."""
        await self._go(self._started)

    async def _resume(self) -> None:
        await self._go(self._resumed)

    async def _go(self, opening: Opening) -> None:
        if self.services.read_only:
            self.say(f"{self.services.read_only}，现在不能开始模拟面试。", error=True)
            return
        try:
            running = await asyncio.to_thread(opening)
        except UsageProblem as problem:
            self.say(str(problem), error=True)
            return
        await show_next(self, running)

    def _started(self) -> Running:
        services, wish = self.services, self.wish
        deck = deck_of(services.bank, services.progress, load_settings())
        seed = secrets.randbits(53)
        topics = (wish.topic,) if wish.topic else ()
        rng = random.Random(seed)  # noqa: S311  variety, not secrecy
        ids = mock.draw(deck, rng, questions=wish.questions, coding=wish.coding, topics=topics)
        return Running.start(
            services.progress, services.clock, Mode.MOCK, ids, minutes=wish.minutes, topic=wish.topic, seed=seed
        )

    def _resumed(self) -> Running:
        if self._open is None:
            raise UsageProblem("没有没做完的模拟面试。")
        return Running.resume(self.services.progress, self.services.clock, self._open.state.id)

    def action_leave(self) -> None:
        """Back."""
        self.app.pop_screen()  # not awaited: the screen would wait for its own end
