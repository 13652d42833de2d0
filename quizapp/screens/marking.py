"""What the learner says about a question wherever it is open: 收藏, 遇到过, 笔记."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from quizapp.problems import UsageProblem
from quizapp.screens.page import Page


class Marking(Page):
    """A page with one question on it. Subclasses say which in `marked`."""

    @property
    def marked(self) -> str:
        """The question's id."""
        raise NotImplementedError

    async def action_favourite(self) -> None:
        """Mark the question or unmark it."""
        progress, on_now = self.services.progress, not self.services.progress.state(self.marked).favourite
        await self._mark(lambda: progress.set_favourite(self.marked, on_now), "已收藏。" if on_now else "已取消收藏。")

    async def action_met(self) -> None:
        """Asked in a real interview."""
        await self._mark(lambda: self.services.progress.mark_met(self.marked), "记下了：面试里遇到过。")

    async def action_note(self) -> None:
        """Write down something of one's own about the question."""
        from quizapp.screens.note import NoteScreen

        await self.app.push_screen(NoteScreen(self.services, self.marked))

    async def _mark(self, write: Callable[[], object], done: str) -> None:
        if self.services.read_only:
            self.say(f"{self.services.read_only}，没有记下。", error=True)
            return
        try:
            await asyncio.to_thread(write)
        except UsageProblem as problem:
            self.say(str(problem), error=True)
        else:
            self.say(done)
