"""The 400 ORL faces in [-1,1], split so that every person is in both halves and no held-out picture ever enters the box."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from judge.datasets import faces

TRAIN_PICTURES = 7  # of the ten of each person


@dataclass(frozen=True)
class Split:
    """float32 (N,28,28) in [-1,1]; read-only."""

    train: np.ndarray
    held_out: np.ndarray


@lru_cache(maxsize=1)
def split():
    """280 pictures to train on, 120 held out."""
    found = faces()
    scaled = found.faces.astype(np.float32) / 127.5 - 1
    known = found.picture <= TRAIN_PICTURES
    parts = scaled[known], scaled[~known]
    for part in parts:
        part.flags.writeable = False
    return Split(*parts)


def with_mirrored(pictures):
    """(N,28,28) to (2N,28,28): a face seen in a mirror is as good a face."""
    return np.concatenate([pictures, pictures[..., ::-1]])
