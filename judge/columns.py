"""Plain text in terminal cells: how wide a string is drawn, and lines that break where Chinese may be broken.

For what is printed; the app has its own in `quizapp.text`, on top of Rich.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_CLOSING: Final = "，。、；：？！）》」』】〉〕”’…—～·％),.;:?!%]}"
_OPENING: Final = "（《「『【〈〔“‘([{"
_ATOM: Final = re.compile(rf"\s+|[{re.escape(_OPENING)}]*(?:[!-~\u00a0-\u2dff]+|[^\s])[{re.escape(_CLOSING)}]*")


def cells(text: str) -> int:
    """Terminal cells that `text` takes: 汉字 and full-width signs two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def padded(text: str, width: int) -> str:
    """`text` with spaces up to `width` cells."""
    return text + " " * max(0, width - cells(text))


def wrapped(text: str, width: int, indent: str = "", rest: str | None = None) -> str:
    """`text` in lines of at most `width` cells; the first begins with `indent`, the others with `rest` (else the same).

    No line begins with closing punctuation; an atom wider than a line is let stick out.
    """
    rest = indent if rest is None else rest
    return "\n".join(
        _paragraph(line, width, indent if number == 0 else rest, rest) for number, line in enumerate(text.split("\n"))
    )


def _paragraph(text: str, width: int, indent: str, rest: str) -> str:
    lines, line, used = [], indent, cells(indent)
    for atom in _ATOM.findall(text.strip()):
        size = cells(atom)
        if used + size > width and line.strip():
            lines.append(line.rstrip())
            line, used = rest, cells(rest)
            if atom.isspace():
                continue
        line, used = line + atom, used + size
    return "\n".join([*lines, line.rstrip()])


def table(rows: list[tuple[str, ...]], gap: int = 2) -> str:
    """Rows in columns as wide as their widest cell."""
    widths = [max(cells(row[column]) for row in rows) + gap for column in range(len(rows[0]))] if rows else []
    return "\n".join("".join(padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
