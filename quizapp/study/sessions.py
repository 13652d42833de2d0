"""Study sessions: what each mode asks, and where a session stands. Pure.

A session is the fold of its own events in the log (start, answers, skips, marks, finish), so it resumes exactly where it stopped,
however it stopped, and undoing an answer puts its question back. `quizapp.study.running` drives one.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from quizapp.study.queue import Card, Deck, interleaved, introduction, today

if TYPE_CHECKING:
    from quizapp.progress.events import Event


class Mode(StrEnum):
    """What a session is for. The value stands in the log."""

    READ = "read"
    DRILL = "drill"
    REVIEW = "review"
    WRONG = "wrong"
    UNSEEN = "unseen"
    FAVOURITE = "favourite"
    FREQUENT = "frequent"
    DAILY = "daily"
    SPRINT = "sprint"
    MOCK = "mock"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _LABELS[self]

    @property
    def repeats(self) -> bool:
        """Whether what was missed is asked again in the same session."""
        return self not in (Mode.MOCK, Mode.DAILY)


_LABELS: Final = {
    Mode.READ: "背题",
    Mode.DRILL: "刷题",
    Mode.REVIEW: "复习",
    Mode.WRONG: "错题本",
    Mode.UNSEEN: "没做过的",
    Mode.FAVOURITE: "收藏",
    Mode.FREQUENT: "高频",
    Mode.DAILY: "每日一题",
    Mode.SPRINT: "冲刺",
    Mode.MOCK: "模拟面试",
}

EMPTY: Final[Mapping[Mode, str]] = {
    Mode.REVIEW: "今天没有该复习的题",
    Mode.WRONG: "错题本是空的",
    Mode.UNSEEN: "没有没做过的题了",
    Mode.FAVOURITE: "还没有收藏题目",
}
"""Why a mode has nothing to ask, where it is not that the topic has no questions."""

AGAIN_AFTER: Final = 4
"""Questions asked between a miss and its return in the same session."""
MOST_REPEATS: Final = 2


def choose(
    mode: Mode, deck: Deck, rng: random.Random, *, topic: str | None = None, count: int | None = None
) -> tuple[str, ...]:
    """The questions of a new session, in order. Programs come in reviews, in 收藏 and in 错题本; a mock draws its own."""
    match mode:
        case Mode.DRILL:
            found = _drill(deck, rng)
        case Mode.UNSEEN:
            found = _unseen(deck, rng)
        case _:
            found = _CHOOSERS[mode](deck)
    ids = [name for name in found if topic in (None, deck.card[name].topic)]
    return tuple(ids[:count] if count is not None else ids)


def _theory(deck: Deck) -> list[Card]:
    return [card for card in deck.cards if not card.coding and not _is_suspended(deck, card)]


def _is_suspended(deck: Deck, card: Card) -> bool:
    return card.id in deck.standings and deck.standings[card.id].suspended


def _read(deck: Deck) -> Iterable[str]:
    fresh = [card.id for card in introduction(deck)]
    return [*fresh, *(card.id for card in _theory(deck) if card.id not in set(fresh))]


def _drill(deck: Deck, rng: random.Random) -> Iterable[str]:
    cards = _theory(deck)
    rng.shuffle(cards)
    return [card.id for card in interleaved(cards)]


def _review(deck: Deck) -> Iterable[str]:
    work = today(deck)
    return [*work.queue, *work.programs]


def _wrong(deck: Deck) -> Iterable[str]:
    since = {name: standing.wrong for name, standing in deck.standings.items() if standing.wrong and name in deck.card}
    return sorted(since, key=lambda name: (since[name], name))


def _unseen(deck: Deck, rng: random.Random) -> Iterable[str]:
    cards = [card for card in _theory(deck) if deck.is_new(card)]
    rng.shuffle(cards)
    return [card.id for card in cards]


def _favourite(deck: Deck) -> Iterable[str]:
    return [card.id for card in deck.cards if card.id in deck.standings and deck.standings[card.id].favourite]


def _frequent(deck: Deck) -> Iterable[str]:
    cards = [card for card in _theory(deck) if card.frequency == 3]
    return [card.id for card in interleaved(sorted(cards, key=deck.recall))]


def _daily(deck: Deck) -> Iterable[str]:
    """The same question all day, and every question once before any comes twice."""
    ids = sorted(card.id for card in deck.cards if not card.coding)
    if not ids:
        return []
    random.Random(f"daily:{deck.policy.seed}:{len(ids)}").shuffle(ids)  # noqa: S311  variety, not secrecy
    return [ids[deck.day.toordinal() % len(ids)]]


def _sprint(deck: Deck) -> Iterable[str]:
    """What wins most before the interview: often asked and little remembered."""
    return [card.id for card in interleaved(sorted(_theory(deck), key=lambda card: -card.frequency * (1 - deck.recall(card))))]


_CHOOSERS: Final[Mapping[Mode, Callable[[Deck], Iterable[str]]]] = {
    Mode.READ: _read,
    Mode.REVIEW: _review,
    Mode.WRONG: _wrong,
    Mode.FAVOURITE: _favourite,
    Mode.FREQUENT: _frequent,
    Mode.DAILY: _daily,
    Mode.SPRINT: _sprint,
}


@dataclass(frozen=True)
class Outcome:
    """How one question of the session went."""

    score: float | None
    rating: int | None
    verdict: str | None
    seconds: float
    follow_up: str | None = None


@dataclass(frozen=True)
class State:
    """Where a session stands. `queue` is still to be asked, its first now."""

    id: str
    mode: Mode
    questions: tuple[str, ...]
    queue: tuple[str, ...]
    started: dt.datetime
    updated: dt.datetime
    outcomes: Mapping[str, Outcome]
    """By question; of one asked again the last counts."""
    misses: Mapping[str, int]
    skipped: frozenset[str] = frozenset()
    marked: frozenset[str] = frozenset()
    finished: dt.datetime | None = None
    minutes: int | None = None
    topic: str | None = None
    seed: int = 0

    @property
    def current(self) -> str | None:
        """The question being asked; None when all are done."""
        return self.queue[0] if self.queue and self.finished is None else None

    @property
    def position(self) -> tuple[int, int]:
        """`(3, 10)`: the third of ten. What comes back does not count twice."""
        left = len(set(self.queue) - set(self.outcomes))
        total = len(self.questions)
        return min(total, total - left + 1), total

    @property
    def is_complete(self) -> bool:
        """Nothing is left to ask."""
        return not self.queue


def begin(event: Event) -> State:
    """The state after the first event, whose `op` is `start`."""
    body = event.body
    questions = tuple(body["questions"])
    return State(
        id=event.session or "",
        mode=Mode(body["mode"]),
        questions=questions,
        queue=questions,
        started=event.at,
        updated=event.at,
        outcomes={},
        misses={},
        minutes=body.get("minutes"),
        topic=body.get("topic"),
        seed=body.get("seed", 0),
    )


def fold(events: Iterable[Event]) -> State | None:
    """The state after all events of one session; None when it never started."""
    state: State | None = None
    for event in events:
        state = begin(event) if event.body.get("op") == "start" else apply(state, event) if state else None
    return state


def apply(state: State, event: Event) -> State:
    """The state one event later."""
    state = replace(state, updated=event.at)
    question = event.question or event.body.get("question", "")
    match event.kind:
        case "answer":
            return _answered(state, question, _answer(event.body), missed=event.body["rating"] == 1)
        case "submission":
            return _submitted(state, question, event.body)
        case "session":
            return _stepped(state, event.body["op"], question, event.at)
        case _:
            return state


def _answer(body: Mapping[str, Any]) -> Outcome:
    return Outcome(body["score"], body["rating"], None, body["seconds"], body.get("detail", {}).get("follow_up"))


def _submitted(state: State, question: str, body: Mapping[str, Any]) -> State:
    """A program stays in hand until it is accepted or skipped; the best submission counts."""
    if body["verdict"] in ("IE", "CX"):
        return state
    before = state.outcomes.get(question)
    outcome = Outcome(body["score"], None, body["verdict"], 0.0)
    best = before if before and (before.score or 0) > (outcome.score or 0) else outcome
    if body["verdict"] != "AC":
        return replace(state, outcomes={**state.outcomes, question: best})
    return _answered(state, question, outcome, missed=False)


def _answered(state: State, question: str, outcome: Outcome, *, missed: bool) -> State:
    queue = list(state.queue)
    if question in queue:
        queue.remove(question)
    misses = dict(state.misses)
    if missed:
        misses[question] = misses.get(question, 0) + 1
        if state.mode.repeats and misses[question] <= MOST_REPEATS:
            queue.insert(AGAIN_AFTER, question)
    outcomes = {**state.outcomes, question: outcome}
    return replace(state, queue=tuple(queue), outcomes=outcomes, misses=misses, skipped=state.skipped - {question})


def _stepped(state: State, op: str, question: str, at: dt.datetime) -> State:
    """A step that is no answer. One that a later version knows is passed over."""
    others = tuple(name for name in state.queue if name != question)
    match op:
        case "skip" if question in state.queue:
            return replace(state, queue=(*others, question), skipped=state.skipped | {question})
        case "goto" if question in state.questions:
            return replace(state, queue=(question, *others))
        case "drop":
            return replace(state, queue=others)
        case "mark":
            return replace(state, marked=state.marked ^ {question})
        case "finish":
            return replace(state, finished=at)
        case _:
            return state
