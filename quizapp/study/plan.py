"""From an interview date to a daily load and a forecast: "面试当天预计能答出 N/M 题". Pure, with the chance handed in.

The forecast plays the coming days several times: due questions are asked and recalled with the probability FSRS gives, new ones are
learnt at the day's quota. What it says is the mean. It is a model of memory, not a promise; `doing_nothing` shows what the plan adds.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from quizapp.study.queue import Deck, introduction
from quizapp.study.schedule import Memory, due_day, retrievability, review

if TYPE_CHECKING:
    from quizapp.progress.standing import Standing

HORIZON: Final = 14
"""Days to look ahead when there is no interview date."""

_ROUNDS: Final = 6


@dataclass(frozen=True)
class PlanDay:
    """One day's expected load."""

    day: dt.date
    reviews: float
    new: float


@dataclass(frozen=True)
class Plan:
    """The days up to the interview (or to the horizon) and what is expected on it."""

    until: dt.date
    interview: bool
    questions: int
    new_left: int
    new_per_day: int
    """As set; see `needed_per_day`."""
    needed_per_day: int
    """New questions a day so that all are met before the interview."""
    days: tuple[PlanDay, ...]
    expected: float
    """Questions expected to be answered on the day, following the plan."""
    doing_nothing: float
    """The same if nothing were reviewed from now on."""


def make_plan(deck: Deck, rng: random.Random) -> Plan:
    """The plan of the theory questions."""
    interview = deck.policy.interview_date
    ahead = interview is not None and interview > deck.day
    until = interview if ahead and interview is not None else deck.day + dt.timedelta(days=HORIZON)
    fresh = [card.id for card in introduction(deck)]
    memories = _memories(deck.standings, {card.id for card in deck.cards if not card.coding})
    days = [deck.day + dt.timedelta(days=n) for n in range((until - deck.day).days)]
    rounds = [_play(deck, memories, fresh, days, rng) for _ in range(_ROUNDS)]
    return Plan(
        until=until,
        interview=ahead,
        questions=sum(not card.coding for card in deck.cards),
        new_left=len(fresh),
        new_per_day=deck.new_per_day,
        needed_per_day=-(-len(fresh) // max(1, len(days) - 1)),
        days=tuple(
            PlanDay(day, sum(r[0][n] for r in rounds) / _ROUNDS, sum(r[1][n] for r in rounds) / _ROUNDS)
            for n, day in enumerate(days)
        ),
        expected=sum(_expected(r[2], until, deck) for r in rounds) / _ROUNDS,
        doing_nothing=_expected(memories, until, deck),
    )


def _memories(standings: Mapping[str, Standing], wanted: set[str]) -> dict[str, Memory]:
    return {
        name: standing.memory
        for name, standing in standings.items()
        if name in wanted and standing.memory is not None and not standing.suspended
    }


def _expected(memories: Mapping[str, Memory], day: dt.date, deck: Deck) -> float:
    return sum(retrievability(memory, day, deck.policy) for memory in memories.values())


def _play(
    deck: Deck, memories: Mapping[str, Memory], fresh: Sequence[str], days: Sequence[dt.date], rng: random.Random
) -> tuple[list[int], list[int], dict[str, Memory]]:
    """One round: reviews and new questions per day, and the memories at the end."""
    now, waiting = dict(memories), list(fresh)
    due = {name: max(due_day(name, memory, deck.policy), deck.day) for name, memory in now.items()}
    reviews, new = [], []
    for number, day in enumerate(days):
        asked = [name for name, when in due.items() if when <= day]
        for name in asked:
            recalled = rng.random() < retrievability(now[name], day, deck.policy)
            now[name] = review(now[name], 3 if recalled else 1, day, deck.policy)
            due[name] = due_day(name, now[name], deck.policy)
        quota = deck.new_per_day if number else max(0, deck.new_per_day - deck.begun_today)
        learnt, waiting = waiting[:quota], waiting[quota:]
        for name in learnt:
            now[name] = review(None, 3, day, deck.policy)
            due[name] = due_day(name, now[name], deck.policy)
        reviews.append(len(asked))
        new.append(len(learnt))
    return reviews, new, now
