"""Two cells for characters of ambiguous width, on terminals that draw them so: installed into Rich and Textual at start.

Text is then measured as it is drawn. What Textual itself draws with such characters (borders, ends of scroll bars) is drawn with
others, because it takes each of them for one cell.
"""

from __future__ import annotations

import importlib
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

_GONE: Final = "rich 或 textual 换了内部实现：{where} 不见了。请按 constraints.txt 里的版本安装。"
_LAST: Final = 0x2E80
"""Beyond are wide characters, and ambiguous ones only for private use."""

_PLAIN: Final = str.maketrans({"─": "-", "━": "-", "═": "-", "│": "|", "┃": "|", "║": "|"})


def install() -> None:
    """From now on they count two. Safe to call again; fails loudly when a place to patch is gone."""
    cells = _existing("rich.cells", "load_cell_table", "_is_single_cell_widths", "_SINGLE_CELLS")
    table = cells.load_cell_table("auto")
    if not isinstance(table, _Widened):
        widened = _Widened(table)
        cells.load_cell_table = lambda *_: widened
        cells._is_single_cell_widths = frozenset(char for char in cells._SINGLE_CELLS if not is_ambiguous(char)).issuperset
        cells.get_character_cell_size.cache_clear()
        cells.cached_cell_len.cache_clear()
    _draw_plainly()


class _Widened:
    """A cell table in which ambiguous characters are two cells wide."""

    def __init__(self, table: Any) -> None:
        self.unicode_version, self.narrow_to_wide = table.unicode_version, table.narrow_to_wide
        known = {point for start, end, _ in table.widths if start < _LAST for point in range(start, min(end, _LAST) + 1)}
        self.widths = tuple(sorted([*table.widths, *((point, point, 2) for point in _points() if point not in known)]))


def _points() -> Iterator[int]:
    return (point for point in range(0xA1, _LAST) if is_ambiguous(chr(point)))


@cache
def is_ambiguous(char: str) -> bool:
    """Whether a terminal may draw it in one cell or in two (UAX #11)."""
    return unicodedata.east_asian_width(char) == "A" and unicodedata.combining(char) == 0 and char != "\xad"


def _draw_plainly() -> None:
    """Borders of `-`, `|` and `+`, scroll bars without half cells."""
    borders = _existing("textual._border", "BORDER_CHARS").BORDER_CHARS
    for name, rows in borders.items():
        borders[name] = tuple(tuple(_plainly(char) for char in row) for row in rows)
    bars = _existing("textual.scrollbar", "ScrollBarRender").ScrollBarRender
    bars.VERTICAL_BARS = bars.HORIZONTAL_BARS = [" "] * 8


def _plainly(char: str) -> str:
    if not is_ambiguous(char):
        return char
    if "BOX DRAWINGS" not in unicodedata.name(char):
        return " "
    plain = char.translate(_PLAIN)
    return "+" if plain == char else plain


def _existing(module_name: str, *names: str) -> Any:
    module = importlib.import_module(module_name)
    for name in names:
        if not hasattr(module, name):
            raise RuntimeError(_GONE.format(where=f"{module_name}.{name}"))
    return module
