"""What the judge measures of a set of pictures, (N,28,28) in [-1,1], against the held-out faces. All of it is plain linear algebra in NumPy."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from judge.checks.multimodal.face_gan import classifier
from judge.checks.multimodal.face_gan.faces_data import split, with_mirrored

COMPONENTS = 30
CLOSEST = 0.1
"""Of the pictures, those nearest to the training set: who copies some of them copies these."""
SHIFT = 3
"""A copy moved by up to so many pixels is still a copy."""


@dataclass(frozen=True)
class Measures:
    """One set of pictures in numbers. `diversity`, `novelty` and `closest` are relative to the held-out faces."""

    frechet: float
    face: float
    diversity: float
    novelty: float
    closest: float
    sharpness: float
    beyond: float
    variety: float


def measure(pictures, found):
    """Every number of one set of pictures; `found` is `nearest(pictures)`."""
    return Measures(
        frechet=frechet(pictures),
        face=float(classifier.probabilities(pictures).mean()),
        diversity=spread(pictures) / _held_out_spread(),
        novelty=float(np.median(found.distance)) / _held_out_distance(),
        closest=float(np.quantile(found.distance, CLOSEST)) / _held_out_distance(),
        sharpness=sharpness(pictures),
        beyond=beyond_the_training_set(pictures),
        variety=effective_number(found.index),
    )


def frechet(pictures):
    """Fréchet distance to the held-out faces between Gaussians in a space of 30 principal components (Dowson & Landau 1982)."""
    mean, axes = _space()
    return between(_moments((_flat(pictures) - mean) @ axes.T), _held_out_moments())


@lru_cache(maxsize=1)
def _space():
    """Mean, and the principal axes as rows, of the training faces and their mirror images."""
    known = _flat(with_mirrored(split().train))
    mean = known.mean(0)
    return mean, np.linalg.svd(known - mean, full_matrices=False)[2][:COMPONENTS]


@lru_cache(maxsize=1)
def _held_out_moments():
    mean, axes = _space()
    return _moments((_flat(with_mirrored(split().held_out)) - mean) @ axes.T)


def _moments(points):
    return points.mean(0), np.cov(points, rowvar=False)


def between(one, other):
    """Of two (mean, covariance): |m1-m2|^2 + tr(C1 + C2 - 2 (C1^1/2 C2 C1^1/2)^1/2)."""
    root = _root(one[1])
    cross = np.linalg.eigvalsh(root @ other[1] @ root)
    overlap = np.sqrt(np.maximum(cross, 0)).sum()
    return float(((one[0] - other[0]) ** 2).sum() + np.trace(one[1]) + np.trace(other[1]) - 2 * overlap)


def _root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T


def beyond_the_training_set(pictures):
    """The share of the variance that no linear combination of the training faces explains: a mixture of them, or of their principal
    components, has next to none, held-out faces have 0.06, for there are 784 pixels and only 280 faces."""
    centred = _flat(pictures) - _flat(split().train).mean(0)
    axes = _directions()
    rest = centred - (centred @ axes.T) @ axes
    return float((rest**2).sum() / max(1e-12, float((centred**2).sum())))


@lru_cache(maxsize=1)
def _directions():
    """Every direction in which the training faces differ, as orthonormal rows."""
    known = _flat(split().train)
    _, sizes, axes = np.linalg.svd(known - known.mean(0), full_matrices=False)
    return axes[sizes > 1e-6 * sizes[0]]


def effective_number(index):
    """How many training faces share the part of the nearest one: the exponential of the entropy."""
    share = np.bincount(index) / len(index)
    share = share[share > 0]
    return float(np.exp(-(share * np.log(share)).sum()))


def spread(pictures):
    """Mean distance between two pictures."""
    flat = _flat(pictures)
    squares = (flat**2).sum(1)
    gaps = np.sqrt(np.maximum(squares[:, None] + squares - 2 * flat @ flat.T, 0))
    return float(gaps.sum() / (len(flat) * (len(flat) - 1)))


@lru_cache(maxsize=1)
def _held_out_spread():
    return spread(split().held_out)


@lru_cache(maxsize=1)
def _held_out_distance():
    return float(np.median(nearest(split().held_out).distance))


def sharpness(pictures):
    """Mean |x - blurred x|, brightness from 0 to 1: noise is high, a blurred or an average face low."""
    return float(np.abs(pictures - blurred(pictures)).mean()) / 2


def blurred(pictures):
    """Each pixel becomes the mean of the 3x3 around it; the border repeats."""
    padded = np.pad(pictures, ((0, 0), (1, 1), (1, 1)), mode="edge")
    height, width = pictures.shape[1:]
    return sum(padded[:, y : y + height, x : x + width] for y in range(3) for x in range(3)) / 9


@dataclass(frozen=True)
class Nearest:
    """Of every picture the nearest training face: its distance, its number, and how it would have to be changed."""

    distance: np.ndarray
    index: np.ndarray
    change: np.ndarray


def nearest(pictures):
    """Over every training face moved by up to 3 pixels, mirrored or not, blurred or not. Compared are the pixels that such a move leaves
    in the picture, with brightness and contrast taken out: a paler copy is a copy."""
    inner = standard(pictures[:, SHIFT:-SHIFT, SHIFT:-SHIFT])
    best = Nearest(np.full(len(inner), np.inf), np.zeros(len(inner), int), np.zeros(len(inner), int))
    for number, candidates in enumerate(_changed_faces()):
        gaps = np.sqrt(np.maximum(2 - 2 * (inner @ candidates.T), 0))
        index = gaps.argmin(1)
        found = gaps[np.arange(len(inner)), index]
        better = found < best.distance
        best.distance[better], best.index[better], best.change[better] = found[better], index[better], number
    return best


CHANGES = [
    (blur, mirrored, dy, dx)
    for blur in (0, 1, 3)
    for mirrored in (False, True)
    for dy in range(2 * SHIFT + 1)
    for dx in range(2 * SHIFT + 1)
]


@lru_cache(maxsize=1)
def _changed_faces():
    """The training faces after every change in `CHANGES`, standardised."""
    made = []
    for blur, mirrored, dy, dx in CHANGES:
        known = _blurred_faces(blur)
        known = known[..., ::-1] if mirrored else known
        size = known.shape[1] - 2 * SHIFT
        made.append(standard(known[:, dy : dy + size, dx : dx + size]))
    return made


@lru_cache(maxsize=4)
def _blurred_faces(times):
    return split().train if times == 0 else blurred(_blurred_faces(times - 1))


def standard(pictures):
    """Rows of mean 0 and length 1, float32."""
    rows = pictures.reshape(len(pictures), -1).astype(np.float32)
    rows = rows - rows.mean(1, keepdims=True)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)


def _flat(pictures):
    """Rows of pixels, brightness from 0 to 1."""
    return (pictures.reshape(len(pictures), -1).astype(np.float64) + 1) / 2
