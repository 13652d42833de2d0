"""Making text from outside fit to show: control sequences, lone surrogates and sheer length go."""

from __future__ import annotations

import re

_ESCAPES = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # OSC … BEL/ST: titles, links, clipboard
    r"|\x1b[PX^_][^\x1b]*(?:\x1b\\)?"  # DCS, SOS, PM, APC
    r"|\x1b\[[0-?]*[ -/]*[@-~]?"  # CSI: colours, cursor
    r"|\x1b[ -/]*[0-~]?"
    r"|\x9b[0-?]*[ -/]*[@-~]?"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]")


def clean(text: str, limit: int = 2000) -> str:
    """`text` without escape sequences, control characters, bidi overrides and lone surrogates; at most `limit` characters.

    Newlines and tabs stay. What is cut is marked with an ellipsis.
    """
    head = text[: limit * 4]
    out = _CONTROL.sub("", _ESCAPES.sub("", head.replace("\r\n", "\n").replace("\r", "\n")))
    return out if len(out) <= limit and len(head) == len(text) else out[: limit - 1] + "…"


def clean_line(text: str, limit: int = 200) -> str:
    """The same on one line."""
    return clean(" ".join(text.split()), limit)


def tail(data: bytes, limit: int = 4000) -> str:
    """The end of what a program printed, as clean text; of a line that was drawn again and again (a progress bar), what stood there last."""
    lines = data[-limit * 16 :].decode("utf-8", "replace").split("\n")
    seen = "\n".join(_last_drawn(line) for line in lines)
    text = clean(seen[-limit * 4 :], limit * 4)
    return text if len(text) <= limit else "…" + text[-limit:]


def _last_drawn(line: str) -> str:
    return next((part for part in reversed(line.split("\r")) if part), "")
