"""Dots on a grid of braille characters: two by four per cell, all of unambiguous width."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_BLANK: Final = 0x2800
_BITS: Final = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))


class Canvas:
    """`columns` by `rows` cells. Dot (0, 0) is at the bottom left; the last ink on a cell gives its colour."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self._bits = [[0] * columns for _ in range(rows)]
        self._ink = [[""] * columns for _ in range(rows)]

    @property
    def width(self) -> int:
        """Dots across."""
        return self.columns * 2

    @property
    def height(self) -> int:
        """Dots up."""
        return self.rows * 4

    def dot(self, x: int, y: int, ink: str) -> None:
        """Set one dot; what lies outside is left out."""
        if 0 <= x < self.width and 0 <= y < self.height:
            row, column = self.rows - 1 - y // 4, x // 2
            self._bits[row][column] |= _BITS[3 - y % 4][x % 2]
            self._ink[row][column] = ink

    def line(self, start: tuple[int, int], end: tuple[int, int], ink: str, *, dotted: bool = False) -> None:
        """A straight line; `dotted` leaves out every second step."""
        (x0, y0), (x1, y1) = start, end
        steps = max(abs(x1 - x0), abs(y1 - y0), 1)
        for step in range(steps + 1):
            x, y = round(x0 + (x1 - x0) * step / steps), round(y0 + (y1 - y0) * step / steps)
            if not dotted or (x + y) % 3:
                self.dot(x, y, ink)

    def spans(self, row: int) -> list[tuple[str, str]]:
        """One row of cells as runs of text and ink."""
        runs: list[tuple[str, str]] = []
        for bits, ink in zip(self._bits[row], self._ink[row], strict=True):
            char = chr(_BLANK + bits)
            if runs and runs[-1][1] == ink:
                runs[-1] = (runs[-1][0] + char, ink)
            else:
                runs.append((char, ink))
        return runs


def binned(points: Sequence[tuple[float, float]], columns: int) -> list[tuple[int, float]]:
    """At most one point per column: the mean of those that fall into it. Points are in order of x."""
    if not points:
        return []
    first, last = points[0][0], points[-1][0]
    span = (last - first) or 1.0
    bins: dict[int, list[float]] = {}
    for x, y in points:
        bins.setdefault(round((x - first) / span * (columns - 1)), []).append(y)
    return [(column, sum(values) / len(values)) for column, values in sorted(bins.items())]
