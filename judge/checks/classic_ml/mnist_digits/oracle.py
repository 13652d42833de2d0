"""What the judge measures itself, in float64: scores to probabilities, cross-entropy, accuracy, and what a picture shows."""

import io

import numpy as np
from PIL import Image

FLOOR = 1e-12
# Correct networks with BatchNorm scatter most: 0.93 on average, but 0.88 on one seed of twelve (docs/calibration.md).
MIN_ACCURACY = 0.85
_MAX_PIXELS = 25_000_000


def probabilities(scores):
    """(N,10) scores as probabilities. Rows that are non-negative and sum to 1 are taken as such; negative rows whose exp sums to 1
    as log-probabilities; everything else as logits. (For log-probabilities softmax is the identity on their exp.)"""
    scores = np.asarray(scores, np.float64)
    if is_distribution(scores):
        return scores / scores.sum(1, keepdims=True)
    shifted = np.exp(scores - scores.max(1, keepdims=True))
    return shifted / shifted.sum(1, keepdims=True)


def is_distribution(scores):
    """Whether every row is a probability distribution."""
    scores = np.asarray(scores, np.float64)
    return bool((scores >= -1e-6).all() and np.allclose(scores.sum(1), 1.0, atol=1e-3))


def cross_entropy(scores, labels):
    """Mean of -log p(label)."""
    chosen = probabilities(scores)[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(chosen, FLOOR)).mean())


def accuracy(scores, labels):
    """Share of rows whose largest score is the label's."""
    return float((np.argmax(scores, 1) == labels).mean())


def picture(data):
    """A PNG's pixels as uint8 (H,W,3), or None when it is none or absurdly large. Nothing but Pillow's PNG reader is asked."""
    try:
        image = Image.open(io.BytesIO(data), formats=["PNG"])
        if image.width * image.height > _MAX_PIXELS:
            return None
        return np.asarray(image.convert("RGB"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def ink(pixels):
    """Share of pixels that are not the most common colour."""
    flat = pixels.reshape(-1, 3).astype(np.int64)
    codes = flat[:, 0] << 16 | flat[:, 1] << 8 | flat[:, 2]
    return 1.0 - np.bincount(np.unique(codes, return_inverse=True)[1]).max() / len(codes)
