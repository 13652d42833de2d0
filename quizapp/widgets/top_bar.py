"""The top line: which section this is, and a word of context on the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from quizapp.text.plain import line
from quizapp.text.width import cell_len, fit


@dataclass(frozen=True)
class Section:
    """One tab of the top line."""

    id: str
    title: str


class TopBar(Widget):
    """Sections on the left, context on the right; a section can be clicked."""

    DEFAULT_CSS = """
    TopBar { dock: top; height: 1; background: $panel; color: $quiet; padding: 0 1; }
    TopBar:ansi { background: ansi_default; }
    """

    context: reactive[str] = reactive("")

    @dataclass
    class Chosen(Message):
        """A section was clicked."""

        section: str

    def __init__(self, sections: Sequence[Section], current: str, context: str = "") -> None:
        super().__init__()
        self._sections = tuple(sections)
        self._current = current
        self.set_reactive(TopBar.context, context)

    def render(self) -> Content:
        """`今天  题库  统计                 3 / 12`, cut on the right when it is narrow."""
        tabs = [
            (section.title, "$text-primary bold underline") if section.id == self._current else section.title
            for section in self._sections
        ]
        left = Content("  ").join(Content.assemble(tab) for tab in tabs)
        room = self.content_size.width - left.cell_length - 2
        right = line(fit(self.context, max(0, room)))
        gap = max(1, self.content_size.width - left.cell_length - right.cell_length)
        return Content.assemble(left, " " * gap, right)

    def on_click(self, event: events.Click) -> None:
        """Go to the section under the pointer."""
        position = event.x - 1
        for section in self._sections:
            width = cell_len(section.title) + 2
            if 0 <= position < width:
                self.post_message(self.Chosen(section.id))
                return
            position -= width
