"""Finding a question as it is typed: 汉字, full pinyin, initials, English, misspelt. Pure functions over prepared text.

Every field of all questions is one long string, a question a line, so that a query is a few `str.find` runs in C and ten thousand
questions take milliseconds. Pinyin is prepared when the bank is compiled; searching never loads pypinyin.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from question_bank import pinyin
from question_bank.base import Model

if TYPE_CHECKING:
    from question_bank.models import Question

LIMIT: Final = 200
"""Questions returned at most; a longer list is no answer to a search."""

_FUZZY_CUTOFF: Final = 74.0
_FUZZY_LENGTH: Final = 3
_FUZZY_WORDS: Final = 3
_APART: Final = 12
_GUESS: Final = 16
_SQUEEZED: Final = re.compile(r"[\s\-_/·]+")
_WORD: Final = re.compile(r"[a-z][a-z0-9]{2,}")
_FIELD: Final = "\x1f"

Ranks = dict[int, tuple[int, int]]
"""Row to (tier, place in the field); the lower the better."""


class Column(Model):
    """One field of all questions, a question a line. `starts` marks with 1 where a match may begin; empty: anywhere."""

    text: str
    starts: str = ""

    @cached_property
    def lines(self) -> list[str]:
        """The field, a question an item."""
        return self.text.split("\n")

    @cached_property
    def _offsets(self) -> list[int]:
        return list(accumulate((len(line) + 1 for line in self.lines), initial=0))

    def find(self, term: str, most: int) -> Iterator[tuple[int, int]]:
        """Row and place of the first match in every row that has one, for at most `most` rows."""
        place = self.text.find(term)
        while place >= 0 and most > 0:
            row = bisect_right(self._offsets, place) - 1
            if self.starts and self.starts[place] != "1":
                place = self.text.find(term, place + 1)
                continue
            yield row, place - self._offsets[row]
            most -= 1
            place = self.text.find(term, self._offsets[row + 1])


class Keys(Model):
    """All that searching needs, as text: it is stored in the compiled bank."""

    ids: Column
    titles: Column
    labels: Column
    prompts: Column
    pinyin: Column
    initials: Column
    words: tuple[str, ...]
    sounds: Mapping[str, str]
    weights: tuple[int, ...]


def squeeze(text: str) -> str:
    """`text` as it is compared: one width, one case, no spaces or hyphens. `KV Cache` and `kv-cache` are one word."""
    return _SQUEEZED.sub("", unicodedata.normalize("NFKC", text).lower())


def prepare(questions: Sequence[Question], topics: Mapping[str, str]) -> Keys:
    """The keys of `questions`; `topics` gives the title of every topic id. Loads pypinyin."""
    heard = [list(pinyin.spoken(unicodedata.normalize("NFKC", question.title).lower())) for question in questions]
    return Keys(
        ids=_column(squeeze(question.id) for question in questions),
        titles=_column(squeeze(question.title) for question in questions),
        labels=_column(_labels(question, topics) for question in questions),
        prompts=_column(squeeze(_prompt(question)) for question in questions),
        pinyin=_sounding([syllable for syllable, _ in row] for row in heard),
        initials=_sounding([initial for _, initial in row] for row in heard),
        words=_vocabulary(questions),
        sounds=pinyin.common_characters() if questions else {},
        weights=tuple(question.frequency for question in questions),
    )


def _prompt(question: Question) -> str:
    return question.statement if question.type == "coding" else question.prompt


def _labels(question: Question, topics: Mapping[str, str]) -> str:
    return _FIELD.join(map(squeeze, (*question.tags, topics.get(question.topic, ""))))


def _column(rows: Iterable[str]) -> Column:
    return Column(text="\n".join(row.replace("\n", "") for row in rows))


def _sounding(rows: Iterable[Sequence[str]]) -> Column:
    """Syllables run together, with a mark where each begins, so that `xing` is not found inside `qingkuang`."""
    parts = list(rows)
    starts = "0".join("".join("1" + "0" * (len(part) - 1) for part in row) for row in parts)
    return Column(text="\n".join("".join(row) for row in parts), starts=starts)


def _vocabulary(questions: Sequence[Question]) -> tuple[str, ...]:
    """Latin words of titles, tags and ids: what a misspelt word is compared with."""
    text = " ".join(" ".join((question.title, question.id.replace("_", " "), *question.tags)) for question in questions)
    return tuple(sorted(set(_WORD.findall(unicodedata.normalize("NFKC", text).lower()))))


@dataclass(frozen=True)
class Index:
    """Searches the keys of a bank. Rows are numbered as the questions were."""

    keys: Keys

    def search(self, query: str, limit: int = LIMIT) -> list[int]:
        """Rows that answer `query`, best first. Words apart by spaces must all be there, in any field. Empty query: nothing."""
        terms = [term for term in map(squeeze, query.split()) if term]
        if not terms:
            return []
        joined = "".join(terms)
        ranked = self._found(joined, limit)
        if len(terms) > 1:
            ranked = self._found_apart(terms, limit) | ranked
        ranked = ranked or self._guessed(joined, limit)
        ordered = sorted(ranked, key=lambda row: (ranked[row][0], -self.keys.weights[row], ranked[row][1], row))
        return ordered[:limit]

    def _columns(self, term: str) -> Iterator[tuple[int, Column]]:
        """Where to look for `term`, best first, with the tier of a match there. One letter would be found everywhere."""
        yield 0, self.keys.titles
        yield 4, self.keys.labels
        if len(term) == 1 and term.isascii():
            return
        yield 2, self.keys.ids
        if term.isascii():
            yield 6, self.keys.initials
            yield 8, self.keys.pinyin
        yield 10, self.keys.prompts

    def _found(self, term: str, limit: int) -> Ranks:
        """Rows that hold `term`; no more fields are searched once there are enough, for later ones rank lower."""
        found: Ranks = {}
        for tier, column in self._columns(term):
            if len(found) < limit:
                _add(found, column, term, tier, 5 * max(limit, LIMIT))
        return found

    def _found_apart(self, terms: Sequence[str], limit: int) -> Ranks:
        """Rows that hold every term: all in the title, else in title and labels, else anywhere, else by sound."""
        found: Ranks = {}
        for tier, lines in enumerate(self._layers):
            if len(found) < limit:
                rows: Iterable[int] = range(len(lines))
                for term in terms:
                    rows = [row for row in rows if term in lines[row]]
                found = dict.fromkeys(rows, (_APART + tier, 0)) | found
        return found if found else self._heard_apart(terms)

    @cached_property
    def _layers(self) -> tuple[list[str], list[str], list[str]]:
        titles = self.keys.titles.lines
        labelled = [_FIELD.join(pair) for pair in zip(titles, self.keys.labels.lines, strict=True)]
        whole = zip(labelled, self.keys.ids.lines, self.keys.prompts.lines, strict=True)
        return titles, labelled, [_FIELD.join(parts) for parts in whole]

    def _heard_apart(self, terms: Sequence[str]) -> Ranks:
        """Rows where every term is somewhere, Latin ones perhaps only in the sound of the title."""
        rows = set(range(len(self.keys.weights)))
        everything = self._layers[-1]
        for term in terms:
            heard = {row for column in (self.keys.initials, self.keys.pinyin) for row, _ in column.find(term, len(rows))}
            rows = {row for row in rows if row in heard or term in everything[row]}
        return dict.fromkeys(rows, (_APART + len(self._layers), 0))

    def _guessed(self, term: str, limit: int) -> Ranks:
        """What may have been meant: a word spelt alike, a title that sounds the same, a title that reads nearly so."""
        found: Ranks = {}
        if term.isascii():
            for word in self._alike(term):
                for column in (self.keys.titles, self.keys.labels, self.keys.ids):
                    _add(found, column, word, _GUESS, limit)
            return found
        _add(found, self.keys.pinyin, "".join(self.keys.sounds.get(char, char) for char in term), _GUESS, limit)
        return found or self._near(term, limit)

    def _alike(self, term: str) -> list[str]:
        from rapidfuzz import fuzz, process

        if len(term) < _FUZZY_LENGTH:
            return []
        matches = process.extract(term, self.keys.words, scorer=fuzz.ratio, score_cutoff=_FUZZY_CUTOFF, limit=_FUZZY_WORDS)
        return [word for word, _, _ in matches]

    def _near(self, term: str, limit: int) -> Ranks:
        from rapidfuzz import fuzz, process

        if len(term) < _FUZZY_LENGTH:
            return {}
        titles = self.keys.titles.lines
        matches = process.extract(term, titles, scorer=fuzz.partial_ratio, score_cutoff=_FUZZY_CUTOFF, limit=limit)
        return {row: (_GUESS + 1, round(100 - score)) for _, score, row in matches}


def _add(found: Ranks, column: Column, term: str, tier: int, most: int) -> None:
    """Rows of `column` that hold `term`, unless they were found better; a match at the beginning is one tier better."""
    for row, place in column.find(term, most):
        if row not in found or (tier - (place == 0), place) < found[row]:
            found[row] = (tier - (place == 0), place)
