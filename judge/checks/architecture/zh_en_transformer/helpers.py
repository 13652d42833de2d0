"""What several checks share: a probe batch, and how a submission is asked for logits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from judge.checks.architecture.zh_en_transformer.oracle import Ids
from judge.grader.failures import SubmissionFailed
from judge.verdict import Verdict


@dataclass(frozen=True)
class Sizes:
    """Vocabularies and padding of the untrained probe model. Padding is not 0: nobody may count on that."""

    source: int = 37
    target: int = 41
    pad: int = 5


@dataclass(frozen=True)
class Probe:
    """An untrained model whose weights were moved off any special start, and a way to ask it."""

    submission: object
    model: object
    sizes: Sizes
    state: dict
    """The weights that build_model gave."""

    def shake(self, rng: np.random.Generator, strength: float) -> None:
        """Noise on the weights that were given: a start that is zero on purpose (learned positions, output layers) then hides nothing."""
        state = dict(self.state)
        for name in self.submission.trainable(self.model):
            value = state.get(name)
            if value is None or value.dtype.kind != "f":
                continue
            scale = strength / np.sqrt(value.shape[-1]) if value.ndim > 1 else 0.04 * strength
            state[name] = (value + scale * rng.standard_normal(value.shape)).astype(value.dtype)
        self.submission.load_state(self.model, state)

    def forward(self, src: Ids, tgt: Ids):
        """Logits in eval mode."""
        return logits(self.submission.forward(self.model, src, tgt), (*tgt.shape, self.sizes.target))


def sentences(rng: np.random.Generator, count: int, length: int, size: int, pad: int) -> Ids:
    """Random tokens without padding."""
    rows = rng.integers(0, size - 1, (count, length))
    return np.where(rows >= pad, rows + 1, rows)


def gap(one, other) -> float:
    """Largest difference relative to the largest logit."""
    one, other = one.astype(np.float64), other.astype(np.float64)
    return float(np.abs(one - other).max() / max(1.0, float(np.abs(one).max())))


def in_batches(submission, model, src: Ids, tgt: Ids, words: int, size: int = 256):
    """Logits over `words` words, batch by batch."""
    starts = range(0, len(src), size)
    batches = [(src[i : i + size], tgt[i : i + size]) for i in starts]
    return np.concatenate([logits(submission.forward(model, *batch), (*batch[1].shape, words)) for batch in batches])


def logits(value, shape: tuple[int, int, int]):
    """The array, when it is one of floats and of this shape: nothing else may be computed with."""
    if isinstance(value, np.ndarray) and value.shape == shape and value.dtype.kind == "f":
        return value
    raise SubmissionFailed(Verdict.BR, f"model(src, tgt) 应返回 float32 的 logits，形状 {shape}，实际返回 {kind(value)}")


def trainable(submission, built):
    """The tensors an optimiser would move."""
    names = set(submission.trainable(built))
    return {name: value for name, value in submission.state(built).items() if name in names}


def numbers(values) -> list[float] | None:
    """A list of finite numbers as floats (Python's, or 0-d tensors), or None."""
    if not isinstance(values, (list, tuple)):
        return None
    plain = all(
        type(v) in (int, float) or (isinstance(v, np.ndarray) and v.ndim == 0 and v.dtype.kind in "iuf") for v in values
    )
    found = [float(v) for v in values] if plain else []
    return found if found and bool(np.isfinite(found).all()) else None


def kind(value) -> str:
    """What a returned value is, for a sentence."""
    if isinstance(value, np.ndarray):
        return f"形状为 {value.shape} 的 {value.dtype} 张量"
    return getattr(value, "type_name", None) or type(value).__name__


def table(rows: list[tuple[str, str, str]]) -> str:
    """Source, translation and reference, one sentence after the other."""
    return "\n\n".join(
        f"{number:>2} 原文  {zh}\n   译文  {out}\n   参考  {known}" for number, (zh, out, known) in enumerate(rows, 1)
    )
