"""错题本: what was missed and is not yet mastered again, by topic."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from textual import on
from textual.reactive import var
from textual.widget import Widget
from textual.widgets import Static

from quizapp.commands.command import bindings
from quizapp.commands.in_use import key
from quizapp.commands.table import WRONG
from quizapp.problems import UsageProblem
from quizapp.screens.page import Page
from quizapp.screens.rows import all_rows, grouped
from quizapp.text.plain import line
from quizapp.widgets.question_list import Heading, QuestionList, Row


class WrongScreen(Page):
    """The list, and one key to practise it."""

    CSS_PATH = "wrong.tcss"
    BINDINGS = bindings(WRONG)
    AUTO_FOCUS = "QuestionList"

    folded: var[frozenset[str]] = var(frozenset())
    _rows: tuple[tuple[str, Row], ...] = ()

    def body(self) -> Iterable[Widget]:
        """The list, or a sentence when there is nothing in it."""
        yield QuestionList()
        yield Static(line("错题本是空的。答错的题会自动进来，连续答对几次后离开。"), id="empty")

    async def on_screen_resume(self) -> None:
        """Something may have been answered."""
        fresh = not self._rows
        await self._reload()
        if fresh:
            self.query_one(QuestionList).first_question()  # on a heading, F5 would practise its topic only

    async def _reload(self) -> None:
        progress, bank = self.services.progress, self.services.bank
        standings = await asyncio.to_thread(progress.standings)
        states = await asyncio.to_thread(progress.states)
        wrong = [outline for outline in bank.outlines if (found := standings.get(outline.id)) and found.wrong]
        self._rows = tuple(all_rows(wrong, states, self.services.clock()))
        self._show()

    def watch_folded(self) -> None:
        """Fold again."""
        self._show()

    def _show(self) -> None:
        self.query_one(QuestionList).show(grouped(self._rows, self.services.bank.topics, self.folded))
        self.query_one(QuestionList).display = bool(self._rows)
        self.query_one("#empty").display = not self._rows
        self.set_context(f"错题本  {len(self._rows)} 题")

    @on(QuestionList.Folded)
    def _fold(self, message: QuestionList.Folded) -> None:
        self.folded = self.folded ^ {message.heading.id}

    @on(QuestionList.Chosen)
    async def _open(self, message: QuestionList.Chosen) -> None:
        await self.app.run_action(f"open({message.row.id!r})")

    async def action_begin(self) -> None:
        """Practise all of it, or the topic under the cursor. Programs are opened one by one from the list."""
        here = self.query_one(QuestionList).current
        topic = here.id if isinstance(here, Heading) else None
        ids = tuple(row.id for of, row in self._rows if topic in (None, of) and self._is_theory(row))
        if ids:
            await self.quiz.open_questions(ids)
        else:
            self.say(f"这里没有可以连着练的题；编程题请用 {key('列表', '打开')} 逐道打开。")

    def _is_theory(self, row: Row) -> bool:
        return self.services.bank.outline[row.id].type != "coding"

    async def action_remove(self) -> None:
        """Take the question under the cursor out by hand."""
        row = self.query_one(QuestionList).current
        if row is None or isinstance(row, Heading):
            return
        if self.services.read_only:
            self.say(f"{self.services.read_only}，现在不能修改错题本。", error=True)
            return
        try:
            await asyncio.to_thread(self.services.progress.set_wrong, row.id, False)
        except UsageProblem as problem:
            self.say(str(problem), error=True)
            return
        self.say(f"已移出错题本：{row.title}")
        await self._reload()

    def action_leave(self) -> None:
        """Back. Not awaited: the screen would wait for its own end."""
        self.app.pop_screen()
