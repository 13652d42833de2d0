"""参考答案: accepted solutions, and the learner's own, beside the explanation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.reactive import var
from textual.widget import Widget
from textual.widgets import Static, TextArea

from quizapp.commands.command import bindings
from quizapp.commands.in_use import key
from quizapp.commands.table import REFERENCE
from quizapp.references import Reference, References
from quizapp.screens.page import Page
from quizapp.text.plain import line, safe
from quizapp.widgets.pane import Pane
from quizapp.widgets.prose import Prose
from quizapp.widgets.verdicts import FRAMEWORKS

if TYPE_CHECKING:
    from question_bank.models import Coding
    from quizapp.services import Services


class ReferenceScreen(Page):
    """Code on the left, explanation on the right; one above the other where it is narrow."""

    CSS_PATH = "reference.tcss"
    BINDINGS = bindings(REFERENCE)
    AUTO_FOCUS = "#solution"

    chosen: var[int] = var(0)

    def __init__(self, services: Services, problem: Coding, found: References, own: Reference | None) -> None:
        super().__init__(services)
        self._problem, self._explanation = problem, found.explanation
        self._solutions = (*found.solutions, own) if own else found.solutions

    def body(self) -> Iterable[Widget]:
        """Title, code, explanation."""
        yield Static(line(f"{self._problem.title}：参考答案"), id="title")
        yield Static(id="which")
        with Horizontal(id="desk"):
            yield TextArea(
                "", language="python", read_only=True, soft_wrap=False, show_line_numbers=True, show_cursor=False, id="solution"
            )
            with Pane(id="explanation"):
                yield Prose(self._explanation or "这道题还没有讲解。")

    def on_mount(self) -> None:
        """The first solution."""
        self.watch_chosen()

    def watch_chosen(self) -> None:
        """Show it, from its top."""
        area, words = self.query_one("#solution", TextArea), self.query_one("#which", Static)
        if not self._solutions:
            words.update(line("这道题还没有参考答案。"))
            return
        solution = self._solutions[self.chosen]
        area.load_text(safe(solution.source))
        area.scroll_home(animate=False)
        place = f"{self.chosen + 1}/{len(self._solutions)}"
        keys = f"{key('参考答案', '上一个解法')}、{key('参考答案', '下一个解法')}"
        words.update(line(f"{place}  {FRAMEWORKS.get(solution.framework, '')}  {solution.name}   {keys} 换一个"))

    def action_other(self, step: int) -> None:
        """Another solution, around the ends."""
        if self._solutions:
            self.chosen = (self.chosen + step) % len(self._solutions)

    def action_leave(self) -> None:
        """Back to the problem."""
        self.app.pop_screen()
