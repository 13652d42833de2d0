"""The palette: type a few characters to do anything the screen can do, or to open any question."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider

from quizapp.commands.active import Active, active
from quizapp.commands.command import key_name, types_nothing
from quizapp.text.plain import line

if TYPE_CHECKING:
    from textual.app import App

    from quizapp.app import QuizApp

_MOST = 30
"""Questions that one search may bring; whoever wants more has the bank."""


def open_palette(app: QuizApp) -> None:
    """Show the palette, once."""
    if not CommandPalette.is_open(cast("App[object]", app)):
        app.push_screen(CommandPalette(providers=[Commands, Questions], placeholder="输入命令或题目，例如：明暗、LoRA"))


class Commands(Provider):
    """What can be done from the screen the palette was opened on."""

    async def discover(self) -> Hits:
        """Everything, before anything is typed."""
        for entry in active(self.screen):
            if entry.enabled and (entry.command.shown or types_nothing(entry.keys[0])):
                title = _title(entry)
                yield DiscoveryHit(line(title), partial(self._run, entry), text=title, help=entry.command.help)

    async def search(self, query: str) -> Hits:
        """What fits the query."""
        matcher = self.matcher(query)
        for entry in active(self.screen):
            score = max(matcher.match(entry.command.label), matcher.match(entry.command.help))
            if entry.enabled and score > 0:
                title = _title(entry)
                yield Hit(score, line(title), partial(self._run, entry), text=title, help=entry.command.help)

    async def _run(self, entry: Active) -> None:
        await self.app.run_action(entry.command.action, entry.node)


class Questions(Provider):
    """Any question of the bank, found as 题库 finds it: 汉字, 拼音, initials, English."""

    async def search(self, query: str) -> Hits:
        """What fits the query, best first, and after the commands, whose scores are above one."""
        bank = self.app.services.bank  # type: ignore[attr-defined]
        for place, outline in enumerate(bank.search(query)[:_MOST]):
            run = partial(self.app.run_action, f"open('{outline.id}')")
            yield Hit(1 / (place + 2), line(outline.title), run, text=outline.title, help="打开这道题")


def _title(entry: Active) -> str:
    return f"{entry.command.label}  {key_name(entry.keys[0])}"
