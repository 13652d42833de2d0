"""Bank Markdown as lines to be printed or read aloud: no marks to stumble over, math as text, tables row by row with the name of every
column, code as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from quizapp.text.math import readable

_CODE: Final = re.compile(r"(`+)(.+?)\1")
_LINK: Final = re.compile(r"\[([^\]]+)\]\((https?://[^)\s]+)\)")
_BLANK: Final = re.compile(r"\{\{(\d+)\}\}")
_HEADING: Final = re.compile(r"^#{1,6}\s+")
_RULE: Final = re.compile(r"^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")


def spoken(markdown: str) -> str:
    """The same text without Markdown and LaTeX."""
    return "\n".join(_lines(markdown.strip().split("\n")))


def _lines(lines: Sequence[str]) -> Iterator[str]:
    fenced, names = False, None
    for number, text in enumerate(lines):
        if text.lstrip().startswith("```"):
            fenced = not fenced
        elif fenced:
            yield text
        elif not text.lstrip().startswith("|"):
            names = None
            yield _words(_HEADING.sub("", text))
        elif names is None and number + 1 < len(lines) and _RULE.match(lines[number + 1]):
            names = _cells(text)
        elif not _RULE.match(text):
            yield _row(names or [], _cells(text))


def _cells(row: str) -> list[str]:
    return [_words(cell.strip()) for cell in re.split(r"(?<!\\)\|", row.strip().strip("|"))]


def _row(names: Sequence[str], cells: Sequence[str]) -> str:
    named = (f"{name}：{cell}" if name else cell for name, cell in zip(names, cells, strict=False))
    return "- " + "；".join([*named, *cells[len(names) :]])


def _words(text: str) -> str:
    """A line outside of code. What stands between backticks is left as it is."""
    parts, end = [], 0
    for code in _CODE.finditer(text):
        parts += [_plain(text[end : code.start()]), code[2].strip()]
        end = code.end()
    return "".join([*parts, _plain(text[end:])])


def _plain(text: str) -> str:
    text = _LINK.sub(r"\1（\2）", readable(text)).replace("**", "")
    return _BLANK.sub(r"＿＿(\1)＿＿", text)
