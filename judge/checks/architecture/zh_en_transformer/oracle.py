"""What the judge measures itself: corpus BLEU, teacher-forced loss, greedy decoding. Nothing here is asked of the submission but logits."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Floats = NDArray[np.float64]
Tokens = Sequence[str]
Forward = Callable[[Ids, Ids], NDArray[np.float32]]
"""(B, S) and (B, T) to logits (B, T, V)."""

ORDERS = (1, 2, 3, 4)


@dataclass(frozen=True)
class Counts:
    """What corpus BLEU is made of, summed over sentences: clipped matches and totals per order, and both lengths."""

    hits: tuple[int, ...]
    totals: tuple[int, ...]
    length: int
    reference_length: int


def ngrams(tokens: Tokens, order: int) -> Counter[tuple[str, ...]]:
    """Every n-gram of one order and how often it occurs."""
    return Counter(tuple(tokens[i : i + order]) for i in range(len(tokens) - order + 1))


def count(hypotheses: Sequence[Tokens], references: Sequence[Sequence[Tokens]]) -> Counts:
    """Papineni et al. 2002, section 2: matches clipped by the largest count in any one reference."""
    hits, totals = [0, 0, 0, 0], [0, 0, 0, 0]
    for hypothesis, known in zip(hypotheses, references, strict=True):
        for order in ORDERS:
            per_reference = [ngrams(reference, order) for reference in known]
            for gram, times in ngrams(hypothesis, order).items():
                hits[order - 1] += min(times, max(counted[gram] for counted in per_reference))
                totals[order - 1] += times
    closest = [closest_length(len(h), [len(r) for r in known]) for h, known in zip(hypotheses, references, strict=True)]
    return Counts(tuple(hits), tuple(totals), sum(map(len, hypotheses)), sum(closest))


def closest_length(length: int, lengths: Sequence[int]) -> int:
    """The reference length nearest to the hypothesis'; the shorter of two as near."""
    return min(lengths, key=lambda other: (abs(other - length), other))


def bleu(hypotheses: Sequence[Tokens], references: Sequence[Sequence[Tokens]]) -> float:
    """Corpus BLEU-4 without smoothing, 0 to 100; 0 when an order has no match."""
    counts = count(hypotheses, references)
    if not all(counts.hits):
        return 0.0
    return 100.0 * brevity(counts.length, counts.reference_length) * geometric(counts)


def geometric(counts: Counts, highest: int = len(ORDERS)) -> float:
    """The geometric mean of the precisions, of all four unless fewer are asked for."""
    pairs = list(zip(counts.hits, counts.totals, strict=True))[:highest]
    return math.exp(sum(math.log(hit / total) for hit, total in pairs) / highest)


def brevity(length: int, reference_length: int) -> float:
    """The factor for a corpus that is shorter than its references."""
    return 1.0 if length >= reference_length else math.exp(1.0 - reference_length / max(length, 1e-9))


def log_softmax(logits: NDArray[np.float32]) -> Floats:
    """Over the last axis, in float64."""
    x = np.asarray(logits, np.float64)
    x = x - x.max(-1, keepdims=True)
    out: Floats = x - np.log(np.exp(x).sum(-1, keepdims=True))
    return out


def token_loss(logits: NDArray[np.float32], targets: Ids, pad: int) -> float:
    """Mean of -log p(next token) over the positions that are no padding."""
    chosen = np.take_along_axis(log_softmax(logits), targets[..., None], -1)[..., 0]
    real = targets != pad
    return float(-chosen[real].mean())


def chance_of_padding(logits: NDArray[np.float32], inputs: Ids, eos: int, pad: int) -> float:
    """Mean probability of padding after the end; 0 when no row has an end."""
    chances, ended = np.exp(log_softmax(logits))[..., pad], inputs == eos
    return float(chances[ended].mean()) if ended.any() else 0.0


def agreement(logits: NDArray[np.float32], tokens: Ids, pad: int) -> float:
    """The share of positions (padding aside) whose best token is the given one."""
    real = tokens != pad
    return float((logits.argmax(-1) == tokens)[real].mean())


@dataclass(frozen=True)
class Decoded:
    """Greedy decoding without its beginning: (B, L) tokens, and per row how clearly the closest of its choices was made."""

    tokens: Ids
    margin: Floats


def greedy(forward: Forward, src: Ids, bos: int, eos: int | None, max_len: int) -> Decoded:
    """Take the best token at every step until every row has ended, or `max_len` tokens. With `eos` None no row ever ends."""
    rows = np.full((len(src), 1), bos, np.int64)
    margin = np.full(len(src), np.inf)
    ended = np.zeros(len(src), bool)
    for _ in range(max_len):
        last = forward(src, rows)[:, -1].astype(np.float64)
        top = np.partition(last, -2, axis=-1)[:, -2:]
        margin = np.where(ended, margin, np.minimum(margin, top[:, 1] - top[:, 0]))
        rows = np.concatenate([rows, last.argmax(-1)[:, None]], 1)
        ended |= rows[:, -1] == eos
        if ended.all():
            break
    return Decoded(rows[:, 1:], margin)


def cut(rows: Ids, eos: int) -> list[tuple[int, ...]]:
    """Every row up to and with its first end."""
    out = []
    for row in rows.tolist():
        out.append(tuple(row[: row.index(eos) + 1] if eos in row else row))
    return out
