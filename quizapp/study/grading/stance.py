"""How much a sentence sounds like the wrong way round, told by the wording of thousands of right and wrong sentences.

A linear model (logistic regression) over the short pieces of a sentence, each also together with the question and with the point that
the sentence is about, so that `越大` may be right of one and wrong of another. It knows nothing and reads nothing: keywords find the point,
this only doubts them. Learnt from the labelled sentences and answers of the tests by `make stance`, whose figures are in docs/grading.md;
a megabyte, no framework.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from question_bank.matching import normalise

LEARNT: Final = Path(__file__).with_name("stance.bin")
BITS: Final = 20
"""Pieces are told apart by this many bits of their checksum; some share a weight, which costs little."""
ENOUGH: Final = 19
"""Characters of the shortest sentence that is doubted."""
_LONGEST: Final = 4


@dataclass(frozen=True)
class Stance:
    """The model: a weight per piece, signed bytes to be multiplied by `scale`. `questions` are those it has learnt about."""

    questions: frozenset[str]
    weights: Sequence[int]
    rarity: Sequence[int]
    """How much a piece counts, 0 to 255: less, the more of the sentences had it (inverse document frequency)."""
    scale: float
    bias: float
    threshold: float
    """The doubt from which on a sentence is taken for the opposite."""

    def doubts(self, question: str, point: str, sentence: str) -> bool:
        """Whether `sentence`, in an answer to `question`, sounds like the opposite of `point`. Never of a question it does not know, nor
        of a few words, in which hardly anything tells."""
        return (
            question in self.questions and len(sentence) >= ENOUGH and self.doubt(question, point, sentence) >= self.threshold
        )

    def doubt(self, question: str, point: str, sentence: str) -> float:
        """Log odds that `sentence` says `point` the wrong way round, were half of all sentences such."""
        found = pieces(question, point, sentence)
        counts = [self.rarity[place] for place in found]
        size = math.hypot(*counts) or 1.0
        return (
            self.bias + self.scale * sum(self.weights[place] * count for place, count in zip(found, counts, strict=True)) / size
        )


def pieces(question: str, point: str, sentence: str) -> list[int]:
    """The places of a sentence's pieces among the weights, sorted: one to four characters, alone, with the question, with the point.

    Without the last when `point` is empty, the sentence being about no particular one.
    """
    said_of = ("", f"{question}|", *([f"{question}/{point}|"] if point else []))
    return sorted({_place(of + short) for short in _pieces(normalise(sentence)) for of in said_of})


def _pieces(text: str) -> Iterator[str]:
    for length in range(1, _LONGEST + 1):
        for start in range(len(text) - length + 1):
            yield text[start : start + length]


def _place(piece: str) -> int:
    return zlib.crc32(piece.encode()) % (1 << BITS)


@cache
def learnt(path: Path = LEARNT) -> Stance:
    """The model as it was learnt: a line of JSON, then, packed, the weights and the rarities."""
    head, packed = path.read_bytes().split(b"\n", 1)
    data = json.loads(head)
    both = memoryview(zlib.decompress(packed))
    half = len(both) // 2
    return Stance(
        frozenset(data["questions"]), both[:half].cast("b"), both[half:], data["scale"], data["bias"], data["threshold"]
    )


def store(model: Stance, path: Path = LEARNT) -> None:
    """Write `model` where `learnt` reads it."""
    head = {"questions": sorted(model.questions), "scale": model.scale, "bias": model.bias, "threshold": model.threshold}
    packed = zlib.compress(bytes(weight & 0xFF for weight in model.weights) + bytes(model.rarity), 9)
    path.write_bytes(json.dumps(head).encode() + b"\n" + packed)
