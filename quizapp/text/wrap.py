"""Line breaking by Chinese rules (避头尾), installed into Textual once at start.

Textual breaks lines at spaces only, so a Chinese sentence is one unbreakable word: it leaves the Latin word before it alone on
its line, begins lines with a comma, and is cut with an ellipsis in tables. Here every 汉字 may begin a line; Latin words stay
whole; opening brackets stay with what follows and closing punctuation with what precedes.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any, Final

from rich.cells import cell_len, chop_cells

_OPEN = "（《「『【〈〔“‘"
_CLOSE = "，。、；：？！）》」』】〉〕”’…—～·％"
_WIDE = r"\u2e80-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_LATIN = rf"[^\s(\[{{{_OPEN}{_CLOSE}{_WIDE}]"
_ATOM: Final = re.compile(
    rf"\s+"
    rf"|(?:[{_OPEN}(\[{{]++|{_LATIN}++(?=[(\[{{]))*+"  # openers, and Latin that runs into one: `f(`
    rf"(?:{_LATIN}++|[^\s{_OPEN}{_CLOSE}(\[{{])?+"  # one Latin word or one wide character
    rf"[{_CLOSE}),.;:?!%\]}}]*+\s*+"  # closers, and the spaces that may hang over the edge
)

_GONE: Final = "textual 换了内部实现：{where} 不见了。请按 constraints.txt 里的版本安装。"


def atoms(text: str) -> Iterator[tuple[int, int]]:
    """Spans of `text` between which a line may be broken. They cover it without gaps."""
    for match in _ATOM.finditer(text):
        if match.end() > match.start():
            yield match.span()


def divide_line(text: str, width: int, fold: bool = True) -> list[int]:
    """Offsets in `text` at which to begin a new line so that none is wider than `width` cells.

    Same contract as Rich's function of this name: with `fold` an atom wider than the line is broken anywhere.
    """
    breaks: list[int] = []
    used = 0
    for start, end in atoms(text):
        atom = text[start:end]
        needed = cell_len(atom.rstrip())
        if used + needed <= width:
            used += cell_len(atom)
        elif needed > width and fold:
            pieces = chop_cells(atom, width)
            offset = start
            for piece in pieces:
                if offset:
                    breaks.append(offset)
                offset += len(piece)
            used = cell_len(pieces[-1])
        else:
            if start:
                breaks.append(start)
            used = cell_len(atom)
    return breaks


def chunks(text: str) -> Iterator[tuple[int, int, str]]:
    """The same atoms in the shape that `TextArea` asks for."""
    return ((start, end, text[start:end]) for start, end in atoms(text))


def minimal_width(text: str) -> int:
    """Cells of the widest atom: how narrow a column may become before text is broken inside a word."""
    return max((cell_len(text[start:end].strip()) for start, end in atoms(text)), default=0)


def _content_minimal_width(self: Any, rules: dict[str, Any]) -> int:
    if self._minimal_width_cache is None:
        self._minimal_width_cache = minimal_width(self.plain)
    return int(self._minimal_width_cache) + int(rules.get("line_pad", 0)) * 2


PARSER_THRESHOLD: Final = 4096
"""Characters of one terminal sequence. Textual gives up after 32, which turns an IME commit of five 汉字 into stray keys on
terminals that report text through the kitty keyboard protocol."""

_PATCHES: Final[tuple[tuple[str, str, Any], ...]] = (
    ("rich._wrap", "divide_line", divide_line),
    ("rich.text", "divide_line", divide_line),
    ("textual.content", "divide_line", divide_line),
    ("textual._wrap", "chunks", chunks),
    ("textual._xterm_parser", "_MAX_SEQUENCE_SEARCH_THRESHOLD", PARSER_THRESHOLD),
)


def _existing(module_name: str, name: str) -> ModuleType:
    module = importlib.import_module(module_name)
    if not hasattr(module, name):
        raise RuntimeError(_GONE.format(where=f"{module_name}.{name}"))
    return module


def install() -> None:
    """Put these rules into Textual. Safe to call again; fails loudly when a place to patch is gone."""
    for module_name, name, replacement in _PATCHES:
        setattr(_existing(module_name, name), name, replacement)
    content = _existing("textual.content", "Content").Content
    if not hasattr(content, "get_minimal_width"):
        raise RuntimeError(_GONE.format(where="Content.get_minimal_width"))
    content.get_minimal_width = _content_minimal_width
