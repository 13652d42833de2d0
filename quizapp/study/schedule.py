"""When a question comes back: FSRS over learning days.

FSRS itself is the library `fsrs`. Owned here: feeding it learning days instead of 24-hour windows, our own seeded fuzz (the
library's cannot be reproduced), the cap that an interview date sets, and what the four buttons would do.

Memory does not depend on how often one wants to succeed: `Memory` changes with reviews alone, and the due day is worked out from it
under the `Policy` of the moment. So a new interview date moves every question at once and rewrites nothing.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fsrs import Scheduler

Rating = Literal[1, 2, 3, 4]
"""重来, 困难, 良好, 轻松."""

RATINGS: Final[tuple[Rating, ...]] = (1, 2, 3, 4)

LAST_WEEK: Final = 7
"""Days before the interview in which everything is seen once more."""

_NOON: Final = dt.time(12, tzinfo=dt.UTC)
_FUZZ: Final = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.1), (20.0, float("inf"), 0.05))
"""From, to (days), and share of the stretch between that widens the range: the ranges of FSRS."""


@dataclass(frozen=True)
class Policy:
    """What the learner wants of the schedule."""

    desired_retention: float = 0.9
    maximum_interval: int = 90
    """Days."""
    interview_date: dt.date | None = None
    leech_after: int = 6
    leave_wrong_after: int = 3
    parameters: tuple[float, ...] | None = None
    """Fitted FSRS-6 weights; None for the library's defaults."""
    seed: int = 0

    def to_json(self) -> dict[str, Any]:
        """As it stands in the log."""
        day = self.interview_date
        return {**asdict(self), "algorithm": "fsrs-6", "interview_date": day.isoformat() if day else None}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Policy:
        """The policy of a log entry; what a later version added is left out."""
        known = {name: data[name] for name in cls.__dataclass_fields__ if name in data}
        if known.get("interview_date"):
            known["interview_date"] = dt.date.fromisoformat(known["interview_date"])
        if known.get("parameters"):
            known["parameters"] = tuple(known["parameters"])
        return cls(**known)


@dataclass(frozen=True)
class Memory:
    """What FSRS knows of one question: stability in days, difficulty 1 to 10, after the last review."""

    stability: float
    difficulty: float
    day: dt.date
    reviews: int
    lapses: int


def review(memory: Memory | None, rating: Rating, day: dt.date, policy: Policy) -> Memory:
    """The memory after a review on learning day `day`. A day before the last review counts as the day of that review."""
    from fsrs import Card, State
    from fsrs import Rating as FsrsRating

    scheduler = _scheduler(policy.parameters)
    if memory is None:
        card = Card(card_id=0, due=_noon(day))
        reviews, lapses = 0, 0
    else:
        day = max(day, memory.day)
        card = Card(0, State.Review, None, memory.stability, memory.difficulty, _noon(day), _noon(memory.day))
        reviews, lapses = memory.reviews, memory.lapses + (rating == 1)
    card, _ = scheduler.review_card(card, FsrsRating(rating), _noon(day))
    if card.stability is None or card.difficulty is None:
        raise AssertionError("fsrs left a reviewed card without memory")
    return Memory(float(card.stability), float(card.difficulty), day, reviews + 1, lapses)


def retrievability(memory: Memory, day: dt.date, policy: Policy) -> float:
    """The chance of recalling it on `day`."""
    from fsrs import Card, State

    card = Card(0, State.Review, None, memory.stability, memory.difficulty, _noon(day), _noon(memory.day))
    return float(_scheduler(policy.parameters).get_card_retrievability(card, _noon(day)))


def interval(memory: Memory, policy: Policy) -> int:
    """Days after which recall has fallen to the desired retention; at least 1, neither capped nor fuzzed."""
    decay = -_weights(policy.parameters)[20]
    factor = 0.9 ** (1 / decay) - 1
    days: float = memory.stability / factor * (policy.desired_retention ** (1 / decay) - 1)
    return max(1, round(days))


def due_day(question_id: str, memory: Memory, policy: Policy, *, at_least: int = 1) -> dt.date:
    """The learning day on which the question is due. `at_least`: days it stays away, unless the interview comes first."""
    days = max(interval(memory, policy), at_least)
    chance = random.Random(f"{policy.seed}:{question_id}:{memory.reviews}").random()  # noqa: S311  spreading, not secrecy
    longest = cap(question_id, memory.day, policy)
    return memory.day + dt.timedelta(days=fuzzed(min(days, longest), chance, at_least, longest))


def cap(question_id: str, day: dt.date, policy: Policy) -> int:
    """The longest interval from `day`: every question is seen once more in the last week before the interview.

    Those last sights are spread over the week, so that they do not all fall on the eve; what was seen in that week is left to FSRS.
    """
    left = (policy.interview_date - day).days if policy.interview_date else 0
    if left <= LAST_WEEK:
        return policy.maximum_interval
    early = random.Random(f"{policy.seed}:{question_id}").randrange(LAST_WEEK)  # noqa: S311
    return min(policy.maximum_interval, left - 1 - early)


def fuzzed(days: int, chance: float, shortest: int, longest: int) -> int:
    """`days` moved a little within FSRS's range by `chance` in [0, 1), so that what was learnt together does not stay together."""
    if days < 2.5:
        return days
    delta = 1.0 + sum(share * max(min(float(days), end) - start, 0.0) for start, end, share in _FUZZ)
    most = min(round(days + delta), longest)
    least = min(max(2, shortest, round(days - delta)), most)
    return least + int(chance * (most - least + 1))


def preview(question_id: str, memory: Memory | None, day: dt.date, policy: Policy) -> dict[Rating, int]:
    """Days until the question comes back, for each of the four buttons. What a button shows is what it will do."""
    after = {rating: review(memory, rating, day, policy) for rating in RATINGS}
    return {rating: (due_day(question_id, new, policy) - day).days for rating, new in after.items()}


def is_leech(lapses: int, policy: Policy) -> bool:
    """顽固题: forgotten so often that another way of learning it is called for."""
    return lapses >= policy.leech_after


def _noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, _NOON)


@lru_cache(maxsize=8)
def _scheduler(parameters: tuple[float, ...] | None) -> Scheduler:
    from fsrs import Scheduler

    return Scheduler(_weights(parameters), learning_steps=(), relearning_steps=(), enable_fuzzing=False)


def _weights(parameters: tuple[float, ...] | None) -> tuple[float, ...]:
    if parameters is not None:
        return parameters
    from fsrs.scheduler import DEFAULT_PARAMETERS

    return tuple(DEFAULT_PARAMETERS)
