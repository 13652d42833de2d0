"""How a question stands: worked out from its own events and the policy, by nothing else. Pure.

`apply` takes one event further; `fold` starts over. Overruling or undoing changes the past, so those start over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, cast

from quizapp.progress.events import Event, Kind
from quizapp.study.schedule import Memory, Policy, Rating, due_day, is_leech, review

Status = Literal["new", "learning", "review", "solved", "failed"]

PASSING: Final = 60.0
"""Of 100. Below it an answer is a miss, whatever button was pressed."""

UNCHARGED: Final = frozenset({"IE", "CX", "SK"})
"""Verdicts that are kept but are no attempt of the learner."""

WELL_KNOWN: Final = 7.0
"""Days of stability from which a question counts as known and not as being learnt."""

CODING_DAYS: Final = 3
"""A program just written is still in the fingers: rewriting it sooner teaches little and costs an hour."""


@dataclass(frozen=True)
class Standing:
    """Everything derived about one question."""

    question: str
    attempts: int = 0
    begun: dt.date | None = None
    """The day of the first attempt."""
    last_score: float | None = None
    best_score: float | None = None
    last_at: dt.datetime | None = None
    last_rating: int | None = None
    last_verdict: str | None = None
    failed: int = 0
    """Failing submissions since the last accepted one."""
    memory: Memory | None = None
    due: dt.date | None = None
    forward: dt.date | None = None
    """The day another question's failure brought it forward to."""
    wrong: dt.date | None = None
    """In 错题本 since."""
    right_row: int = 0
    """Right answers in a row since it came in."""
    favourite: bool = False
    suspended: bool = False
    met: int = 0
    """Times asked in real interviews."""
    flag: str | None = None
    note: str = ""
    latest: int = 0
    """`utc_us` of the newest event in it."""

    @property
    def status(self) -> Status:
        """One word for lists."""
        if self.last_verdict is not None:
            return "solved" if self.last_verdict == "AC" else "failed"
        if self.memory is None:
            return "new"
        return "review" if self.memory.stability >= WELL_KNOWN else "learning"


def fold(question: str, events: Sequence[Event], policy: Policy) -> Standing:
    """The standing after all `events` of this question, in whatever order they are given."""
    return after(question, amended(events), policy)


def after(question: str, kept: Iterable[Event], policy: Policy) -> Standing:
    """The standing after events that are already amended."""
    standing = Standing(question)
    for event in kept:
        standing = _stepped(standing, event, policy)
    return scheduled(standing, policy)


def apply(standing: Standing, event: Event, policy: Policy) -> Standing:
    """The standing one event later. Events that need the past (overrule, undo) leave it as it is: see `fold`."""
    return scheduled(_stepped(standing, event, policy), policy)


def amended(events: Iterable[Event]) -> list[Event]:
    """What counts: without what was undone, answers as they were overruled, in order of time."""
    ordered = sorted(events, key=lambda event: (event.utc_us, event.seq))
    undone = {event.body["target"] for event in ordered if event.kind is Kind.UNDO}
    standing = [event for event in ordered if event.uid not in undone and event.kind is not Kind.UNDO]
    verdicts = {event.body["answer"]: event for event in standing if event.kind is Kind.OVERRULE}
    return [_overruled(event, verdicts[event.uid]) if event.uid in verdicts else event for event in standing]


def _overruled(event: Event, verdict: Event) -> Event:
    body = {**event.body, "score": verdict.body["score"], "rating": verdict.body["rating"], "overruled": True}
    return replace(event, body=body)


def _stepped(standing: Standing, event: Event, policy: Policy) -> Standing:
    """Everything but the due day, which only the last step needs."""
    changes = _changes(standing, event, policy)
    return replace(standing, latest=max(standing.latest, event.utc_us), **changes)


def _changes(standing: Standing, event: Event, policy: Policy) -> dict[str, Any]:
    body = event.body
    match event.kind:
        case Kind.ANSWER:
            return _answered(standing, event, policy)
        case Kind.SUBMISSION:
            return _submitted(standing, event, policy)
        case Kind.FAVOURITE:
            return {"favourite": body["on"]}
        case Kind.NOTE:
            return {"note": body["text"]}
        case Kind.WRONG:
            return {"wrong": event.day if body["on"] else None, "right_row": 0}
        case Kind.SUSPEND:
            return {"suspended": body["on"]}
        case Kind.MET:
            return {"met": standing.met + 1}
        case Kind.FLAG:
            return {"flag": body["reason"]}
        case Kind.FORWARD:
            return {"forward": event.day}
        case _:
            return {}


def _answered(standing: Standing, event: Event, policy: Policy) -> dict[str, Any]:
    rating = cast("Rating", event.body["rating"])
    score: float | None = event.body["score"]
    missed = rating == 1 or (score is not None and score < PASSING)
    return {
        **_scored(standing, event, score),
        **_marked(standing, event.day, missed, policy),
        "last_rating": rating,
        "memory": review(standing.memory, rating, event.day, policy),
        "forward": None,
    }


def _submitted(standing: Standing, event: Event, policy: Policy) -> dict[str, Any]:
    verdict: str = event.body["verdict"]
    if verdict in UNCHARGED:
        return {}
    accepted = verdict == "AC"
    changes = {
        **_scored(standing, event, event.body["score"]),
        **_marked(standing, event.day, not accepted, policy),
        "last_verdict": verdict,
    }
    if not accepted:
        return {**changes, "failed": standing.failed + 1}
    rating = rewrite_rating(standing.failed)
    memory = review(standing.memory, rating, event.day, policy)
    return {**changes, "failed": 0, "last_rating": rating, "memory": memory, "forward": None}


def rewrite_rating(failed: int) -> Rating:
    """How well an accepted program was remembered, by the failing submissions before it."""
    if failed == 0:
        return 3
    return 2 if failed <= 3 else 1


def _scored(standing: Standing, event: Event, score: float | None) -> dict[str, Any]:
    scores = [known for known in (standing.best_score, score) if known is not None]
    return {
        "attempts": standing.attempts + 1,
        "begun": standing.begun or event.day,
        "last_score": score,
        "best_score": max(scores, default=None),
        "last_at": event.at,
    }


def _marked(standing: Standing, day: dt.date, missed: bool, policy: Policy) -> dict[str, Any]:
    """Into 错题本 with a miss, out of it after enough right answers in a row."""
    if missed:
        return {"wrong": standing.wrong or day, "right_row": 0}
    if standing.wrong is None:
        return {}
    right = standing.right_row + 1
    return {"wrong": None, "right_row": 0} if right >= policy.leave_wrong_after else {"right_row": right}


def scheduled(standing: Standing, policy: Policy) -> Standing:
    """The same standing with its due day worked out anew."""
    if standing.memory is None:
        return replace(standing, due=standing.forward)
    at_least = CODING_DAYS if standing.last_verdict is not None else 1
    due = due_day(standing.question, standing.memory, policy, at_least=at_least)
    return replace(standing, due=min(due, standing.forward) if standing.forward else due)


def leech(standing: Standing, policy: Policy) -> bool:
    """Whether it is 顽固题."""
    return standing.memory is not None and is_leech(standing.memory.lapses, policy)
