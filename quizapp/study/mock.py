"""模拟面试: drawing the questions, the time each may take, and the report beside earlier mocks. Pure.

A mock is a session (`sessions.Mode.MOCK`): what is asked is drawn here, what happens is in its events.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from quizapp.problems import UsageProblem
from quizapp.study.queue import Card, Deck, bury, interleaved
from quizapp.study.sessions import Outcome, State

BRIEF_S: Final = 30
"""Seconds of the short spoken answer: one sentence and the names of the points."""
FULL_S: Final = 120
"""Seconds of the full spoken answer."""

THEORY_MINUTES: Final = 3
CODING_MINUTES: Final = 25

_WEIGHT: Final = {True: 3.0, False: 1.0}
"""What a program and a theory question count for in the total."""


def size(minutes: int, *, coding: bool) -> int:
    """How many theory questions fit into `minutes` beside the program, if there is one."""
    return max(1, (minutes - (CODING_MINUTES if coding else 0)) // THEORY_MINUTES)


def draw(
    deck: Deck, rng: random.Random, *, questions: int, coding: bool = False, topics: Sequence[str] = (), personal: bool = True
) -> tuple[str, ...]:
    """Questions of one interview: theory from easy to hard with topics alternating, then one program.

    The frequent are drawn more often, and if `personal` the little remembered; else the same chance gives everybody the same interview.
    No two give each other away while there are others. Raises `UsageProblem` when there are none.
    """
    within = [card for card in deck.cards if not topics or card.topic in topics]
    weigh = (lambda card: card.frequency * (1.2 - deck.recall(card))) if personal else (lambda card: float(card.frequency))
    theory = _drawn([card for card in within if not card.coding], weigh, rng)
    programs = _drawn([card for card in within if card.coding], weigh, rng) if coding else []
    asked, spare = bury(theory, ())
    chosen = [*asked, *spare][:questions]
    if not chosen:
        raise UsageProblem("这个范围里没有理论题，出不了模拟面试：换一个主题")
    order = interleaved(sorted(chosen, key=lambda card: card.difficulty))
    return tuple(card.id for card in [*order, *programs[:1]])


def _drawn(cards: Sequence[Card], weigh: Callable[[Card], float], rng: random.Random) -> list[Card]:
    """All cards in an order of chance that favours the heavy: weighted sampling without replacement (Efraimidis and Spirakis, 2006)."""
    keys = {card.id: rng.random() ** (1 / weigh(card)) for card in cards}
    return sorted(cards, key=lambda card: -keys[card.id])


@dataclass(frozen=True)
class Line:
    """One question in the report. `status`: answered, skipped (passed over, never answered) or unanswered."""

    question: str
    topic: str
    coding: bool
    status: str
    score: float
    seconds: float
    verdict: str | None
    marked: bool
    follow_up: str | None


@dataclass(frozen=True)
class Earlier:
    """One mock before this one."""

    id: str
    at: dt.datetime
    score: float
    answered: int
    questions: int


@dataclass(frozen=True)
class MockReport:
    """How an interview went. `score` is of 100: the weighted mean, what was not answered counting as 0."""

    id: str
    started: dt.datetime
    minutes: int | None
    seconds: float
    score: float
    answered: int
    questions: int
    lines: tuple[Line, ...]
    topics: Mapping[str, float]
    """Mean score by topic."""
    follow_ups: tuple[str, ...]
    earlier: tuple[Earlier, ...]
    """Oldest first."""

    @property
    def overtime(self) -> float:
        """Seconds over the time that was set; 0 when within it."""
        return max(0.0, self.seconds - self.minutes * 60) if self.minutes is not None else 0.0

    @property
    def change(self) -> float | None:
        """Points more (or less) than the mock before; None for the first."""
        return self.score - self.earlier[-1].score if self.earlier else None

    @property
    def weakest(self) -> str | None:
        """The topic with the lowest mean, unless everything was right."""
        topic = min(self.topics, key=lambda name: self.topics[name], default=None)
        return topic if topic is not None and self.topics[topic] < 100 else None


def report(state: State, cards: Mapping[str, Card], seconds: float, earlier: Iterable[State] = ()) -> MockReport:
    """The report of a mock; `earlier` are other mocks, of which those before this one are compared."""
    lines = tuple(_line(name, cards.get(name), state) for name in state.questions)
    before = sorted((other for other in earlier if other.started < state.started), key=lambda other: other.started)
    return MockReport(
        id=state.id,
        started=state.started,
        minutes=state.minutes,
        seconds=seconds,
        score=_total(lines),
        answered=sum(line.status == "answered" for line in lines),
        questions=len(lines),
        lines=lines,
        topics=_by_topic(lines),
        follow_ups=tuple(line.follow_up for line in lines if line.follow_up),
        earlier=tuple(_earlier(other, cards) for other in before),
    )


def _line(name: str, card: Card | None, state: State) -> Line:
    outcome = state.outcomes.get(name)
    return Line(
        question=name,
        topic=card.topic if card else "",
        coding=card is not None and card.coding,
        status="answered" if outcome else "skipped" if name in state.skipped else "unanswered",
        score=_score(outcome),
        seconds=outcome.seconds if outcome else 0.0,
        verdict=outcome.verdict if outcome else None,
        marked=name in state.marked,
        follow_up=outcome.follow_up if outcome else None,
    )


def _score(outcome: Outcome | None) -> float:
    """Of 100; where the learner rated without a score, what the rating stands for."""
    if outcome is None:
        return 0.0
    return outcome.score if outcome.score is not None else {1: 20.0, 2: 60.0, 3: 85.0, 4: 100.0}[outcome.rating or 1]


def _total(lines: Sequence[Line]) -> float:
    weight = sum(_WEIGHT[line.coding] for line in lines)
    return round(sum(line.score * _WEIGHT[line.coding] for line in lines) / weight, 1) if weight else 0.0


def _by_topic(lines: Sequence[Line]) -> dict[str, float]:
    scores: dict[str, list[float]] = {}
    for line in lines:
        scores.setdefault(line.topic, []).append(line.score)
    return {topic: round(sum(values) / len(values), 1) for topic, values in scores.items()}


def _earlier(state: State, cards: Mapping[str, Card]) -> Earlier:
    lines = [_line(name, cards.get(name), state) for name in state.questions]
    return Earlier(state.id, state.started, _total(lines), sum(line.status == "answered" for line in lines), len(lines))
