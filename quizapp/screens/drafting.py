"""Keeping what is half typed: half a second after the last key, and whenever a screen asks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from quizapp.problems import UsageProblem

if TYPE_CHECKING:
    from textual.timer import Timer

    from quizapp.screens.page import Page

_SAVE_AFTER: Final = 0.5
"""Seconds of quiet after which the draft is saved."""


class Draft:
    """One text that is being typed on `page`, kept in the progress file under `key`."""

    def __init__(self, page: Page, key: str, text: Callable[[], str]) -> None:
        self._page, self._key, self._text = page, key, text
        self._timer: Timer | None = None

    def touched(self) -> None:
        """A key was typed: save when the typing pauses."""
        self.rest()
        self._timer = self._page.set_timer(_SAVE_AFTER, self.save)

    def rest(self) -> None:
        """Nothing more to save by itself."""
        if self._timer is not None:
            self._timer.stop()

    async def kept(self) -> str:
        """What was typed last time."""
        return await asyncio.to_thread(self._page.services.progress.draft, self._key)

    async def save(self) -> None:
        """Keep what is there. A full disk must not stop the writing."""
        await self._put(self._text())

    async def drop(self) -> None:
        """The text has found its place elsewhere."""
        self.rest()
        await self._put("")

    async def _put(self, text: str) -> None:
        if self._page.services.read_only:
            return
        try:
            await asyncio.to_thread(self._page.services.progress.save_draft, self._key, text)
        except UsageProblem as problem:
            self._page.say(str(problem), error=True)
