"""Markdown tables that lose no text: columns as wide as they want when there is room, and the widest give way first."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Final

from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Size
from textual.widgets._markdown import MarkdownBlock, MarkdownTable

_GAP: Final = 2
"""Cells between columns."""


class TextTable(MarkdownTable):
    """Stands in for Textual's table, which squeezes all columns alike and cuts what does not fit."""

    DEFAULT_CSS = """
    TextTable { background: transparent; &:light { background: transparent; } height: auto; }
    """

    def compose(self) -> ComposeResult:
        """One widget that draws the whole table."""
        self._headers, self._rows = self._get_headers_and_rows()
        yield TableBody(self._markdown, self._token).filled(self._headers, self._rows)


class TableBody(MarkdownBlock):
    """Draws headers and rows for whatever width it is given."""

    DEFAULT_CSS = """
    TableBody { height: auto; width: 1fr; }
    """

    def filled(self, headers: Sequence[Content], rows: Sequence[Sequence[Content]]) -> TableBody:
        """This widget with something to draw."""
        self._grid = [[header.stylize("bold") for header in headers], *([*row] for row in rows)]
        return self

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the wrapped cells need."""
        return len(self._draw(width))

    def render(self) -> Content:
        """The table."""
        return Content("\n").join(self._draw(self.content_size.width))

    def _draw(self, width: int) -> list[Content]:
        widths = column_widths([[cell.cell_length for cell in row] for row in self._grid], width)
        lines: list[Content] = []
        for number, row in enumerate(self._grid):
            drawn = _row(row, widths)
            if number == 0:  # underlined over its whole width: a rule that needs neither a line nor a glyph of its own
                drawn[-1] = drawn[-1].stylize("underline")
            lines += drawn
        return lines


def column_widths(lengths: Sequence[Sequence[int]], room: int) -> list[int]:
    """What each column gets: all it wants, or no more than a common cap under which everything fits. At least two cells."""
    wanted = [max(column, default=0) for column in zip_longest(*lengths, fillvalue=0)]
    room = max(room - _GAP * (len(wanted) - 1), 2 * len(wanted))
    if sum(wanted) <= room:
        return wanted
    cap = max(cap for cap in range(2, max(wanted) + 1) if cap == 2 or sum(min(each, cap) for each in wanted) <= room)
    widths = [min(each, cap) for each in wanted]
    widest = max(range(len(wanted)), key=wanted.__getitem__)
    widths[widest] += max(0, room - sum(widths))
    return widths


def _row(cells: Sequence[Content], widths: Sequence[int]) -> list[Content]:
    """The lines of one row."""
    wrapped = [cell.wrap(width) if width else [Content("")] for cell, width in zip(cells, widths, strict=False)]
    height = max((len(lines) for lines in wrapped), default=0)
    return [
        Content(" " * _GAP).join(
            _padded(lines[number] if number < len(lines) else Content(""), width)
            for lines, width in zip(wrapped, widths, strict=False)
        )
        for number in range(height)
    ]


def _padded(line: Content, width: int) -> Content:
    line = line.rstrip()
    return line.pad_right(max(0, width - line.cell_length))
