"""A few lines to choose from, each with a note.

Run it alone: `python -m quizapp.widgets.menu`.
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
from quizapp.commands.table import MENU
from quizapp.text.plain import line
from quizapp.text.width import fit, pad

_LABEL = 20


@dataclass(frozen=True)
class Entry:
    """One line. One that cannot be chosen is shown dim."""

    id: str
    label: str
    note: str = ""
    enabled: bool = True


class Menu(Widget, can_focus=True):
    """Up, down, Enter."""

    DEFAULT_CSS = """
    Menu { height: auto; }
    """
    BINDINGS = bindings(MENU)

    entries: reactive[tuple[Entry, ...]] = reactive((), layout=True)
    cursor: reactive[int] = reactive(0)

    @dataclass
    class Chosen(Message):
        """A line was chosen."""

        entry: Entry

    def show(self, entries: Sequence[Entry]) -> None:
        """Replace the lines; the cursor goes to the first that can be chosen unless it stands on one."""
        self.entries = tuple(entries)
        if not self.entries[self.cursor].enabled:
            self.cursor = next((index for index, entry in enumerate(entries) if entry.enabled), 0)

    def validate_cursor(self, cursor: int) -> int:
        """Stay on a line."""
        return max(0, min(cursor, len(self.entries) - 1))

    def action_move(self, step: int) -> None:
        """Go to the next line that can be chosen."""
        target = self.cursor + step
        while 0 <= target < len(self.entries):
            if self.entries[target].enabled:
                self.cursor = target
                return
            target += step

    def action_choose(self) -> None:
        """Choose the line under the cursor."""
        if self.entries and self.entries[self.cursor].enabled:
            self.post_message(self.Chosen(self.entries[self.cursor]))

    def render(self) -> Content:
        """All lines, each over the full width."""
        width = self.content_size.width
        return Content("\n").join(self._line(index, entry, width) for index, entry in enumerate(self.entries))

    def _line(self, index: int, entry: Entry, width: int) -> Content:
        here = index == self.cursor
        label = pad(f" {'▸' if here else ' '} {entry.label}", _LABEL)
        note = pad(fit(line(entry.note).plain, max(0, width - _LABEL - 1)), max(0, width - _LABEL))
        lit = "$block-cursor-foreground on $block-cursor-background" if here and self.has_focus else ""
        tone = "" if entry.enabled else " dim"
        return Content.assemble((label, f"{lit} bold{tone}"), (note, f"{lit or '$quiet'}{tone}"))

    def on_click(self, event: events.Click) -> None:
        """Choose by mouse."""
        if event.y < len(self.entries) and self.entries[event.y].enabled:
            self.cursor = event.y
            self.action_choose()


if __name__ == "__main__":
    from textual.app import ComposeResult

    from quizapp.widgets.stage import Stage

    class Demo(Stage):
        """Three lines."""

        def compose(self) -> ComposeResult:
            """One menu."""
            yield Menu()

        def on_mount(self) -> None:
            """Fill it."""
            self.query_one(Menu).show([Entry("a", "开始", "12 题"), Entry("b", "学新题", "没有", False), Entry("c", "题库")])

    Demo().run()
