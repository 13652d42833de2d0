"""Markdown as the bank's authors write it: Chinese lines joined without a space, hint ladders cut into steps."""

from __future__ import annotations

import re

_WIDE = "\u2e80-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\u2018-\u201d\u2026"
_WIDE_END = re.compile(f"[{_WIDE}]$")
_CONTINUES = re.compile(rf"^ {{0,8}}(?=[{_WIDE}])")
_BLOCK = re.compile(r"^ {0,3}(?:#{1,6} |\||\$\$)")
_FENCE = re.compile(r"^ *(`{3,}|~{3,})")
_STEP = re.compile(r"^## +\d+.*$", re.MULTILINE)


def join_soft_breaks(text: str) -> str:
    """`text` with line ends between two Chinese characters of one paragraph removed; a browser would show a space there."""
    joined: list[str] = []
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if not fence and joined and not mark and _is_soft(joined[-1], line):
            joined[-1] += line.lstrip(" ")
            continue
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        joined.append(line)
    return "\n".join(joined)


def soft_breaks(text: str) -> list[int]:
    """Lines (from 1) that `join_soft_breaks` would join to the line before."""
    found: list[int] = []
    fence = before = ""
    for number, line in enumerate(text.split("\n"), start=1):
        mark = _FENCE.match(line)
        if not fence and not mark and _is_soft(before, line):
            found.append(number)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        before = line
    return found


def split_steps(text: str) -> tuple[str, ...]:
    """The sections under `## 1`, `## 2`, … of a hint file, in order, headings removed."""
    return tuple(part.strip() for part in _STEP.split(text)[1:])


def _is_soft(before: str, line: str) -> bool:
    return bool(_WIDE_END.search(before) and _CONTINUES.match(line) and not _BLOCK.match(before) and not _FENCE.match(before))
