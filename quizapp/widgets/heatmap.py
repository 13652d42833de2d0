"""A year of work, one column per week: the denser a cell, the more was done.

Run it alone: `python -m quizapp.widgets.heatmap`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from textual.content import Content
from textual.widget import Widget

from quizapp.text.width import cell_len, pad

LEVELS: Final = ("⠄", "⠤", "⠶", "⠾", "⠿")
"""From nothing to much, told apart without colour."""
_STEPS: Final = (1, 4, 9, 16)
_INKS: Final = ("$quiet 60%", "$text-success 55%", "$text-success 70%", "$text-success 85%", "$text-success")
_DAYS: Final = ("一", "", "三", "", "五", "", "日")
_LABEL: Final = 3
_WEEKS: Final = 53


def level(count: int) -> int:
    """How dense a day with `count` answers is."""
    return sum(count >= step for step in _STEPS)


class Heatmap(Widget):
    """As many weeks as fit, today in the last column."""

    DEFAULT_CSS = """
    Heatmap { height: 8; width: 1fr; }
    """

    def __init__(self, counts: Mapping[dt.date, int], today: dt.date, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._counts, self._today = dict(counts), today

    def show(self, counts: Mapping[dt.date, int], today: dt.date) -> None:
        """Replace what is shown."""
        self._counts, self._today = dict(counts), today
        self.refresh()

    def render(self) -> Content:
        """Months, then one line per weekday."""
        wide = 2 if self.content_size.width >= _LABEL + _WEEKS * 2 else 1
        weeks = min(_WEEKS, (self.content_size.width - _LABEL) // wide)
        if weeks < 4:
            return Content("")
        monday = self._today - dt.timedelta(days=self._today.weekday(), weeks=weeks - 1)
        lines = [Content.styled(" " * _LABEL + _months(monday, weeks, wide), "$quiet")]
        lines += [self._line(monday + dt.timedelta(days=day), day, weeks, wide) for day in range(7)]
        return Content("\n").join(lines)

    def _line(self, first: dt.date, day: int, weeks: int, wide: int) -> Content:
        parts: list[tuple[str, str]] = [(pad(_DAYS[day], _LABEL), "$quiet")]
        for week in range(weeks):
            date = first + dt.timedelta(weeks=week)
            depth = level(self._counts.get(date, 0))
            cell = " " if date > self._today else LEVELS[depth]
            parts.append((cell + " " * (wide - 1), _INKS[depth]))
        return Content.assemble(*parts)


def _months(monday: dt.date, weeks: int, wide: int) -> str:
    """Month numbers above the week in which each begins, where there is room."""
    line = ""
    for week in range(weeks):
        date = monday + dt.timedelta(weeks=week, days=6)
        label = f"{date.month}月" if date.day <= 7 else ""
        column = week * wide
        if label and cell_len(line) <= column:
            line = pad(line, column) + label
    return line


if __name__ == "__main__":
    import random

    from textual.app import ComposeResult

    from quizapp.widgets.stage import Stage

    class Demo(Stage):
        """A made-up year."""

        def compose(self) -> ComposeResult:
            """One map."""
            today = dt.date(2026, 7, 3)
            days = {today - dt.timedelta(days=n): random.choice((0, 0, 2, 5, 12, 20)) for n in range(365)}  # noqa: S311
            yield Heatmap(days, today)

    Demo().run()
