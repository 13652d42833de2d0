"""题库: every question by topic, with state, filters and search."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from textual import on
from textual.containers import Horizontal
from textual.reactive import var
from textual.widget import Widget
from textual.widgets import Input, Static

from quizapp.commands.command import bindings
from quizapp.commands.in_use import key
from quizapp.commands.table import BANK
from quizapp.problems import UsageProblem
from quizapp.screens.filter import FilterScreen
from quizapp.screens.page import Page
from quizapp.screens.rows import KINDS, STATES, Filters, all_rows, grouped, matches
from quizapp.text.plain import line
from quizapp.widgets.question_list import Heading, QuestionList, Row

_STATES: Final = ("", *(state.word for state in STATES), "收藏")
_KINDS: Final = ("", *KINDS.values())
_LEVELS: Final = (0, 1, 2, 3, 4, 5)


class BankScreen(Page):
    """Filters above, the list below."""

    SECTION = "bank"
    CSS_PATH = "bank.tcss"
    BINDINGS = bindings(BANK)
    AUTO_FOCUS = "QuestionList"

    filters: var[Filters] = var(Filters())
    folded: var[frozenset[str]] = var(frozenset())
    folded_found: var[frozenset[str]] = var(frozenset())
    """Folded among what was found; a new search opens everything."""
    _frameworks: Mapping[str, Collection[str]] = MappingProxyType({})
    _found = 0

    def body(self) -> Iterable[Widget]:
        """Search line, list, and a sentence when the list is empty."""
        with Horizontal(id="search-row"):
            yield Input(placeholder="搜索：汉字、拼音、首字母、英文", id="search", compact=True)
            yield Static(id="filters")
        yield QuestionList()
        yield Static(id="empty")

    def on_mount(self) -> None:
        """Show what could not be read, once."""
        problems = self.services.bank.problems
        if problems:
            more = f"，另有 {len(problems) - 1} 处" if len(problems) > 1 else ""
            self.say(f"题库文件有错，其余题目照常可用：{problems[0]}{more}", error=True)

    async def on_screen_resume(self) -> None:
        """States may have changed while another screen was open."""
        await self._reload()

    async def _reload(self) -> None:
        bank = self.services.bank
        states = await asyncio.to_thread(self.services.progress.states)
        self._rows = all_rows(bank.outlines, states, self.services.clock())
        self._by_id = {row.id: (topic, row) for topic, row in self._rows}
        self._show()
        await asyncio.to_thread(getattr, bank, "index")  # built now, so that the first key of a search need not wait for it

    def watch_filters(self, old: Filters, new: Filters) -> None:
        """Filter again; the best answer to a search is one Enter away."""
        self.set_reactive(BankScreen.folded_found, frozenset())
        self._show()
        if new.query and new.query != old.query:
            self.query_one(QuestionList).first_question()

    def watch_folded(self) -> None:
        """Fold again."""
        self._show()

    def watch_folded_found(self) -> None:
        """Fold again."""
        self._show()

    def _show(self) -> None:
        if not hasattr(self, "_rows"):
            return
        found = self._rows if not self.filters.any else [*self._matching()]
        self._found = len(found)
        folded = self.folded_found if self.filters.any else self.folded
        listed = grouped(found, self.services.bank.topics, folded, best_first=bool(self.filters.query))
        self.query_one(QuestionList).show(listed)
        self._write("#empty", "" if found else self._nothing())
        self._write("#filters", self.filters.words or "全部")
        self.set_context(f"{len(found)} / {len(self._rows)} 题")

    def _write(self, place: str, words: str) -> None:
        """Put words there; those that stand there already are left alone, because every update lays out the whole screen."""
        static = self.query_one(place, Static)
        if str(static.content) != words:
            static.update(line(words))
        static.display = bool(words)

    def _matching(self) -> Iterator[tuple[str, Row]]:
        return (pair for pair in self._searched() if matches(pair[1], self.filters, self._frameworks))

    def _searched(self) -> list[tuple[str, Row]]:
        """The rows that answer the query, best first."""
        query = self.filters.query
        if not query:
            return self._rows
        return [self._by_id[outline.id] for outline in self.services.bank.search(query) if outline.id in self._by_id]

    def _nothing(self) -> str:
        return (
            f"没有符合条件的题。按 {key('题库', '清除筛选')} 清除筛选。"
            if self.filters.any
            else "题库是空的。运行 quizapp doctor 看看缺了什么。"
        )

    @on(Input.Changed, "#search")
    def _search_changed(self, event: Input.Changed) -> None:
        self.filters = replace(self.filters, query=event.value.strip())

    @on(Input.Submitted, "#search")
    def action_results(self) -> None:
        """From the search line to what was found."""
        self.query_one(QuestionList).focus()

    @on(QuestionList.Folded)
    def _fold(self, message: QuestionList.Folded) -> None:
        if self.filters.any:
            self.folded_found = self.folded_found ^ {message.heading.id}
        else:
            self.folded = self.folded ^ {message.heading.id}

    @on(QuestionList.Chosen)
    async def _open(self, message: QuestionList.Chosen) -> None:
        await self.app.run_action(f"open('{message.row.id}')")

    async def action_refine(self) -> None:
        """All filters in one window."""
        exercises = await asyncio.to_thread(getattr, self.services.bank, "exercises")
        self._frameworks = {problem.id: problem.frameworks for problem in exercises}
        await self.app.push_screen(FilterScreen(self.filters, self.services.bank.outlines, self._refined))

    def _refined(self, filters: Filters) -> int:
        self.filters = filters
        return self._found

    def action_search(self) -> None:
        """Go to the search line."""
        self.query_one("#search").focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """From the list there is nowhere to go down to."""
        return action != "results" or self.query_one("#search").has_focus

    def action_filter_state(self) -> None:
        """The next state."""
        current = "收藏" if self.filters.favourite else self.filters.state
        wanted = _STATES[(_STATES.index(current) + 1) % len(_STATES)]
        favourite = wanted == "收藏"
        self.filters = replace(self.filters, state="" if favourite else wanted, favourite=favourite)

    def action_filter_kind(self) -> None:
        """The next type."""
        self.filters = replace(self.filters, kind=_KINDS[(_KINDS.index(self.filters.kind) + 1) % len(_KINDS)])

    def action_filter_level(self) -> None:
        """The next difficulty."""
        self.filters = replace(self.filters, level=_LEVELS[(self.filters.level + 1) % len(_LEVELS)])

    def action_fold_all(self) -> None:
        """Close all topics, or open all when one is closed."""
        topics = frozenset(topic for topic, _ in self._rows)
        if self.filters.any:
            self.folded_found = frozenset() if self.folded_found else topics
        else:
            self.folded = frozenset() if self.folded else topics

    def action_clear(self) -> None:
        """Show everything again."""
        self.query_one("#search", Input).value = ""
        self.filters = Filters()
        self.query_one(QuestionList).focus()

    async def action_favourite(self) -> None:
        """Mark the question under the cursor, or unmark it."""
        row = self.query_one(QuestionList).current
        if row is None or isinstance(row, Heading):
            return
        try:
            await asyncio.to_thread(self.services.progress.set_favourite, row.id, not row.favourite)
        except UsageProblem as problem:
            self.say(str(problem), error=True)
        else:
            await self._reload()
