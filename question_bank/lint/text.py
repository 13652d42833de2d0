"""Rules for Markdown: what a terminal, GitHub or an Anki card would show differently from what the author meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Final

from markdown_it import MarkdownIt

from question_bank.lint.found import Found, Step
from question_bank.markdown_text import soft_breaks
from question_bank.models import Coding, Question

TABLE_CELLS: Final = 76
"""What an 80-column screen leaves for a table."""

DRAFT: Final = "待审"
"""Tag and first word of what an import could not know."""

_MARKDOWN: Final = frozenset({"prompt", "answer", "brief", "worked", "mistakes", "follow_ups", "why"})
_MARKS: Final = re.compile(r"\*\*|(?<!\w)__|__(?!\w)")
_COMPUTED: Final = re.compile(r"\{=[^{}]*\}")
_MATH: Final = re.compile(r"\$\$.+?\$\$|(?<![\w$])\$\S[^$\n]*?\$", re.DOTALL)


def rules(question: Question) -> Iterator[Found]:
    """All text rules over all Markdown of a question."""
    if DRAFT in question.tags:
        yield Found(f"还是草稿：核对内容以后去掉标签“{DRAFT}”", ("tags",))
    for path, text in _texts(question.model_dump(exclude={"statement", "hints", "starters"})):
        if text.startswith(DRAFT):
            yield Found(f"“{DRAFT}”的地方要由人来写", path)
        for line, message in findings(_COMPUTED.sub("0", text)):
            yield Found(message, path, line)
    if isinstance(question, Coding):
        for line, message in findings(question.statement):
            yield Found(message, line=line, beside="statement.md")
        for step, hint in enumerate(question.hints, start=1):
            for _, message in findings(hint):
                yield Found(f"提示 {step}：{message}", line=1, beside="hints.md")


def findings(markdown: str) -> Iterator[tuple[int, str]]:
    """Line (from 1, in this text) and sentence of everything wrong with one Markdown text."""
    yield from ((line, "这一行与上一行之间会多出空格：同一段中文写成一行") for line in soft_breaks(markdown))
    yield from _unrendered_bold(markdown)
    yield from _tables(markdown)
    yield from _fences(markdown)


def cells(text: str) -> int:
    """Width in terminal cells."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 0 if unicodedata.combining(char) else 1 for char in text)


def ambiguous(text: str) -> set[str]:
    """Characters that are one cell wide in some terminals and two in others."""
    return {char for char in text if unicodedata.east_asian_width(char) == "A"}


def _texts(value: Any, path: tuple[Step, ...] = ()) -> Iterator[tuple[tuple[Step, ...], str]]:
    """Every Markdown text in a dumped question, with the way to it."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, (*path, key))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _texts(item, (*path, index))
    elif isinstance(value, str) and _MARKDOWN & set(path):
        yield path, value


def _unrendered_bold(markdown: str) -> Iterator[tuple[int, str]]:
    """Emphasis marks that plain CommonMark leaves standing, as it does between full-width punctuation and 汉字."""
    without_math = _MATH.sub(lambda match: re.sub(r"[*_]", " ", match[0]), markdown)
    for token in MarkdownIt("commonmark").enable("table").parse(without_math):
        for child in token.children or ():
            if child.type == "text" and _MARKS.search(child.content):
                line = token.map[0] + 1 if token.map else 1
                yield line, f"加粗没有生效：“{child.content.strip()[:20]}”；把标点移到 ** 外面，或与文字隔开"


def _tables(markdown: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(markdown.split("\n"), start=1):
        if not line.lstrip().startswith("|"):
            continue
        if cells(line.strip()) > TABLE_CELLS:
            yield number, f"表格宽 {cells(line.strip())} 格，超过 {TABLE_CELLS}：缩短文字或改成列表"
        if wide := ambiguous(line):
            yield number, f"表格里有宽度不定的字符 {' '.join(sorted(wide))}：列会错位，换一种写法"


def _fences(markdown: str) -> Iterator[tuple[int, str]]:
    marks = [(n, line) for n, line in enumerate(markdown.split("\n"), start=1) if re.match(r" *(```|~~~)", line)]
    if len(marks) % 2:
        yield marks[-1][0], "代码块没有闭合"
    for number, line in marks[::2]:
        if not line.strip("`~ "):
            yield number, "代码块没有写语言：例如 ```python，纯文字用 ```text"
