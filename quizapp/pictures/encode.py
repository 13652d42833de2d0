r"""Pixels as the escape sequences that kitty, iTerm2 and sixel terminals understand.

kitty gets the picture once, and from then on cells of text stand for its parts: they scroll and are covered like any text. For the
other two a picture is drawn over cells, one sequence a row, so that any run of rows can be drawn alone.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Final

from quizapp.pictures.decode import png, resized

if TYPE_CHECKING:
    from PIL import Image

PLACEHOLDER: Final = "\U0010eeee"
_CHUNK: Final = 4096
_COLOURS: Final = 64
_BAND: Final = 6
"""Pixel rows of one line of sixels."""

_MARKS: Final = "".join(
    chr(code)
    for first, last in (
        (0x305, 0x305), (0x30D, 0x30E), (0x310, 0x310), (0x312, 0x312), (0x33D, 0x33F), (0x346, 0x346), (0x34A, 0x34C),
        (0x350, 0x352), (0x357, 0x357), (0x35B, 0x35B), (0x363, 0x36F), (0x483, 0x487), (0x592, 0x595), (0x597, 0x599),
        (0x59C, 0x5A1), (0x5A8, 0x5A9), (0x5AB, 0x5AC), (0x5AF, 0x5AF), (0x5C4, 0x5C4), (0x610, 0x617), (0x657, 0x65B),
        (0x65D, 0x65E), (0x6D6, 0x6DC), (0x6DF, 0x6E2), (0x6E4, 0x6E4), (0x6E7, 0x6E8), (0x6EB, 0x6EC), (0x730, 0x730),
        (0x732, 0x733), (0x735, 0x736), (0x73A, 0x73A), (0x73D, 0x73D), (0x73F, 0x741), (0x743, 0x743), (0x745, 0x745),
        (0x747, 0x747), (0x749, 0x74A),
    )
    for code in range(first, last + 1)
)  # fmt: skip
"""kitty's combining marks for numbers: the mark at index n stands for row or column n (its `rowcolumn-diacritics.txt`)."""

LARGEST_SPAN: Final = len(_MARKS)
"""Rows or columns that can be numbered."""


def kitty_upload(data: bytes, number: int, columns: int, rows: int) -> str:
    """Hand a PNG to kitty under a number, to be shown where placeholders stand. Asks for no answer (`q=2`)."""
    text = base64.b64encode(data).decode("ascii")
    chunks = [text[start : start + _CHUNK] for start in range(0, len(text), _CHUNK)]
    head = f"a=T,U=1,f=100,t=d,i={number},c={columns},r={rows},q=2,"
    return "".join(
        f"\x1b_G{head if index == 0 else ''}m={int(index < len(chunks) - 1)};{chunk}\x1b\\"
        for index, chunk in enumerate(chunks)
    )


def kitty_forget(number: int) -> str:
    """Let kitty free a picture."""
    return f"\x1b_Ga=d,d=I,i={number},q=2\x1b\\"


def kitty_cell(row: int, column: int) -> str:
    """The character that stands for one cell of a picture; its colour names the picture."""
    return PLACEHOLDER + _MARKS[row] + _MARKS[column]


def iterm_rows(image: Image.Image, columns: int, rows: int, cell: tuple[int, int]) -> list[str]:
    """One inline image a row of cells."""
    whole = resized(image, columns * cell[0], rows * cell[1])
    return [_iterm(png(whole.crop((0, row * cell[1], whole.width, (row + 1) * cell[1]))), columns) for row in range(rows)]


def _iterm(data: bytes, columns: int) -> str:
    about = f"inline=1;size={len(data)};width={columns};height=1;preserveAspectRatio=0;doNotMoveCursor=1"
    return f"\x1b]1337;File={about}:{base64.b64encode(data).decode('ascii')}\x07"


def sixel_rows(image: Image.Image, columns: int, rows: int, cell: tuple[int, int]) -> list[str]:
    """One sixel picture a row of cells, all with the same palette."""
    whole = resized(image, columns * cell[0], rows * cell[1]).quantize(_COLOURS)
    colours = whole.getpalette() or []
    palette = [tuple(colours[start : start + 3]) for start in range(0, len(colours), 3)]
    return [
        sixel(whole.crop((0, row * cell[1], whole.width, (row + 1) * cell[1])).tobytes(), whole.width, palette)
        for row in range(rows)
    ]


def sixel(indexes: bytes, width: int, palette: list[tuple[int, ...]]) -> str:
    """Rows of palette indexes, `width` to a row, as one sixel picture. What is below its last row stays untouched."""
    height = len(indexes) // width
    used = sorted(set(indexes))
    names = "".join("#{};2;{};{};{}".format(index, *(round(part / 2.55) for part in palette[index])) for index in used)
    bands = [_band(indexes[top * width : (top + _BAND) * width], width) for top in range(0, height, _BAND)]
    return f'\x1bP0;1q"1;1;{width};{height}{names}{"-".join(bands)}\x1b\\'


def _band(indexes: bytes, width: int) -> str:
    """Six rows of pixels or fewer: for every colour in them a line of sixels, each over the one before."""
    rows = [indexes[start : start + width] for start in range(0, len(indexes), width)]
    return "$".join(f"#{colour}{_run_lengths(_sixels(rows, colour, width))}" for colour in sorted(set(indexes)))


def _sixels(rows: list[bytes], colour: int, width: int) -> str:
    bits = 0
    for place, row in enumerate(rows):
        marked = row.translate(bytes((1 << place) if index == colour else 0 for index in range(256)))
        bits |= int.from_bytes(marked, "big")
    return bits.to_bytes(width, "big").translate(bytes((index + 63) & 255 for index in range(256))).decode("ascii")


def _run_lengths(sixels: str) -> str:
    return re.sub(r"(.)\1{3,}", lambda run: f"!{len(run[0])}{run[1]}", sixels)
