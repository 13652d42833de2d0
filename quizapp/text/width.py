"""Widths in terminal cells: measuring, cutting and padding text that mixes 汉字 and Latin letters."""

from __future__ import annotations

import unicodedata

from rich.cells import cell_len, set_cell_size

__all__ = ["ambiguous", "cell_len", "fit", "pad"]


def fit(text: str, width: int) -> str:
    """`text` cut to at most `width` cells; what was cut is marked with `..` (an ellipsis is of ambiguous width)."""
    if cell_len(text) <= width:
        return text
    if width <= 2:
        return "." * max(width, 0)
    return set_cell_size(text, width - 2).rstrip() + ".."


def pad(text: str, width: int, *, right: bool = False) -> str:
    """`text` in exactly `width` cells, set left, or right when asked."""
    fitted = fit(text, width)
    space = " " * (width - cell_len(fitted))
    return space + fitted if right else fitted + space


def ambiguous(text: str) -> set[str]:
    """The characters of `text` that some terminals draw in two cells though Textual counts one.

    They stay out of aligned places: columns, bars, borders beside text.
    """
    return {char for char in text if unicodedata.east_asian_width(char) == "A"}
