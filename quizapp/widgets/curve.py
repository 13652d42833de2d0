"""A training curve drawn while it grows.

Run it alone: `python -m quizapp.widgets.curve`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Final

from textual.content import Content
from textual.widget import Widget

from quizapp.text.plain import line
from quizapp.text.width import cell_len, pad
from quizapp.widgets.braille import Canvas, binned

Points = Sequence[tuple[float, float]]
_INKS: Final = ("$text-primary", "$text-warning", "$text-success", "$text-accent")
_LABEL: Final = 7
"""Cells of the axis labels."""


class Curve(Widget):
    """One plot: a line with names and last values, then the plot with its highest and lowest value on the left.

    Series whose name begins with `val` are dotted, so that they are told apart without colour.
    """

    DEFAULT_CSS = """
    Curve { height: 8; width: 1fr; min-width: 20; }
    """

    def __init__(self, title: str = "", *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._title = title
        self._series: dict[str, list[tuple[float, float]]] = {}

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw yet."""
        return not any(self._series.values())

    def add(self, step: float, values: Mapping[str, float]) -> None:
        """Append one point to each named series; what is not finite is left out."""
        for name, value in values.items():
            if math.isfinite(value):
                self._series.setdefault(name, []).append((step, value))
        self.refresh()

    def show(self, series: Mapping[str, Points]) -> None:
        """Replace everything."""
        self._series = {name: [p for p in points if math.isfinite(p[1])] for name, points in series.items()}
        self.refresh()

    def render(self) -> Content:
        """Legend and plot."""
        width, height = self.content_size
        rows = height - 1
        if self.empty or rows < 1 or width <= _LABEL + 4:
            return Content.styled(line(self._title).plain, "$quiet")
        return Content("\n").join([self._legend(width), *self._plot(width - _LABEL, rows)])

    def _legend(self, width: int) -> Content:
        parts: list[tuple[str, str]] = [(f"{self._title}  ", "$quiet")] if self._title else []
        room = width - sum(cell_len(text) for text, _ in parts)
        for index, (name, points) in enumerate(self._series.items()):
            if points:
                text = f"{'⠒⠒' if name.startswith('val') else '⠤⠤'} {line(name).plain} {number(points[-1][1])}  "
                if cell_len(text.rstrip()) <= room:
                    parts.append((text, _INKS[index % len(_INKS)]))
                    room -= cell_len(text)
        return Content.assemble(*parts)

    def _plot(self, columns: int, rows: int) -> list[Content]:
        canvas = Canvas(columns, rows)
        values = [value for points in self._series.values() for _, value in points]
        low, high = min(values), max(values)
        scale = (canvas.height - 1) / ((high - low) or 1.0)
        for index, (name, points) in enumerate(self._series.items()):
            dots = [(x, round((y - low) * scale)) for x, y in binned(points, canvas.width)]
            self._draw(canvas, dots, _INKS[index % len(_INKS)], dotted=name.startswith("val"))
        return [self._row(canvas, row, high, low) for row in range(rows)]

    @staticmethod
    def _draw(canvas: Canvas, dots: list[tuple[int, int]], ink: str, *, dotted: bool) -> None:
        for start, end in itertools.pairwise(dots):
            canvas.line(start, end, ink, dotted=dotted)
        if len(dots) == 1:
            canvas.dot(*dots[0], ink)

    def _row(self, canvas: Canvas, row: int, high: float, low: float) -> Content:
        label = number(high) if row == 0 else number(low) if row == canvas.rows - 1 else ""
        return Content.assemble((pad(label, _LABEL - 1, right=True) + " ", "$quiet"), *canvas.spans(row))


def number(value: float) -> str:
    """A number in at most six cells."""
    if value == 0 or 0.001 <= abs(value) < 1000:
        return f"{value:.4g}"[:6]
    return f"{value:.0e}".replace("e+0", "e").replace("e-0", "e-")


if __name__ == "__main__":
    from itertools import count

    from textual.app import ComposeResult

    from quizapp.widgets.stage import Stage

    class Demo(Stage):
        """A loss that falls with some noise."""

        def compose(self) -> ComposeResult:
            """One curve."""
            yield Curve("loss")

        def on_mount(self) -> None:
            """Add ten points a second."""
            steps = count()
            self.set_interval(0.1, lambda: self._add(next(steps)))

        def _add(self, step: int) -> None:
            loss = 2.3 * math.exp(-step / 60) + 0.1 * math.sin(step * 1.7)
            self.query_one(Curve).add(step, {"loss": loss, "val_loss": loss + 0.2 + step / 400})

    Demo().run()
