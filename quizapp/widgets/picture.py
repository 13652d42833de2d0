"""A picture in the terminal: two pixels per cell, upper half in the text colour and lower half in the background.

Run it alone: `python -m quizapp.widgets.picture FILE.png`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

Pixel = tuple[int, int, int]
_LARGEST: Final = 16_000_000
"""Pixels. A picture is the submission's own file, so it may be a decompression bomb."""


class BadPicture(ValueError):
    """The bytes are no picture that can be shown; the message is a Chinese sentence."""


def decode(data: bytes, columns: int, rows: int) -> list[list[Pixel]]:
    """Rows of pixels, at most `columns` wide and twice `rows` high, with the picture's own proportions.

    Imports Pillow, and takes its time: call it in a thread.
    """
    import io

    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "GIF")) as image:
            if image.width * image.height > _LARGEST:
                raise BadPicture(f"图片太大（{image.width}×{image.height}），不在终端里显示")
            scale = min(columns / image.width, rows * 2 / image.height)
            size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
            flat = image.convert("RGBA").resize(size, Image.Resampling.LANCZOS if scale < 1 else Image.Resampling.NEAREST)
            paper = Image.new("RGBA", size, "white")
            return _pixels(Image.alpha_composite(paper, flat).convert("RGB").tobytes(), size[0])
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadPicture("图片文件损坏，无法显示") from error


def _pixels(raw: bytes, width: int) -> list[list[Pixel]]:
    flat = [(raw[i], raw[i + 1], raw[i + 2]) for i in range(0, len(raw), 3)]
    return [flat[start : start + width] for start in range(0, len(flat), width)]


class Picture(Widget):
    """Shows the bytes of a PNG, JPEG or GIF. Decoding happens in a thread."""

    DEFAULT_CSS = """
    Picture { width: 1fr; height: auto; min-height: 1; max-height: 20; color: $quiet; }
    """

    @dataclass
    class Shown(Message):
        """The picture stands, or there is a sentence why not."""

        problem: str | None

    def __init__(self, data: bytes, *, rows: int = 16) -> None:
        super().__init__()
        self._data = data
        self._rows = rows
        self._lines: list[list[Pixel]] = []
        self._problem = "正在读取图片"

    def on_resize(self) -> None:
        """Draw it for the width there is."""
        self.run_worker(self._load(), exclusive=True, group="decode", exit_on_error=False)

    async def _load(self) -> None:
        width = self.container_size.width or self.size.width
        try:
            self._lines = await asyncio.to_thread(decode, self._data, min(max(width, 1), 100), self._rows)
            self._problem = ""
        except BadPicture as problem:
            self._lines, self._problem = [], str(problem)
        self.refresh(layout=True)
        self.post_message(self.Shown(self._problem or None))

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """Half as many lines as pixels."""
        return max(1, (len(self._lines) + 1) // 2)

    def render_line(self, y: int) -> Strip:
        """One line of cells: two lines of pixels."""
        if not self._lines:
            return Strip([Segment(self._problem if y == 0 else "", self.rich_style)])
        upper = self._lines[y * 2] if y * 2 < len(self._lines) else []
        lower = self._lines[y * 2 + 1] if y * 2 + 1 < len(self._lines) else [None] * len(upper)
        return Strip([self._cell(top, bottom) for top, bottom in zip(upper, lower, strict=True)])

    def _cell(self, top: Pixel, bottom: Pixel | None) -> Segment:
        background = Color.from_rgb(*bottom) if bottom is not None else None
        return Segment("▀", Style(color=Color.from_rgb(*top), bgcolor=background))


if __name__ == "__main__":
    import sys
    from pathlib import Path

    from textual.app import ComposeResult

    from quizapp.widgets.stage import Stage

    class Demo(Stage):
        """One picture from a file."""

        def compose(self) -> ComposeResult:
            """The picture, as high as the screen."""
            yield Picture(Path(sys.argv[1]).read_bytes(), rows=self.size.height)

    Demo().run()
