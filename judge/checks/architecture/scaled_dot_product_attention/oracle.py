"""The float64 reference: the formula over the keys that each row may see, and the derivative worked out by hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class VJP:
    """Gradients of `sum(output * cotangent)`."""

    query: Array
    key: Array
    value: Array


def attention(query, key, value, mask=None) -> Array:
    """Vaswani et al. 2017, eq. 1, with rows that may see nothing set to 0.

    query (..., L, E), key (..., S, E), value (..., S, Ev), mask broadcastable to (..., L, S), True = visible → (..., L, Ev).
    """
    return weights(query, key, mask) @ np.asarray(value, np.float64)


def weights(query, key, mask=None) -> Array:
    """The attention weights (..., L, S): softmax over the visible keys of each row, 0 elsewhere."""
    q, k = np.asarray(query, np.float64), np.asarray(key, np.float64)
    visible = see(mask, q, k)
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    highest = np.max(scores, axis=-1, keepdims=True, where=visible, initial=-np.inf)
    # A row that sees nothing has no highest score; what is not seen is not computed with, be it NaN.
    exponentials = np.exp(np.where(visible, scores - highest, -np.inf))
    return exponentials / np.maximum(exponentials.sum(axis=-1, keepdims=True), 1.0)


def see(mask, query, key) -> NDArray[np.bool_]:
    """The mask at its full shape (..., L, S)."""
    shape = (*query.shape[:-1], key.shape[-2])
    return np.ones(shape, bool) if mask is None else np.broadcast_to(mask, shape)


def vjp(query, key, value, cotangent, mask=None) -> VJP:
    """Backward through P = softmax(S), S = QKᵀ/√E, O = PV: dS = P ∘ (dP − Σ P∘dP). Rows that see nothing give 0."""
    q, k, v, d_out = (np.asarray(x, np.float64) for x in (query, key, value, cotangent))
    p = weights(q, k, mask)
    d_p = d_out @ np.swapaxes(v, -1, -2)
    d_s = p * (d_p - np.sum(p * d_p, axis=-1, keepdims=True)) / np.sqrt(q.shape[-1])
    return VJP(d_s @ k, np.swapaxes(d_s, -1, -2) @ q, np.swapaxes(p, -1, -2) @ d_out)
