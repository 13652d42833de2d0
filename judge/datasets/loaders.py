"""The data as the grader takes it: NumPy arrays and plain text, split the same way on every machine.

Splits go by the sha256 of the content, so they depend neither on the order of the source nor on a random generator's version. What is hidden
in one place is hidden everywhere, and none of it is ever handed to a learner's code.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from judge.datasets import mnist
from judge.datasets.catalog import State, get, path_of, state
from judge.datasets.problems import DatasetMissing

if TYPE_CHECKING:
    from judge.wire import Array

PER_CLASS = (360, 40, 100)
"""How many pictures of each digit are for training, for validation, and hidden."""
FROM_WHOLE = (12_000, 2_000)
"""Of the whole MNIST, for training and validation; its rows are in no order."""
HIDDEN_SENTENCES = 300


@dataclass(frozen=True)
class Digits:
    """uint8 (N,28,28) and int64 (N,) per split; all read-only."""

    train_images: Array
    train_labels: Array
    val_images: Array
    val_labels: Array
    test_images: Array
    test_labels: Array


@dataclass(frozen=True)
class Faces:
    """uint8 (400,28,28), with the person (1..40) and the number of the picture (1..10), int64 (400,); all read-only."""

    faces: Array
    person: Array
    picture: Array


@dataclass(frozen=True)
class Translation:
    """English tokens separated by blanks, and the Tatoeba ids of both sentences, for attribution."""

    en: str
    zh_id: int
    en_id: int


@dataclass(frozen=True)
class Sentence:
    """A Chinese sentence and every translation known of it."""

    zh: str
    translations: tuple[Translation, ...]


@dataclass(frozen=True)
class ZhEn:
    """Sentences to train on, and sentences whose Chinese is met nowhere in `train`."""

    train: tuple[Sentence, ...]
    test: tuple[Sentence, ...]


def digits() -> Digits:
    """3,600 pictures to train, 400 to validate, 1,000 hidden, every class equally often.

    With `$QUIZAPP_MNIST` (see `judge.datasets.mnist`) as many of the whole MNIST as fit the budget of CPU seconds: 12,000, 2,000 and all of its
    own 10,000 for testing.

    Raises: `DatasetMissing`.
    """
    return _digits(mnist.chosen())


@lru_cache(maxsize=2)
def _digits(whole: Path | None) -> Digits:
    return Digits(*map(_read_only, _from_whole(whole) if whole else _five_thousand()))


@lru_cache(maxsize=1)
def faces() -> Faces:
    """All 400. Raises: `DatasetMissing`."""
    with np.load(_file("faces"), allow_pickle=False) as data:
        return Faces(*(_read_only(data[name]) for name in ("faces", "person", "picture")))


@lru_cache(maxsize=1)
def zh_en() -> ZhEn:
    """3,049 sentences to train on and 300 hidden ones, in an order that has nothing to do with their meaning.

    Raises: `DatasetMissing`.
    """
    listed = json.loads(_file("zh_en").read_text(encoding="utf-8"))
    sentences = [Sentence(zh, tuple(Translation(*one) for one in translations)) for zh, translations in listed]
    sentences.sort(key=lambda sentence: _digest(sentence.zh.encode()))
    return ZhEn(tuple(sentences[HIDDEN_SENTENCES:]), tuple(sentences[:HIDDEN_SENTENCES]))


def _file(name: str) -> Path:
    dataset = get(name)
    found = state(dataset)
    if found is not State.READY:
        raise DatasetMissing(f"数据集 {name} {found.label}：请运行 python -m judge.datasets fetch {name}")
    return path_of(dataset)


def _five_thousand() -> Sequence[Array]:
    with np.load(_file("digits"), allow_pickle=False) as data:
        images, labels = data["images"], data["labels"]
    parts = stratified([_digest(image.tobytes()) for image in images], labels.tolist())
    return [array[part] for part in parts for array in (images, labels)]


def stratified(digests: Sequence[str], labels: Sequence[int]) -> tuple[list[int], list[int], list[int]]:
    """Row numbers for training, validation and hidden test: each class in the order of its digests, cut by `PER_CLASS`."""
    parts: tuple[list[int], list[int], list[int]] = ([], [], [])
    met = dict.fromkeys(labels, 0)
    bounds = np.cumsum(PER_CLASS)
    for row in sorted(range(len(labels)), key=digests.__getitem__):
        part = int(np.searchsorted(bounds, met[labels[row]], side="right"))
        met[labels[row]] += 1
        if part < len(parts):
            parts[part].append(row)
    return parts


def _from_whole(path: Path) -> Sequence[Array]:
    train, labels, test, test_labels = mnist.load(path)
    first, second = FROM_WHOLE[0], sum(FROM_WHOLE)
    return train[:first], labels[:first], train[first:second], labels[first:second], test, test_labels


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _read_only(array: Array) -> Array:
    array.flags.writeable = False
    return array
