"""SVG screenshots with 汉字 at their right width.

Rich gives every run of text the length of its characters, so browsers squeeze Chinese to half. Its positions are right.
"""

from __future__ import annotations

import html
import re
from typing import Final

from rich.cells import cell_len

_RUN: Final = re.compile(r'(<text [^>]*?textLength=")(?P<length>[\d.]+)("[^>]*>)(?P<text>[^<]*)(</text>)')


def widened(svg: str) -> str:
    """The same picture with every run as long as its cells."""
    return _RUN.sub(_rewritten, svg)


def _rewritten(match: re.Match[str]) -> str:
    text = html.unescape(match["text"])
    if not text or text.isascii():
        return match[0]
    length = float(match["length"]) / len(text) * cell_len(text)
    return f"{match[1]}{length:.10g}{match[3]}{match['text']}{match[5]}"
