"""Fitting FSRS to the learner's own history, with the optimiser of `fsrs` (PyTorch, pandas: the extra `optimize`).

The fit is judged on the newest reviews, which it has not seen, and is offered only when it predicts them better.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

from quizapp.problems import UsageProblem
from quizapp.study.schedule import Memory, Policy, Rating, retrievability, review

History: TypeAlias = Mapping[str, Sequence[tuple[dt.date, Rating]]]
"""By question: learning days and ratings, oldest first."""

BATCH: Final = 512
"""Reviews on a later day than the one before that the optimiser wants to see at least."""

_HELD_OUT: Final = 0.2
_NOON: Final = dt.time(12, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Fit:
    """Weights and how well they predict the reviews held out (mean log loss; lower is better), beside the weights in force."""

    parameters: tuple[float, ...]
    reviews: int
    loss: float
    loss_before: float

    @property
    def better(self) -> bool:
        """Whether the fit is worth adopting."""
        return self.loss < self.loss_before


def usable(history: History) -> int:
    """Reviews that say something about forgetting: on a later day than the one before."""
    return sum(later > earlier for days in history.values() for (earlier, _), (later, _) in pairwise(days))


def fit(history: History, policy: Policy, on_start: Callable[[], None] = lambda: None) -> Fit:
    """Fit to the older reviews and judge by the newer; `on_start` hears when the long part begins.

    Raises `UsageProblem` when there are too few, or the extra is missing.
    """
    reviews = usable(history)
    until = _split(history)
    older = {name: [(day, rating) for day, rating in days if day < until] for name, days in history.items()}
    if usable(older) < BATCH:
        wanted = math.ceil(BATCH / (1 - _HELD_OUT))
        raise UsageProblem(f"隔天复习只有 {reviews} 次，大约要 {wanted} 次才拟合得准：先用默认参数，它已经适合大多数人")
    on_start()
    parameters = tuple(float(weight) for weight in _optimised(older))
    after = Policy(parameters=parameters)
    before = Policy(parameters=policy.parameters)
    return Fit(parameters, reviews, log_loss(history, after, until), log_loss(history, before, until))


def _split(history: History) -> dt.date:
    days = sorted(day for reviews in history.values() for day, _ in reviews)
    return days[int(len(days) * (1 - _HELD_OUT))] if days else dt.date.min


def _optimised(history: History) -> Sequence[float]:
    try:
        from fsrs import Rating as FsrsRating
        from fsrs import ReviewLog
        from fsrs.optimizer import Optimizer

        logs = [
            ReviewLog(
                card_id=number, rating=FsrsRating(rating), review_datetime=dt.datetime.combine(day, _NOON), review_duration=None
            )
            for number, days in enumerate(history.values())
            for day, rating in days
        ]
        weights: Sequence[float] = Optimizer(logs).compute_optimal_parameters()
    except ImportError:
        raise UsageProblem("拟合参数需要 PyTorch 和 pandas：pip install 'quizapp[optimize]'") from None
    return weights


def log_loss(history: History, policy: Policy, since: dt.date) -> float:
    """How well the weights predict what was recalled from `since` on: mean negative log likelihood, same-day reviews left out."""
    losses = [loss for days in history.values() for loss in _losses(days, policy, since)]
    return sum(losses) / len(losses) if losses else math.inf


def _losses(days: Sequence[tuple[dt.date, Rating]], policy: Policy, since: dt.date) -> list[float]:
    memory: Memory | None = None
    losses = []
    for day, rating in days:
        if memory is not None and day > memory.day and day >= since:
            chance = min(max(retrievability(memory, day, policy), 1e-6), 1 - 1e-6)
            losses.append(-math.log(chance if rating > 1 else 1 - chance))
        memory = review(memory, rating, day, policy)
    return losses
