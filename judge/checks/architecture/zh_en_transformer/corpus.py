"""The sentences of one run: real ones from Tatoeba, and generated ones in which nothing but word order says who did it to whom.

BLEU on the real sentences hardly notices a missing positional encoding, so a part of the generated sentences is held out in pairs: "A helps B"
and "B helps A", neither of which is ever trained on. The generated part and the places of the special tokens are new in every run.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from judge.datasets import Sentence, zh_en

Ids = NDArray[np.int64]

GENERATED = 800
SWAP_PAIRS = 60
SPECIALS = ("<pad>", "<bos>", "<eos>")

PEOPLE = {
    "老师": "the teacher", "医生": "the doctor", "学生": "the student", "朋友": "the friend", "爸爸": "dad", "妈妈": "mom",
    "哥哥": "the brother", "姐姐": "the sister", "汤姆": "tom", "玛丽": "mary",
}  # fmt: skip
VERBS = {
    "帮助": ("help", "helped"), "喜欢": ("like", "liked"), "认识": ("know", "known"),
    "看见": ("see", "seen"), "等着": ("await", "awaited"), "相信": ("trust", "trusted"),
}  # fmt: skip
QUALITIES = {"高": ("tall", "taller"), "忙": ("busy", "busier"), "老": ("old", "older"), "快": ("quick", "quicker")}


@dataclass(frozen=True)
class Pair:
    """A Chinese sentence by characters and its translations by words."""

    zh: tuple[str, ...]
    en: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Vocabulary:
    """Tokens and their numbers; the special ones stand where this run put them."""

    tokens: tuple[str, ...]
    pad: int
    bos: int
    eos: int

    def __len__(self) -> int:
        return len(self.tokens)

    def numbers(self) -> dict[str, int]:
        """Token to number."""
        return {token: number for number, token in enumerate(self.tokens)}

    def words(self, row: Ids) -> list[str]:
        """The tokens of a row up to its first end or padding, without the beginning."""
        stop = [i for i, number in enumerate(row) if number in (self.eos, self.pad)]
        kept = row[: stop[0]] if stop else row
        return [self.tokens[number] for number in kept if number != self.bos and 0 <= number < len(self.tokens)]


@dataclass(frozen=True)
class Corpus:
    """Everything of one run. `train` goes into the box as numbers; of the rest only the Chinese does."""

    source: Vocabulary
    target: Vocabulary
    train: tuple[Pair, ...]
    tatoeba: tuple[Pair, ...]
    swaps: tuple[Pair, ...]
    """Sentence 2k is sentence 2k+1 with the two people exchanged."""

    def source_rows(self, pairs: tuple[Pair, ...]) -> Ids:
        """Chinese as numbers, padded on the right."""
        numbers = self.source.numbers()
        return padded([[numbers[char] for char in pair.zh] for pair in pairs], self.source.pad)

    def target_rows(self, pairs: tuple[Pair, ...]) -> Ids:
        """The first translation as `BOS … EOS`, padded on the right."""
        numbers, target = self.target.numbers(), self.target
        return padded([[target.bos, *(numbers[word] for word in pair.en[0]), target.eos] for pair in pairs], target.pad)


def padded(rows: list[list[int]], pad: int) -> Ids:
    """Rows of different lengths as one array."""
    out = np.full((len(rows), max(map(len, rows))), pad, np.int64)
    for i, row in enumerate(rows):
        out[i, : len(row)] = row
    return out


def make(rng: np.random.Generator) -> Corpus:
    """The corpus of a run. Raises `DatasetMissing`."""
    place = rng.permutation(len(SPECIALS))
    if SPECIALS[place[0]] == "<pad>":  # nobody may count on padding being 0
        place = np.roll(place, 1)
    return with_specials(rng, place)


def with_specials(rng: np.random.Generator, place: NDArray[np.int64]) -> Corpus:
    """The corpus with the special tokens in the order `place`."""
    found = zh_en()
    real = [pair_of(one) for one in found.train]
    made, swaps = generated(rng)
    both = real + made
    train = [both[i] for i in rng.permutation(len(both))]
    source = vocabulary({char for pair in train for char in pair.zh}, place)
    target = vocabulary({word for pair in train for word in pair.en[0]}, place)
    known = set(source.tokens)
    hidden = tuple(pair for pair in map(pair_of, found.test) if known.issuperset(pair.zh))
    return Corpus(source, target, tuple(train), hidden, tuple(swaps))


def pair_of(sentence: Sentence) -> Pair:
    """A sentence of the data set, split into tokens."""
    return Pair(tuple(sentence.zh), tuple(tuple(one.en.split()) for one in sentence.translations))


def vocabulary(tokens: set[str], place: NDArray[np.int64]) -> Vocabulary:
    """Special tokens first, in the order `place`; both languages share their places, so that one `pad_id` serves both."""
    specials = [SPECIALS[i] for i in place]
    pad, bos, eos = (specials.index(name) for name in SPECIALS)
    return Vocabulary((*specials, *sorted(tokens)), pad, bos, eos)


def generated(rng: np.random.Generator) -> tuple[list[Pair], list[Pair]]:
    """Sentences to train on, and hidden pairs of sentences that differ in nothing but the order of the two people."""
    duos = list(itertools.combinations(PEOPLE, 2))
    grid = [(frame, *duo) for frame in FRAMES for duo in duos]
    order = rng.permutation(len(grid))
    hidden = [grid[i] for i in order[:SWAP_PAIRS]]
    swaps = [sentence(frame, *who) for frame, a, b in hidden for who in ((a, b), (b, a))]
    rest = [(frame, *who) for frame, a, b in (grid[i] for i in order[SWAP_PAIRS:]) for who in ((a, b), (b, a))]
    chosen = rng.permutation(len(rest))[:GENERATED]
    return [sentence(*rest[i]) for i in chosen], swaps


def sentence(frame: tuple[str, str], a: str, b: str) -> Pair:
    """One sentence about `a` and `b`."""
    zh, en = frame
    words = en.format(a=PEOPLE[a], b=PEOPLE[b]).split()
    return Pair(tuple(zh.format(a=a, b=b)), (tuple(words),))


def _frames() -> list[tuple[str, str]]:
    frames = []
    for zh, (verb, participle) in VERBS.items():
        frames += [
            (f"{{a}}{zh}{{b}}。", f"{{a}} does {verb} {{b}} ."),
            (f"{{a}}不{zh}{{b}}。", f"{{a}} doesn't {verb} {{b}} ."),
            (f"{{a}}会{zh}{{b}}。", f"{{a}} will {verb} {{b}} ."),
            (f"{{a}}被{{b}}{zh}。", f"{{a}} is {participle} by {{b}} ."),
        ]
    for zh, (plain, comparative) in QUALITIES.items():
        frames += [
            (f"{{a}}比{{b}}{zh}。", f"{{a}} is {comparative} than {{b}} ."),
            (f"{{a}}说{{b}}很{zh}。", f"{{a}} says {{b}} is {plain} ."),
        ]
    return frames


FRAMES = _frames()
