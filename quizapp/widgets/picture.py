"""A picture in the terminal, as good as the terminal can: kitty, iTerm2, sixel, or two pixels per cell with half blocks.

Run it alone: `python -m quizapp.widgets.picture [FILE.png [kitty|iterm|sixel|halfblock]]`.
"""

from __future__ import annotations

import asyncio
import itertools
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual import work
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from quizapp.pictures.decode import BadPicture, Pixel, grid, opened, pixels, png, resized
from quizapp.pictures.ways import Way, cell_pixels, chosen

if TYPE_CHECKING:
    from PIL import Image

_WIDEST: Final = 100
"""Columns; more would not fit into kitty's marks, and show no more."""
_CELL: Final = (10, 20)
"""Pixels of a cell where the terminal does not say: iTerm2 scales them."""
_NUMBERS: Final = itertools.count(os.getpid() % 0x7FFF * 256 + 1)
"""Names of pictures in kitty, which all programs in one window share."""


@dataclass(frozen=True)
class Drawing:
    """One picture made ready for one way and one width."""

    way: Way
    columns: int
    rows: int
    pixels: list[list[Pixel]] = field(default_factory=list)
    """For half blocks, two rows of pixels to a row of cells."""
    number: int = 0
    upload: str = ""
    """For kitty: its name, and what hands it over."""
    slices: list[str] = field(default_factory=list)
    """For iTerm2 and sixel: what draws each row of cells."""


def draw(data: bytes, columns: int, rows: int, way: Way) -> Drawing:
    """Decode and encode; takes its time: call it in a thread. Raises `BadPicture`."""
    image = opened(data)
    size = grid(image, columns, rows)
    if way == "halfblock":
        height = round(image.height * min(columns / image.width, rows * 2 / image.height))
        return Drawing(way, *size, pixels=pixels(resized(image, size[0], max(1, height))))
    return _encoded(image, *size, way)


def _encoded(image: Image.Image, columns: int, rows: int, way: Way) -> Drawing:
    from quizapp.pictures import encode

    cell = cell_pixels() or _CELL
    if way == "kitty":
        number = next(_NUMBERS) % 0xFFFFFF or 1
        fitting = resized(image, columns * cell[0], rows * cell[1])
        return Drawing(way, columns, rows, number=number, upload=encode.kitty_upload(png(fitting), number, columns, rows))
    rows_of = encode.sixel_rows if way == "sixel" else encode.iterm_rows
    return Drawing(way, columns, rows, slices=rows_of(image, columns, rows, cell))


class Picture(Widget):
    """Shows the bytes of a PNG, JPEG or GIF. Decoding happens in a thread."""

    DEFAULT_CSS = """
    Picture { width: 1fr; height: auto; min-height: 1; max-height: 20; color: $quiet; }
    """

    @dataclass
    class Shown(Message):
        """The picture stands, or there is a sentence why not."""

        problem: str | None

    def __init__(self, data: bytes, *, rows: int = 16, way: Way | None = None) -> None:
        super().__init__()
        self._data = data
        self._rows = rows
        self._way = way
        self._drawing: Drawing | None = None
        self._problem = "正在读取图片"

    def on_mount(self) -> None:
        """A terminal that was given to an editor in between has forgotten what it was handed."""
        self.app.app_resume_signal.subscribe(self, lambda _: self._upload())

    def on_resize(self) -> None:
        """Draw it for the width there is."""
        self._load()

    def on_unmount(self) -> None:
        """Nothing stays behind in the terminal."""
        self._forget()

    @work(exclusive=True, group="decode", exit_on_error=False)
    async def _load(self) -> None:
        width = min(max(self.container_size.width or self.size.width, 1), _WIDEST)
        try:
            drawing = await asyncio.to_thread(draw, self._data, width, self._rows, await self._chosen_way())
        except BadPicture as problem:
            self._forget()
            self._drawing, self._problem = None, str(problem)
        else:
            self._forget()
            self._drawing, self._problem = drawing, ""
            self._upload()
        self.refresh(layout=True)
        self.post_message(self.Shown(self._problem or None))

    async def _chosen_way(self) -> Way:
        if self._way is not None:
            return self._way
        if self.app.is_headless:
            return "halfblock"
        full = self.app.console.color_system == "truecolor"
        return await asyncio.to_thread(chosen, os.environ, truecolor=full)

    def _write(self, sequence: str) -> None:
        """Past the compositor, straight to the terminal."""
        driver = self.app._driver
        if sequence and driver is not None:
            driver.write(sequence)

    def _upload(self) -> None:
        if self._drawing is not None:
            self._write(self._drawing.upload)

    def _forget(self) -> None:
        if self._drawing is not None and self._drawing.number:
            from quizapp.pictures.encode import kitty_forget

            self._write(kitty_forget(self._drawing.number))

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """Its rows of cells."""
        return self._drawing.rows if self._drawing else 1

    def render_lines(self, crop: Region) -> list[Strip]:
        """The cells; what is drawn over them follows as soon as they are on the screen."""
        if self._drawing is not None and self._drawing.slices:
            self.call_after_refresh(self._draw_over)
        return super().render_lines(crop)

    def _draw_over(self) -> None:
        """The rows that can be seen, over their empty cells, unless something else covers the screen."""
        if self._drawing is None or not self.is_attached or self.screen is not self.app.screen:
            return
        geometry = self.screen.find_widget(self)
        seen = geometry.region.intersection(geometry.clip)
        if seen.width < self._drawing.columns:
            return
        first = seen.y - geometry.region.y
        rows = self._drawing.slices[first : first + seen.height]
        places = (f"\x1b[{seen.y + index + 1};{seen.x + 1}H{row}" for index, row in enumerate(rows))
        self._write(f"\x1b7{''.join(places)}\x1b8")

    def render_line(self, y: int) -> Strip:
        """One line of cells."""
        drawing = self._drawing
        if drawing is None:
            return Strip([Segment(self._problem if y == 0 else "", self.rich_style)])
        if drawing.pixels:
            return _half_blocks(drawing.pixels, y)
        if drawing.number and y < drawing.rows:
            return _placeholders(drawing, y)
        return Strip.blank(self.size.width, self.rich_style)


def _half_blocks(lines: list[list[Pixel]], y: int) -> Strip:
    """Two lines of pixels: the upper in the text colour, the lower in the background."""
    upper = lines[y * 2] if y * 2 < len(lines) else []
    lower = lines[y * 2 + 1] if y * 2 + 1 < len(lines) else [None] * len(upper)
    return Strip([_half_block(top, bottom) for top, bottom in zip(upper, lower, strict=True)])


def _half_block(top: Pixel, bottom: Pixel | None) -> Segment:
    background = Color.from_rgb(*bottom) if bottom is not None else None
    return Segment("▀", Style(color=Color.from_rgb(*top), bgcolor=background))


def _placeholders(drawing: Drawing, y: int) -> Strip:
    from quizapp.pictures.encode import kitty_cell

    name = Style(color=Color.from_rgb(drawing.number >> 16, drawing.number >> 8 & 255, drawing.number & 255))
    return Strip([Segment(kitty_cell(y, x), name) for x in range(drawing.columns)])


if __name__ == "__main__":
    import sys
    from pathlib import Path

    from textual.app import ComposeResult

    from quizapp.widgets.stage import Stage

    def _wheel() -> bytes:
        """All hues, paler towards the bottom: what a picture without a file shows."""
        import io

        from PIL import Image

        hues = Image.linear_gradient("L").rotate(90)
        parts = (hues, Image.linear_gradient("L").rotate(180), Image.new("L", hues.size, 235))
        out = io.BytesIO()
        Image.merge("HSV", parts).convert("RGB").save(out, "PNG")
        return out.getvalue()

    class Demo(Stage):
        """One picture, from a file or made here."""

        def compose(self) -> ComposeResult:
            """The picture, as high as the screen."""
            file, way = (*sys.argv[1:3], None, None)[:2]
            data = Path(file).read_bytes() if file else _wheel()
            yield Picture(data, rows=self.size.height - 1, way=way)  # type: ignore[arg-type]

    Demo().run()
