"""The Markdown dialect of the bank: GitHub's, with Chinese emphasis, readable math, and no HTML.

HTML is off because Textual drops what it does not draw, and `<pad>` or `List<int>` in a question are words and not tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_cjk_friendly import cjk_friendly

from quizapp.text.math import MATH, transcribe
from quizapp.text.plain import safe

_WIDE_END: Final = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]$")
_WIDE_START: Final = re.compile(r"^[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")


def parser() -> MarkdownIt:
    """A parser for bank and judge Markdown; what `Markdown(parser_factory=…)` takes."""
    markdown = MarkdownIt("gfm-like", {"html": False}).use(cjk_friendly)
    markdown.inline.ruler.before("escape", "math", _math)
    markdown.core.ruler.push("join_chinese_lines", _join_chinese_lines)
    return markdown


def prose(markdown: str) -> str:
    """The words of a Markdown text without its marks: for previews, plain mode and searching what was rendered."""
    return "\n".join(_words(parser().parse(safe(markdown))))


def _words(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("fence", "code_block"):
            yield token.content.rstrip("\n")
        elif token.children is not None:
            yield "".join(_inline(token.children))


def _inline(children: list[Token]) -> Iterator[str]:
    return ("\n" if child.type in ("softbreak", "hardbreak") else child.content for child in children)


def _math(state: StateInline, silent: bool) -> bool:
    r"""Turn `$…$`, `$$…$$`, `\(…\)` and `\[…\]` into their transcription before Markdown sees the `_` and `*` in them."""
    if state.src[state.pos] not in "$\\":
        return False
    match = MATH.match(state.src, state.pos)
    if match is None or match.end() > state.posMax:
        return False
    if not silent:
        token = state.push("text", "", 0)
        token.content = transcribe(next(body for body in match.groups() if body is not None))
    state.pos = match.end()
    return True


def _join_chinese_lines(state: StateCore) -> None:
    """A line end between two Chinese characters is not a space."""
    for token in state.tokens:
        if token.children:
            token.children = [child for index, child in enumerate(token.children) if not _needless_break(token.children, index)]


def _needless_break(children: list[Token], index: int) -> bool:
    if children[index].type != "softbreak":
        return False
    before = next((child.content for child in reversed(children[:index]) if child.content), "")
    after = next((child.content for child in children[index + 1 :] if child.content), "")
    return bool(_WIDE_END.search(before) and _WIDE_START.search(after))
