"""How key points meet an answer at its simplest: one normal form of text, and keywords found in it.

The lint uses this to prove that a model answer hits its own key points. Grading builds on the same normal form, so that a
`must_not` pattern means the same when it is written, checked and applied.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import product

_STYLE = re.compile(r"\*\*|[`\u200b-\u200d\ufeff]")
_SPACE = re.compile(r"\s+")
_LOOSE = re.compile(r"(?<![\x21-\x7e]) | (?![\x21-\x7e])")
_JOINT = re.compile(r"[\s\-_‐-―]+")
_GAP = re.compile(r"\.{3}|…")  # NFKC turns an ellipsis into three full stops
_CHOICE = re.compile(r"\{([^{}]*)\}")
_GAP_PATTERN = r"(?:(?!不需要|不用|不必|无需|没必要|没有)[^,。;!?]){0,8}?"


def normalise(text: str) -> str:
    """Full width to half, upper case to lower, line ends to full stops; spaces stay only between two Latin words.

    `ＲＬＨＦ 与 DPO，对比` becomes `rlhf与dpo,对比`: whether an author or a learner puts spaces around Latin words must not matter.
    """
    plain = unicodedata.normalize("NFKC", _STYLE.sub("", text.strip()).replace("\n", "。")).lower()
    return _LOOSE.sub("", _SPACE.sub(" ", plain))


@lru_cache(maxsize=65536)
def keyword_pattern(keyword: str) -> re.Pattern[str]:
    """Finds `keyword` in normalised text: `KV Cache` also as `kvcache` or `kv-cache`; Latin words not inside other words.

    `预测…噪声` allows a few characters in between, but no comma, full stop or denial; `{学|训}不动` stands for `学不动` and `训不动`.
    """
    return re.compile(_source(keyword))


@lru_cache(maxsize=16384)
def group_pattern(group: tuple[str, ...]) -> re.Pattern[str]:
    """Finds any keyword of a group, the longest first."""
    return re.compile("|".join(f"(?:{_source(keyword)})" for keyword in sorted(group, key=len, reverse=True)))


def _source(keyword: str) -> str:
    return _GAP_PATTERN.join(_choices(part) for part in _GAP.split(normalise(keyword)) if part)


def _choices(part: str) -> str:
    words = [_word(word) for word in spelled_out(part)]
    return words[0] if len(words) == 1 else f"(?:{'|'.join(words)})"


def spelled_out(keyword: str) -> list[str]:
    """The keywords that one with `{a|b}` in it stands for, the longest first."""
    pieces = [piece.split("|") if inside else [piece] for inside, piece in _pieces(keyword)]
    return sorted(("".join(chosen) for chosen in product(*pieces)), key=len, reverse=True)


def _pieces(keyword: str) -> Iterator[tuple[bool, str]]:
    for index, piece in enumerate(_CHOICE.split(keyword)):
        yield index % 2 == 1, piece


def _word(text: str) -> str:
    body = r"[\s\-_]*".join(re.escape(part) for part in _JOINT.split(text) if part)
    before = r"(?<![a-z0-9])" if re.match(r"[a-z0-9]", body) else ""
    after = r"(?![a-z0-9])" if re.search(r"[a-z0-9]$", body) else ""
    return f"{before}{body}{'s?' if after and body[-1:].isalpha() else ''}{after}"


def has_keyword(keyword: str, normalised: str) -> bool:
    """Whether `keyword` stands in the normalised text."""
    return keyword_pattern(keyword).search(normalised) is not None


def hit_groups(keywords: tuple[tuple[str, ...], ...], normalised: str) -> list[bool]:
    """For every keyword group, whether one of its synonyms is there."""
    return [any(has_keyword(keyword, normalised) for keyword in group) for group in keywords]
