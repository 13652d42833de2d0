"""A small column chart: one column per day, of unambiguous width.

Run it alone: `python -m quizapp.widgets.columns`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.content import Content
from textual.widget import Widget

from quizapp.text.width import cell_len, pad
from quizapp.widgets.braille import Canvas

_ROWS = 3
_INK = "$text-primary"


class Columns(Widget):
    """Values from left to right, the highest as high as the chart; labels below some of them."""

    DEFAULT_CSS = """
    Columns { height: 4; width: 1fr; }
    """

    def __init__(self, values: Sequence[int] = (), labels: Mapping[int, str] | None = None, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._values, self._labels = tuple(values), dict(labels or {})

    def show(self, values: Sequence[int], labels: Mapping[int, str]) -> None:
        """Replace them."""
        self._values, self._labels = tuple(values), dict(labels)
        self.refresh()

    def render(self) -> Content:
        """Three rows of columns, the scale behind them, the labels."""
        step = 2 if self.content_size.width >= 2 * len(self._values) + 8 else 1
        most = max(self._values, default=0)
        canvas = self._drawn(step, most)
        lines = [Content.assemble(*canvas.spans(row)) for row in range(_ROWS)]
        lines[0] += Content.styled(f" {most}" if most else "", "$quiet")
        return Content("\n").join([*lines, Content.styled(self._line_of_labels(step), "$quiet")])

    def _drawn(self, step: int, most: int) -> Canvas:
        canvas = Canvas(step * len(self._values), _ROWS)
        for place, value in enumerate(self._values):
            height = -(-value * canvas.height // most) if most else 0
            for x in range(2):
                canvas.dot(place * step * 2 + x, 0, _INK if value else "$quiet 50%")
                for y in range(height):
                    canvas.dot(place * step * 2 + x, y, _INK)
        return canvas

    def _line_of_labels(self, step: int) -> str:
        line = ""
        for place, label in sorted(self._labels.items()):
            if cell_len(line) <= place * step:
                line = pad(line, place * step) + label + " "
        return line.rstrip()


if __name__ == "__main__":
    from textual.app import ComposeResult

    from quizapp.widgets.stage import Stage

    class Demo(Stage):
        """A month."""

        def compose(self) -> ComposeResult:
            """One chart."""
            yield Columns([12, 3, 0, 5, 8, 1, 0, 0, 2, 4] * 3, {0: "今天", 7: "一周后", 14: "两周后"})

    Demo().run()
