"""Follow-up questions: which ones to ask after an answer, where a half-typed reply is kept, and what in the bank is close. Pure."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import log, sqrt
from typing import TYPE_CHECKING, Final

from question_bank.models import ShortAnswer

if TYPE_CHECKING:
    from question_bank.bank import Outline
    from question_bank.models import Theory

_WORD: Final = re.compile(r"[a-z0-9][a-z0-9+.-]*|[\u4e00-\u9fff]+")
_EMPTY: Final = re.compile(
    "什么|为什|怎么|怎样|如何|哪些|哪个|哪里|多少|是否|还要|还有|一个|一定|说明|你会|你的|以及|它们|这样|会有"
)
_CLOSE: Final = 0.8
"""Below this, what two texts share is chance. Set by reading the matches of the bank's own follow-ups."""


def follow_ups_of(question: Theory, judged: Mapping[str, str], first: str | None = None) -> tuple[str, ...]:
    """`first` (the grader's choice), those of points that were not hit, then the question's own; each once."""
    asked = [first] if first else []
    if isinstance(question, ShortAnswer):
        asked += [point.follow_up for point in question.key_points if point.follow_up and judged.get(point.id) != "命中"]
    return tuple(dict.fromkeys([*asked, *question.follow_ups]))


def draft_key(question_id: str, follow_up: str) -> str:
    """The name under which the reply to a follow-up is kept until the answer is recorded."""
    return f"follow:{question_id}:{zlib.crc32(follow_up.encode()):08x}"


def related(outlines: Sequence[Outline], text: str, besides: str, limit: int = 3) -> list[Outline]:
    """Questions whose title and tags share telling words with `text`, the closest first; rare words tell more."""
    words = {outline.id: _terms((outline.title, *outline.tags)) for outline in outlines}
    spread = Counter(term for terms in words.values() for term in terms)
    weights = {term: log(len(outlines) / count) for term, count in spread.items()}
    asked = _terms((text,))
    scored = [
        (
            sum(map(weights.__getitem__, words[outline.id] & asked))
            / sqrt(1 + sum(map(weights.__getitem__, words[outline.id]))),
            outline,
        )
        for outline in outlines
        if outline.id != besides
    ]
    close = sorted((pair for pair in scored if pair[0] >= _CLOSE), key=lambda pair: -pair[0])
    return [outline for _, outline in close[:limit]]


def _terms(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(term for text in texts for term in _split(text.lower()) if not _EMPTY.fullmatch(term))


def _split(text: str) -> Iterator[str]:
    """Latin words whole, Chinese in pairs of neighbours."""
    for word in _WORD.findall(text):
        if word[0] < "\u4e00":
            yield word
        else:
            yield from (word[place : place + 2] for place in range(len(word) - 1))
