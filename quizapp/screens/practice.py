"""换个练法: the other kinds of session, and those that are not finished."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Iterable, Mapping
from typing import Final

from textual.widget import Widget
from textual.widgets import Static

from quizapp.commands.command import bindings
from quizapp.commands.table import PRACTICE
from quizapp.problems import UsageProblem
from quizapp.screens.opening import show_session
from quizapp.screens.page import Page
from quizapp.settings import load_settings
from quizapp.study.deck import deck_of
from quizapp.study.running import Running, Unfinished, unfinished
from quizapp.study.sessions import EMPTY, Mode, choose
from quizapp.text.plain import line
from quizapp.widgets.menu import Entry, Menu

_MODES: Final[Mapping[Mode, str]] = {
    Mode.READ: "看题，心里答一遍，再看答案",
    Mode.DRILL: "打乱所有主题，做一题看一题",
    Mode.UNSEEN: "没做过的，随机",
    Mode.FREQUENT: "面试里最常问的，忘得多的在前",
    Mode.FAVOURITE: "收藏的题",
    Mode.DAILY: "每天一道，轮完一遍才重复",
    Mode.SPRINT: "常问又记不牢的在前，面试前用",
}
_RESUMABLE: Final = 3
"""Unfinished sessions that are offered."""


class PracticeScreen(Page):
    """A menu: unfinished sessions first."""

    CSS_PATH = "practice.tcss"
    BINDINGS = bindings(PRACTICE)
    AUTO_FOCUS = "Menu"

    _ids: Mapping[Mode, tuple[str, ...]] = {}
    _open: tuple[Unfinished, ...] = ()

    def body(self) -> Iterable[Widget]:
        """One sentence and the menu."""
        yield Static(line("换个练法：做到哪里都能离开，下次接着来。"), id="headline")
        yield Menu()

    async def on_screen_resume(self) -> None:
        """Count again: something may have been answered."""
        self.set_context("换个练法")
        self._ids = await asyncio.to_thread(self._chosen)
        found = await asyncio.to_thread(unfinished, self.services.progress)
        self._open = tuple(one for one in found if one.state.mode in _MODES)[:_RESUMABLE]
        self.query_one(Menu).show([*self._resumable(), *self._modes()])

    def _chosen(self) -> Mapping[Mode, tuple[str, ...]]:
        """The theory questions of each kind; programs are opened one by one."""
        services = self.services
        deck = deck_of(services.bank, services.progress, load_settings())
        rng = random.Random(secrets.randbits(64))  # noqa: S311  variety, not secrecy
        return {mode: tuple(name for name in choose(mode, deck, rng) if not deck.card[name].coding) for mode in _MODES}

    def _resumable(self) -> Iterable[Entry]:
        for place, one in enumerate(self._open):
            at, total = one.state.position
            yield Entry(f"resume:{place}", f"接着{one.state.mode.label}", f"第 {at} / {total} 题")

    def _modes(self) -> Iterable[Entry]:
        for mode, words in _MODES.items():
            ids = self._ids[mode]
            yield Entry(mode.value, mode.label, f"{len(ids)} 题  {words}" if ids else EMPTY.get(mode, "没有题"), bool(ids))

    async def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """Start it, or go on with it."""
        services = self.services
        if services.read_only:
            self.say(f"{services.read_only}，现在不能开始一组练习；可以从题库逐题打开。", error=True)
            return
        name = message.entry.id
        try:
            running = await asyncio.to_thread(self._resumed if name.startswith("resume:") else self._started, name)
        except UsageProblem as problem:
            self.say(str(problem), error=True)
            return
        await show_session(self.app, services, running)

    def _started(self, mode: str) -> Running:
        return Running.start(self.services.progress, self.services.clock, Mode(mode), self._ids[Mode(mode)])

    def _resumed(self, name: str) -> Running:
        state = self._open[int(name.removeprefix("resume:"))].state
        return Running.resume(self.services.progress, self.services.clock, state.id)

    def action_leave(self) -> None:
        """Back."""
        self.app.pop_screen()  # not awaited: the screen would wait for its own end
