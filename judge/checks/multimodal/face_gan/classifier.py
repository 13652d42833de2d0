"""Is it a face? Histograms of oriented gradients (Dalal & Triggs 2005) and a logistic regression, fitted once per process in NumPy.

Faces are the 400 ORL pictures as they are, moved, mixed, blurred and grainy, for a drawn face need not be a clean photograph. What is no
face is made of them and of noise: shuffled patches, upside-down faces, blobs, snow.
"""

from functools import lru_cache

import numpy as np

from judge.checks.multimodal.face_gan.faces_data import split, with_mirrored

CELL, BINS = 7, 8
RIDGE = 1.0


def probabilities(pictures):
    """(N,28,28) to the probability of being a face, (N,)."""
    return _sigmoid(_with_one(features(pictures)) @ _weights())


def features(pictures):
    """The gradient directions in each 7x7 cell as a histogram of 8, normalised over 2x2 cells: (N,288)."""
    x = pictures.astype(np.float64)
    dy, dx = np.gradient(x, axis=(1, 2))
    strength, angle = np.hypot(dy, dx), np.mod(np.arctan2(dy, dx), np.pi) / np.pi * BINS
    low = np.floor(angle).astype(int) % BINS
    share = angle - np.floor(angle)
    cells = x.shape[1] // CELL
    histogram = np.zeros((len(x), cells, cells, BINS))
    for number in range(BINS):
        weight = strength * ((low == number) * (1 - share) + ((low + 1) % BINS == number) * share)
        histogram[..., number] = weight.reshape(len(x), cells, CELL, cells, CELL).sum((2, 4))
    blocks = [histogram[:, a : a + cells - 1, b : b + cells - 1] for a in (0, 1) for b in (0, 1)]
    joined = np.concatenate(blocks, -1)
    joined /= np.sqrt((joined**2).sum(-1, keepdims=True) + 0.05)
    return joined.reshape(len(x), -1)


@lru_cache(maxsize=1)
def _weights():
    """Logistic regression by Newton's method; the ridge keeps it from certainty."""
    rng = np.random.default_rng(2014)
    known = with_mirrored(np.concatenate([split().train, split().held_out]))
    sets = faces(known, rng), not_faces(known, rng)
    inputs = np.concatenate([_with_one(features(pictures)) for pictures in sets])
    counts = [len(pictures) for pictures in sets]
    return _fit(inputs, np.repeat([1.0, 0.0], counts), np.repeat([0.5 * sum(counts) / count for count in counts], counts))


def _fit(inputs, targets, importance):
    weights = np.zeros(inputs.shape[1])
    for _ in range(8):
        chance = _sigmoid(inputs @ weights)
        slope = inputs.T @ (importance * (chance - targets)) + RIDGE * weights
        curvature = (inputs * (importance * chance * (1 - chance))[:, None]).T @ inputs + RIDGE * np.eye(len(weights))
        weights = weights - np.linalg.solve(curvature, slope)
    return weights


def faces(known, rng):
    """(M,28,28): photographs, and what a generator paints that has learnt faces."""
    some = known[rng.permutation(len(known))]
    mixed = (some[:200] + some[200:400]) / 2
    kinds = [
        known,
        *(np.roll(some[100 * i : 100 * i + 100], move, (1, 2)) for i, move in enumerate([(0, 1), (1, 0), (-1, 0), (-1, -1)])),
        mixed,
        np.clip(mixed + rng.normal(0, 0.15, mixed.shape), -1, 1),
        np.clip(some[400:600] + rng.normal(0, 0.15, (200, 28, 28)), -1, 1),
        (some[600:] + 2 * _blobs(len(some) - 600, 7, rng)) / 3,
    ]
    return np.concatenate(kinds)


def not_faces(known, rng):
    """(M,28,28): what a generator paints that has not learnt faces."""
    some = known[rng.permutation(len(known))]
    kinds = [
        some[:300, ::-1],
        some[300:400].transpose(0, 2, 1),
        _shuffled(some[200:350], 7, rng),
        _shuffled(some[350:500], 14, rng),
        rng.uniform(-1, 1, (200, 28, 28)),
        np.clip(rng.normal(0, 0.4, (200, 28, 28)), -1, 1),
        _blobs(100, 4, rng),
        _blobs(200, 7, rng),
        _blobs(200, 14, rng),
        np.clip(some[500:600] + rng.normal(0, 0.6, (100, 28, 28)), -1, 1),
    ]
    return np.concatenate(kinds)


def _shuffled(pictures, size, rng):
    """The same patches in another order."""
    count = 28 // size
    patches = pictures.reshape(len(pictures), count, size, count, size).swapaxes(2, 3).reshape(len(pictures), -1, size, size)
    mixed = np.stack([row[rng.permutation(count * count)] for row in patches])
    return mixed.reshape(len(pictures), count, count, size, size).swapaxes(2, 3).reshape(-1, 28, 28)


def _blobs(number, size, rng):
    """Smooth noise: a coarse grid of random values, blown up and smoothed."""
    coarse = rng.uniform(-1, 1, (number, size, size))
    places = np.linspace(0, size - 1, 28)
    low = np.minimum(places.astype(int), size - 2)
    share = places - low
    matrix = np.zeros((28, size))
    matrix[np.arange(28), low], matrix[np.arange(28), low + 1] = 1 - share, share
    return matrix @ coarse @ matrix.T


def _with_one(rows):
    return np.concatenate([rows, np.ones((len(rows), 1))], 1)


def _sigmoid(x):
    return 1 / (1 + np.exp(-np.clip(x, -50, 50)))
