"""Horizontal bars with labels, of unambiguous width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.widget import Widget

from quizapp.text.plain import line
from quizapp.text.width import pad

FULL, EMPTY = "⣿", "⣀"


@dataclass(frozen=True)
class Bar:
    """One line: a label, a share between 0 and 1, and words behind it."""

    label: str
    share: float
    note: str = ""
    ink: str = "$text-primary"


class Bars(Widget):
    """One line per bar; grows with their number."""

    DEFAULT_CSS = """
    Bars { height: auto; width: 1fr; }
    """

    def __init__(self, bars: Sequence[Bar] = (), *, label: int = 22, note: int = 14, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._bars, self._label, self._note = tuple(bars), label, note

    def show(self, bars: Sequence[Bar]) -> None:
        """Replace them."""
        self._bars = tuple(bars)
        self.refresh(layout=True)

    def render(self) -> Content:
        """All bars over the width there is."""
        room = max(4, self.content_size.width - self._label - self._note - 1)
        return Content("\n").join(self._line(bar, room) for bar in self._bars)

    def _line(self, bar: Bar, room: int) -> Content:
        filled = round(max(0.0, min(1.0, bar.share)) * room)
        return Content.assemble(
            pad(line(bar.label).plain, self._label),
            (FULL * filled, bar.ink),
            (EMPTY * (room - filled), "$quiet 50%"),
            (" " + pad(bar.note, self._note), "$quiet"),
        )
