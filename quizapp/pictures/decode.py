"""From the bytes of a picture file to pixels of a wanted size. Imports Pillow and takes its time: call it in a thread."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL import Image

Pixel = tuple[int, int, int]
_LARGEST: Final = 16_000_000
"""Pixels. A picture is the submission's own file, so it may be a decompression bomb."""


class BadPicture(ValueError):
    """The bytes are no picture that can be shown; the message is a Chinese sentence."""


def opened(data: bytes) -> Image.Image:
    """The picture on white paper. Raises `BadPicture`."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "GIF")) as image:
            if image.width * image.height > _LARGEST:
                raise BadPicture(f"图片太大（{image.width}×{image.height}），不在终端里显示")
            flat = image.convert("RGBA")
            return Image.alpha_composite(Image.new("RGBA", flat.size, "white"), flat).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadPicture("图片文件损坏，无法显示") from error


def grid(image: Image.Image, columns: int, rows: int) -> tuple[int, int]:
    """Columns and rows of cells for a picture with its own proportions; a cell is twice as high as it is wide."""
    scale = min(columns / image.width, rows * 2 / image.height)
    return max(1, round(image.width * scale)), max(1, -(-round(image.height * scale) // 2))


def resized(image: Image.Image, width: int, height: int) -> Image.Image:
    """As many pixels as wanted: smooth when it shrinks, sharp edged when it grows."""
    from PIL import Image

    shrinks = width < image.width
    return image.resize((width, height), Image.Resampling.LANCZOS if shrinks else Image.Resampling.NEAREST)


def pixels(image: Image.Image) -> list[list[Pixel]]:
    """Rows of pixels."""
    raw, width = image.tobytes(), image.width
    flat = [(raw[i], raw[i + 1], raw[i + 2]) for i in range(0, len(raw), 3)]
    return [flat[start : start + width] for start in range(0, len(flat), width)]


def png(image: Image.Image) -> bytes:
    """The picture as a PNG of our own: the submission's bytes never reach the terminal."""
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
