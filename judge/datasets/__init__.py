"""Real data for the problems, from registry packages. The loaders are for the grader only: nothing here is visible in a box."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from judge.datasets.catalog import cached, get, missing

if TYPE_CHECKING:
    from judge.wire import Array

__all__ = ["DatasetMissing", "Digits", "Faces", "digits", "faces", "missing"]


class DatasetMissing(Exception):
    """A data set is not in the cache. One Chinese sentence."""


@dataclass(frozen=True)
class Digits:
    """uint8 (N,28,28) and int64 (N,) per split. The split is fixed: a learner can never have met a hidden picture here."""

    train_images: Array
    train_labels: Array
    val_images: Array
    val_labels: Array
    test_images: Array
    test_labels: Array


@dataclass(frozen=True)
class Faces:
    """uint8 (N,28,28), with the person and the number of the picture (1..10)."""

    faces: Array
    person: Array
    picture: Array


def _file(name: str) -> Path:
    path = cached(get(name))
    if path is None:
        raise DatasetMissing(f"缺少数据集 {name}：先运行 python -m judge.datasets fetch {name}")
    return path


@lru_cache(maxsize=1)
def digits() -> Digits:
    """3,600 to train, 400 to validate, 1,000 hidden; every class equally often in each (360 / 40 / 100).

    Raises: `DatasetMissing`.
    """
    import numpy as np

    with np.load(_file("digits"), allow_pickle=False) as data:
        images, labels = data["images"], data["labels"]
    order = np.random.default_rng(20231).permutation(len(labels))
    parts: tuple[list[int], list[int], list[int]] = ([], [], [])
    for label in range(10):
        own = [int(i) for i in order if labels[i] == label]
        for part, chosen in zip(parts, (own[:360], own[360:400], own[400:500]), strict=True):
            part.extend(chosen)
    shuffled = [np.random.default_rng(7).permutation(np.array(part)) for part in parts]
    (train, val, test) = shuffled
    return Digits(images[train], labels[train], images[val], labels[val], images[test], labels[test])


@lru_cache(maxsize=1)
def faces() -> Faces:
    """All 400. Raises: `DatasetMissing`."""
    import numpy as np

    with np.load(_file("faces"), allow_pickle=False) as data:
        return Faces(data["faces"], data["person"], data["picture"])
