"""A list of questions that stays quick with ten thousand rows: only what is on the screen is ever drawn.

Run it alone: `python -m quizapp.widgets.question_list`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from quizapp.commands.command import bindings
from quizapp.commands.table import LIST
from quizapp.text.plain import line
from quizapp.text.width import cell_len, pad


@dataclass(frozen=True)
class State:
    """How a question stands, said by a glyph, a word and a colour."""

    glyph: str
    word: str
    tone: str


NEW: Final = State(" ", "没做过", "muted")
LEARNING: Final = State("▪", "在学", "warning")
DUE: Final = State("◔", "该复习", "accent")
KNOWN: Final = State("✓", "已掌握", "success")
SOLVED: Final = State("✓", "已通过", "success")
FAILED: Final = State("✗", "没过", "error")


@dataclass(frozen=True)
class Row:
    """One question as the list shows it."""

    id: str
    state: State
    title: str
    kind: str
    difficulty: int
    note: str = ""
    favourite: bool = False
    frequency: int = 0
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Heading:
    """One topic with its questions below it, or folded away."""

    id: str
    title: str
    count: int
    done: int
    open: bool = True


class QuestionList(ScrollView, can_focus=True):
    """Rows and headings, with a cursor."""

    DEFAULT_CSS = """
    QuestionList {
        height: 1fr;
        background: transparent;
        scrollbar-size-vertical: 1;
        & > .question-list--muted { color: $quiet; }
        & > .question-list--heading { color: $text-primary; text-style: bold; }
        & > .question-list--success { color: $text-success; }
        & > .question-list--warning { color: $text-warning; }
        & > .question-list--error { color: $text-error; }
        & > .question-list--accent { color: $text-accent; text-style: bold; }
        & > .question-list--cursor { background: $block-cursor-blurred-background; text-style: bold; }
        &:focus > .question-list--cursor { background: $block-cursor-background; color: $block-cursor-foreground; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"question-list--{name}" for name in ("muted", "heading", "success", "warning", "error", "accent", "cursor")
    }
    BINDINGS = bindings(LIST)

    rows: reactive[tuple[Row | Heading, ...]] = reactive(())
    cursor: reactive[int] = reactive(0)

    @dataclass
    class Moved(Message):
        """The cursor stands on another row."""

        row: Row | Heading

    @dataclass
    class Chosen(Message):
        """A question was chosen."""

        row: Row

    @dataclass
    class Folded(Message):
        """A heading was asked to open or close."""

        heading: Heading

    def show(self, rows: Sequence[Row | Heading], *, keep: str | None = None) -> None:
        """Replace the rows; the cursor stays on the row with id `keep`, or where it was."""
        wanted = keep if keep is not None else getattr(self.current, "id", None)
        self.rows = tuple(rows)
        index = next((index for index, row in enumerate(rows) if row.id == wanted), min(self.cursor, len(rows) - 1))
        self.cursor = max(0, index)
        self._reveal()

    @property
    def current(self) -> Row | Heading | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if 0 <= self.cursor < len(self.rows) else None

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on a row."""
        return max(0, min(cursor, len(self.rows) - 1))

    def watch_rows(self) -> None:
        """Tell the scroll bar how long the list is."""
        self.virtual_size = Size(0, len(self.rows))
        self.refresh()

    def watch_cursor(self) -> None:
        """Follow the cursor and say where it is."""
        self._reveal()
        self.refresh()
        if self.current is not None:
            self.post_message(self.Moved(self.current))

    def _reveal(self) -> None:
        """With the heading right above it: the first question of a topic does not stand there without its name."""
        above = 0 < self.cursor <= len(self.rows) and isinstance(self.rows[self.cursor - 1], Heading)
        self.scroll_to_region(Region(0, self.cursor - above, 1, 1 + above), animate=False, force=True)

    def action_move(self, step: int) -> None:
        """Move the cursor by rows."""
        self.cursor += step

    def action_page(self, direction: int) -> None:
        """Move the cursor by screens."""
        self.cursor += direction * max(1, self.size.height - 1)

    def action_first(self) -> None:
        """Go to the top."""
        self.cursor = 0

    def first_question(self) -> None:
        """Go to the first row that can be opened."""
        self.cursor = next((index for index, row in enumerate(self.rows) if isinstance(row, Row)), 0)

    def action_last(self) -> None:
        """Go to the end."""
        self.cursor = len(self.rows) - 1

    def action_choose(self) -> None:
        """Open the question, or fold the topic."""
        if isinstance(self.current, Heading):
            self.post_message(self.Folded(self.current))
        elif self.current is not None:
            self.post_message(self.Chosen(self.current))

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor; a click on the cursor chooses."""
        index = int(self.scroll_offset.y) + event.y
        if index < len(self.rows):
            again = index == self.cursor
            self.cursor = index
            if again or isinstance(self.current, Heading):
                self.action_choose()

    def render_line(self, y: int) -> Strip:
        """Draw one visible line."""
        index = int(self.scroll_offset.y) + y
        width = self.size.width
        if index >= len(self.rows):
            return Strip.blank(width, self.rich_style)
        row = self.rows[index]
        parts = self._heading(row, width) if isinstance(row, Heading) else self._row(row, width)
        base = self.rich_style
        if index == self.cursor:
            cursor = self.get_component_rich_style("question-list--cursor")
            lit = Style(bgcolor=cursor.bgcolor, color=cursor.color if self.has_focus else None, bold=True)
            return Strip([Segment(text, base + style + lit) for text, style in parts], width)
        return Strip([Segment(text, base + style) for text, style in parts], width)

    def _tone(self, name: str) -> Style:
        return self.get_component_rich_style(f"question-list--{name}", partial=True)

    def _heading(self, heading: Heading, width: int) -> list[tuple[str, Style]]:
        count = f"{heading.done}/{heading.count} "
        title = pad(f" {'▾' if heading.open else '▸'} {line(heading.title).plain}", max(0, width - cell_len(count)))
        return [(title, self._tone("heading")), (count, self._tone("muted"))]

    def _row(self, row: Row, width: int) -> list[tuple[str, Style]]:
        muted = self._tone("muted")
        right = f" {pad(row.kind, 5)}{pad('▪' * row.difficulty, 6)}{pad(row.note, 9)}"
        title = line(row.title).plain
        left = f"   {row.state.glyph} {pad(row.state.word, 7)}"
        mark = "⚑ " if row.favourite else ""
        room = width - cell_len(left) - cell_len(right) - cell_len(mark)
        return [
            (left, self._tone(row.state.tone)),
            (mark, self._tone("error")),
            (pad(title, max(0, room)), Style()),
            (right, muted),
        ]


if __name__ == "__main__":
    from textual.app import ComposeResult

    from quizapp.widgets.stage import Stage

    class Demo(Stage):
        """Ten thousand rows under one heading."""

        def compose(self) -> ComposeResult:
            """Fill the screen with the list."""
            questions = QuestionList()
            states = (NEW, LEARNING, DUE, KNOWN, SOLVED, FAILED)
            rows = [Row(f"q{n}", states[n % 6], f"第 {n} 题：为什么除以 √d_k？", "简答", n % 5 + 1) for n in range(10_000)]
            questions.rows = (Heading("t", "Transformer 与模型结构", len(rows), 12), *rows)
            yield questions

    Demo().run()
