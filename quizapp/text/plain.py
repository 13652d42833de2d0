"""The one door through which bank and judge strings reach a widget.

Textual parses `[...]` in most widgets as markup, so `list[int]` would be shown as `list`. `Content` is never parsed.
"""

from __future__ import annotations

import re
from typing import Final

from textual.content import Content

from judge.clean import clean
from quizapp.text.math import readable

LONGEST: Final = 200_000
"""Characters. No bank text comes near; a runaway output is cut here with an ellipsis instead of freezing the layout."""

_BREAK: Final = re.compile(r"\s*[^\S ]\s*")


def safe(text: str) -> str:
    """`text` without control sequences, bidi overrides and lone surrogates."""
    return clean(text, LONGEST)


def plain(text: str, style: str = "") -> Content:
    """`text` exactly as it stands, in `style`, with `$…$` made readable."""
    return Content.styled(readable(safe(text)), style) if style else Content(readable(safe(text)))


def verbatim(text: str, style: str = "") -> Content:
    """`text` exactly as it stands: what the learner wrote, code, program output. No math is looked for."""
    return Content.styled(safe(text), style) if style else Content(safe(text))


def line(text: str, style: str = "") -> Content:
    """`text` on one line, for lists and titles. Spaces in a row stay: they keep short facts apart."""
    return plain(_BREAK.sub(" ", text.strip()), style)
