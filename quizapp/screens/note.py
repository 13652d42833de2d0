"""笔记: the learner's own words about one question, kept when the screen is left."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from textual import on
from textual.widget import Widget
from textual.widgets import Static

from quizapp.commands.command import bindings
from quizapp.commands.in_use import key
from quizapp.commands.table import NOTE
from quizapp.problems import UsageProblem
from quizapp.screens.drafting import Draft
from quizapp.screens.page import Page
from quizapp.services import Services
from quizapp.text.plain import line, safe
from quizapp.widgets.answers.field import Edited
from quizapp.widgets.answers.writing import Writing


class NoteScreen(Page):
    """A title and a text area."""

    CSS_PATH = "note.tcss"
    BINDINGS = bindings(NOTE)
    AUTO_FOCUS = ""  # only when the note stands there: what is typed before would be written over

    def __init__(self, services: Services, question_id: str) -> None:
        super().__init__(services)
        self._question = question_id
        self._draft = Draft(self, f"note:{question_id}", lambda: self._writing.text)
        self._saved = ""

    @property
    def _writing(self) -> Writing:
        return self.query_one(Writing)

    def body(self) -> Iterable[Widget]:
        """What the note is about, the note."""
        yield Static(line(f"笔记：{self.services.bank.outline[self._question].title}"), id="title")
        leave = key("笔记", "保存并返回")
        yield Writing(
            placeholder=f"自己的话、面试官的追问、容易忘的地方……按 {leave} 保存并返回；删空就是不要这条笔记。", id="note"
        )

    async def on_mount(self) -> None:
        """The note as it is, or as it was being changed when the app went away."""
        self._saved = (await asyncio.to_thread(self.services.progress.state, self._question)).note
        self._writing.restore(await self._draft.kept() or self._saved)
        if self.services.read_only:
            self._writing.read_only = True
            self.say(f"{self.services.read_only}，笔记只能看。", error=True)
        self._writing.focus()

    @on(Edited)
    def _edited(self) -> None:
        if self._writing.text != self._saved:
            self._draft.touched()

    async def keep(self) -> None:
        """As a draft: the note itself is kept when the page is left."""
        if self._writing.text != self._saved:
            await self._draft.save()

    async def action_leave(self) -> None:
        """Keep it and go back. Where it cannot be kept one stays, with the sentence that says why."""
        text = safe(self._writing.text).strip()
        if text != self._saved and not self.services.read_only:
            try:
                await asyncio.to_thread(self.services.progress.set_note, self._question, text)
            except UsageProblem as problem:
                self.say(str(problem), error=True)
                return
            self.say("笔记已保存。" if text else "笔记已删去。")
        await self._draft.drop()
        self.app.pop_screen()  # not awaited: the screen would wait for its own end
