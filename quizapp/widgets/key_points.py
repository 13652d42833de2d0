"""The key points of a short answer: what was hit, what was missed, and the learner's right to disagree.

Run it alone: `python -m quizapp.widgets.key_points`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalGroup
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from quizapp.commands.command import bindings
from quizapp.commands.table import POINTS
from quizapp.text.plain import plain

Status = Literal["命中", "部分", "遗漏", "说反了"]
_LOOKS: Final[dict[Status, tuple[str, str]]] = {
    "命中": ("✓", "-hit"),
    "部分": ("◔", "-partial"),
    "遗漏": ("✗", "-missed"),
    "说反了": ("!", "-opposite"),
}
_NEXT: Final[dict[Status, Status]] = {"命中": "部分", "部分": "遗漏", "遗漏": "命中", "说反了": "命中"}
Span = tuple[int, int]


@dataclass(frozen=True)
class Point:
    """One key point as judged: `evidence` are the places in the learner's text that count for it, `against` those that say the
    opposite."""

    id: str
    text: str
    status: Status
    note: str = ""
    evidence: tuple[Span, ...] = ()
    against: tuple[Span, ...] = ()
    overruled: bool = False


class PointRow(Horizontal):
    """One point: how it was judged on the left, the point on the right."""

    @dataclass
    class Clicked(Message):
        """The row was clicked."""

        row: PointRow

    def compose(self) -> ComposeResult:
        """Verdict, text."""
        yield Static(classes="point-row--status")
        yield Static(classes="point-row--text")

    def show(self, point: Point, *, cursor: bool) -> None:
        """Draw the point."""
        mark, look = _LOOKS[point.status]
        judged = f"{'▸' if cursor else ' '}{mark} {point.status}{'*' if point.overruled else ''}"
        self.query_one(".point-row--status", Static).update(plain(judged))
        note = plain(f"\n{point.note}", "$quiet") if point.note else plain("")
        self.query_one(".point-row--text", Static).update(plain(point.text) + note)
        self.set_classes(f"{look} -cursor" if cursor else look)

    def on_click(self, event: events.Click) -> None:
        """Tell the list."""
        self.post_message(self.Clicked(self))


class KeyPoints(VerticalGroup, can_focus=True):
    """All points of one answer, with a cursor."""

    DEFAULT_CSS = """
    KeyPoints {
        height: auto;
        margin: 0 0 1 0;
        PointRow { height: auto; }
        .point-row--status { width: 11; }
        .point-row--text { width: 1fr; padding: 0 1 0 0; }
        .-hit .point-row--status { color: $text-success; }
        .-partial .point-row--status { color: $text-warning; }
        .-missed .point-row--status { color: $text-error; }
        .-opposite .point-row--status { color: $text-error; text-style: bold; }
        &:focus .-cursor { background: $block-cursor-blurred-background; }
    }
    """
    BINDINGS = bindings(POINTS)

    cursor: reactive[int] = reactive(0)
    points: reactive[tuple[Point, ...]] = reactive(())

    @dataclass
    class Moved(Message):
        """The cursor stands on another point."""

        point: Point

    @dataclass
    class Overruled(Message):
        """The learner judged a point otherwise."""

        point: Point

    @dataclass
    class Done(Message):
        """The learner has looked at them."""

    def __init__(self, points: Sequence[Point], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.set_reactive(KeyPoints.points, tuple(points))

    def compose(self) -> ComposeResult:
        """One row per point."""
        for _ in self.points:
            yield PointRow()

    def on_mount(self) -> None:
        """Draw them."""
        self._draw()

    def validate_cursor(self, cursor: int) -> int:
        """Stay on a point."""
        return max(0, min(cursor, len(self.points) - 1))

    def watch_cursor(self) -> None:
        """Redraw and tell."""
        self._draw()
        self.post_message(self.Moved(self.points[self.cursor]))

    def on_focus(self) -> None:
        """Show the evidence of the point under the cursor."""
        self.post_message(self.Moved(self.points[self.cursor]))

    def _draw(self) -> None:
        rows = self.query(PointRow)
        if not rows:  # not composed yet
            return
        for index, (point, row) in enumerate(zip(self.points, rows, strict=True)):
            row.show(point, cursor=index == self.cursor)
            if index == self.cursor and self.has_focus:
                row.scroll_visible(animate=False)

    def action_move(self, step: int) -> None:
        """Move the cursor."""
        self.cursor += step

    def action_overrule(self) -> None:
        """Judge the point under the cursor otherwise."""
        point = self.points[self.cursor]
        changed = replace(point, status=_NEXT[point.status], overruled=True)
        self.points = (*self.points[: self.cursor], changed, *self.points[self.cursor + 1 :])
        self._draw()
        self.post_message(self.Overruled(changed))

    def action_done(self) -> None:
        """Enough of the points."""
        self.post_message(self.Done())

    def on_point_row_clicked(self, message: PointRow.Clicked) -> None:
        """A click moves the cursor; on the cursor it overrules."""
        index = list(self.query(PointRow)).index(message.row)
        if index == self.cursor and self.has_focus:
            self.action_overrule()
        self.cursor = index
        self.focus()


if __name__ == "__main__":
    from quizapp.widgets.stage import Stage

    class Demo(Stage):
        """Three points."""

        def compose(self) -> ComposeResult:
            """Judged in three ways."""
            texts = ("参数规模大，从数十亿到上万亿", "在海量语料上自监督预训练", "出现涌现能力")
            judged: tuple[Status, ...] = ("命中", "部分", "遗漏")
            yield KeyPoints([Point(str(n), text, judged[n]) for n, text in enumerate(texts)])

    Demo().run()
