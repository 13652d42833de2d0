"""Paint a running Textual screen as PNG, cell by cell, so that 汉字 take exactly two cells.

Blocks and braille are drawn as shapes; letters come from the first of the wanted fonts that `fc-match` finds.
"""

from __future__ import annotations

import subprocess
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont
from rich.cells import get_character_cell_size
from rich.color import ColorTriplet
from rich.style import Style
from textual.app import App

CELL_W, CELL_H, SIZE, WIDE_SIZE = 10, 21, 16, 19
Ink = tuple[int, int, int]


@lru_cache(maxsize=8)
def font(wide: bool, bold: bool) -> ImageFont.FreeTypeFont:
    """A monospaced face: one for 汉字, one for everything narrow."""
    family = "Noto Sans Mono CJK SC" if wide else "DejaVu Sans Mono"
    wanted = f"{family}:bold" if bold else family
    found = subprocess.run(["fc-match", "-f", "%{file}|%{index}", wanted], capture_output=True, text=True, check=True).stdout
    file, index = found.split("|")
    return ImageFont.truetype(file, WIDE_SIZE if wide else SIZE, index=int(index))


def paint(app: App[object]) -> Image.Image:
    """The active screen as a picture."""
    width, height = app.size
    background = _ink(app.screen.styles.background.rich_color.get_truecolor())
    image = Image.new("RGB", (width * CELL_W, height * CELL_H), background)
    draw = ImageDraw.Draw(image)
    for y, strip in enumerate(app.screen._compositor.render_strips()):
        x = 0
        for segment in strip:
            for char in segment.text:
                cells = get_character_cell_size(char)
                if cells:
                    _cell(draw, x, y, char, cells, segment.style or Style(), background)
                x += cells
    return image


def _cell(draw: ImageDraw.ImageDraw, x: int, y: int, char: str, cells: int, style: Style, paper: Ink) -> None:
    ink = _ink(style.color.get_truecolor()) if style.color and not style.color.is_default else (214, 211, 204)
    back = _ink(style.bgcolor.get_truecolor()) if style.bgcolor and not style.bgcolor.is_default else paper
    if style.reverse:
        ink, back = back, ink
    if style.dim:
        ink = _mix(ink, back)
    left, top = x * CELL_W, y * CELL_H
    box = (left, top, left + cells * CELL_W - 1, top + CELL_H - 1)
    draw.rectangle(box, fill=back)
    if not _shape(draw, char, box, ink):
        draw.text((left, top + CELL_H - 5), char, font=font(cells == 2, bool(style.bold)), fill=ink, anchor="ls")
    if style.underline:
        draw.line((box[0], box[3] - 1, box[2], box[3] - 1), fill=ink)


def _shape(draw: ImageDraw.ImageDraw, char: str, box: tuple[int, int, int, int], ink: Ink) -> bool:
    """Half blocks, eighths and braille, drawn instead of written."""
    left, top, right, bottom = box
    code = ord(char)
    if char == "▀":
        draw.rectangle((left, top, right, top + CELL_H // 2), fill=ink)
    elif 0x2581 <= code <= 0x2588:
        draw.rectangle((left, bottom - round((code - 0x2580) / 8 * CELL_H) + 1, right, bottom), fill=ink)
    elif 0x2589 <= code <= 0x258F:
        draw.rectangle((left, top, left + round((0x2590 - code) / 8 * CELL_W) - 1, bottom), fill=ink)
    elif 0x2800 <= code <= 0x28FF:
        _braille(draw, code - 0x2800, left, top, ink)
    else:
        return False
    return True


def _braille(draw: ImageDraw.ImageDraw, bits: int, left: int, top: int, ink: Ink) -> None:
    places = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))
    for bit, (column, row) in enumerate(places):
        if bits >> bit & 1:
            x, y = left + 2 + column * 5, top + 2 + row * 5
            draw.ellipse((x - 1, y - 1, x + 1, y + 1), fill=ink)


def _ink(colour: ColorTriplet) -> Ink:
    return colour.red, colour.green, colour.blue


def _mix(one: Ink, other: Ink) -> Ink:
    return (one[0] + other[0]) // 2, (one[1] + other[1]) // 2, (one[2] + other[2]) // 2
