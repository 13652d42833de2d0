"""A row of a few choices, one of them lit: how sure one is, how well one knew it, yes or no.

Run it alone: `python -m quizapp.widgets.choice_bar`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from quizapp.commands.command import bindings
from quizapp.commands.table import BAR
from quizapp.text.plain import line
from quizapp.text.width import cell_len


@dataclass(frozen=True)
class Choice:
    """One choice; `note` stands dim behind the label."""

    label: str
    note: str = ""


class ChoiceBar(Widget, can_focus=True):
    """`问题   1 一个   2 两个   3 三个`. Left, right and Enter, or the digit."""

    DEFAULT_CSS = """
    ChoiceBar { height: 1; width: 1fr; padding: 0 1; background: $surface; }
    ChoiceBar:focus { background: $panel; }
    """
    BINDINGS = bindings(BAR)

    choices: reactive[tuple[Choice, ...]] = reactive(())
    lit: reactive[int] = reactive(0)

    @dataclass
    class Chosen(Message):
        """A choice was made."""

        bar: ChoiceBar
        index: int

        @property
        def control(self) -> ChoiceBar:
            """The bar, so that handlers can tell bars apart."""
            return self.bar

    def __init__(self, question: str, choices: Sequence[Choice], lit: int = 0, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._question = question
        self.set_reactive(ChoiceBar.choices, tuple(choices))
        self.set_reactive(ChoiceBar.lit, lit)

    def validate_lit(self, lit: int) -> int:
        """Stay on a choice."""
        return max(0, min(lit, len(self.choices) - 1))

    def action_step(self, step: int) -> None:
        """Light the neighbour."""
        self.lit += step

    def action_accept(self) -> None:
        """Choose what is lit."""
        self.post_message(self.Chosen(self, self.lit))

    def action_take(self, index: int) -> None:
        """Choose by number."""
        if index < len(self.choices):
            self.lit = index
            self.action_accept()

    def _cells(self) -> list[tuple[str, str]]:
        """Label and note of each choice, notes left out when the line is too narrow for them."""
        cells = [
            (f" {n} {line(c.label).plain} ", f"{line(c.note).plain} " if c.note else "") for n, c in enumerate(self.choices, 1)
        ]
        total = cell_len(self._question) + 2 + sum(cell_len(label) + cell_len(note) + 1 for label, note in cells)
        return cells if total <= self.content_size.width else [(label, "") for label, _ in cells]

    def render(self) -> Content:
        """Question, then the choices; the lit one inverse and marked by brackets' place."""
        parts: list[tuple[str, str] | str] = [(self._question, "bold" if self.has_focus else ""), "  "]
        for index, (label, note) in enumerate(self._cells()):
            lit = index == self.lit
            parts += [(f"▸{label[1:]}" if lit else label, "reverse" if lit and self.has_focus else "bold" if lit else "")]
            parts += [(note, "$quiet"), " "]
        return Content.assemble(*parts)

    def on_click(self, event: events.Click) -> None:
        """Choose what is under the pointer."""
        position = event.x - 1 - cell_len(self._question) - 2
        for index, (label, note) in enumerate(self._cells()):
            width = cell_len(label) + cell_len(note) + 1
            if 0 <= position < width:
                self.action_take(index)
                return
            position -= width


if __name__ == "__main__":
    from textual.app import ComposeResult

    from quizapp.widgets.stage import Stage

    class Demo(Stage):
        """Four ratings."""

        def compose(self) -> ComposeResult:
            """One bar."""
            names = (("重来", "1 天"), ("困难", "2 天"), ("良好", "5 天"), ("轻松", "12 天"))
            yield ChoiceBar("掌握得怎么样？", [Choice(*name) for name in names], lit=2)

    Demo().run()
