"""One normal form of a learner's text, with the way back: every character knows where it stood in the original.

The form is that of `question_bank.matching.normalise` (NFKC, lower case, one space), and further: traditional characters become
simplified, spaces beside Chinese go, a line end is a full stop, Markdown's emphasis goes.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from quizapp.study.traditional import CHARACTERS, TERMS

Span = tuple[int, int]
"""Start and end (exclusive) in code points."""

_DROPPED: Final = re.compile(r"\*\*|[`\u200b-\u200d\ufeff]")
_TERMS: Final = re.compile("|".join(sorted(TERMS, key=len, reverse=True)))
_SPACES: Final = re.compile(" +")
_JOINTS: Final = frozenset(" -_\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00b7")


@dataclass(frozen=True, slots=True)
class Folded:
    """Normalised `text`; character `i` of it comes from `starts[i]` to `ends[i]` of the original."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def origin(self, span: Span) -> Span:
        """Where a span of `text` stood in the original."""
        start, end = span
        return self.starts[start], self.ends[end - 1]


@dataclass(frozen=True, slots=True)
class Tight:
    """Normalised text without any spaces and hyphens, for finding terms: `kvcache` for `KV-Cache`.

    `places[i]` is the place of character `i` in the `Folded` text; a term of Latin letters begins and ends at `edges`.
    """

    text: str
    places: tuple[int, ...]
    edges: frozenset[int]

    def span(self, start: int, end: int) -> Span:
        """Where a stretch of this text stands in the `Folded` text."""
        return self.places[start], self.places[end - 1] + 1


def fold(text: str) -> Folded:
    """The normal form of `text`."""
    chars, starts, ends = _characters(text)
    if any(char in CHARACTERS for char in text):
        chars, starts, ends = _with_terms(chars, starts, ends)
    kept = _kept("".join(chars))
    return Folded("".join(chars[i] for i in kept), tuple(starts[i] for i in kept), tuple(ends[i] for i in kept))


def plain(text: str) -> str:
    """Only the text of the normal form."""
    return fold(text).text


def tighten(text: str) -> Tight:
    """Normalised text with everything taken out that people write or leave out as they like."""
    places = [i for i, char in enumerate(text) if char not in _JOINTS]
    edges = {0, len(places)}
    for index in range(1, len(places)):
        before, here = places[index - 1], places[index]
        if here - before > 1 or not (_is_latin(text[before]) and _is_latin(text[here])):
            edges.add(index)
    return Tight("".join(text[i] for i in places), tuple(places), frozenset(edges))


def tight_term(term: str) -> str:
    """A keyword in the form it has in a `Tight` text."""
    return "".join(char for char in plain(term) if char not in _JOINTS)


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


@lru_cache(maxsize=8192)
def _folded(char: str) -> str:
    if char == "\n":
        return "。"
    simple = unicodedata.normalize("NFKC", CHARACTERS.get(char, char)).lower()
    return " " if simple.isspace() else simple


def _characters(text: str) -> tuple[list[str], list[int], list[int]]:
    """Character by character, without the marks that only style."""
    dropped = {i for match in _DROPPED.finditer(text) for i in range(*match.span())}
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for place, char in enumerate(text):
        if place in dropped:
            continue
        for new in _folded(char):
            chars.append(new)
            starts.append(place)
            ends.append(place + 1)
    return chars, starts, ends


def _with_terms(chars: list[str], starts: list[int], ends: list[int]) -> tuple[list[str], list[int], list[int]]:
    """Taiwanese terms replaced; each character of the new term stands for the whole old one."""
    text = "".join(chars)
    result: tuple[list[str], list[int], list[int]] = ([], [], [])
    at = 0
    for match in _TERMS.finditer(text):
        begin, end = match.span()
        new = TERMS[match[0]]
        result[0].extend([*chars[at:begin], *new])
        result[1].extend([*starts[at:begin], *[starts[begin]] * len(new)])
        result[2].extend([*ends[at:begin], *[ends[end - 1]] * len(new)])
        at = end
    result[0].extend(chars[at:])
    result[1].extend(starts[at:])
    result[2].extend(ends[at:])
    return result


def _kept(text: str) -> list[int]:
    """Places that stay: of spaces only one, and only between two Latin words."""
    gone: set[int] = set()
    for match in _SPACES.finditer(text):
        start, end = match.span()
        between = text[max(start - 1, 0) : start] + text[end : end + 1]
        gone.update(range(start + 1 if len(between) == 2 and between.isascii() else start, end))
    return [place for place in range(len(text)) if place not in gone]
