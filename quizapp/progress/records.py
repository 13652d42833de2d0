"""What progress answers when asked: plain frozen data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from quizapp.progress.events import Kind
from quizapp.progress.standing import Status


@dataclass(frozen=True)
class QuestionState:
    """How one question stands. Scores are of 100."""

    question: str
    status: Status
    attempts: int
    last_score: float | None
    best_score: float | None
    last_at: dt.datetime | None
    last_rating: int | None
    last_verdict: str | None
    due: dt.datetime | None
    """The moment its due day begins; None for what was never answered."""
    favourite: bool
    wrong: bool
    """In 错题本."""
    leech: bool
    suspended: bool
    met: int
    stability: float | None
    """Days until recall falls to 90 %."""
    lapses: int
    note: str
    flag: str | None
    forward: bool = False
    """Brought forward by a failing program."""


@dataclass(frozen=True)
class Answer:
    """One answer, as overruled if it was."""

    id: int
    uid: str
    question: str
    at: dt.datetime
    day: dt.date
    text: str
    rating: int
    score: float | None
    points: Mapping[str, str]
    mode: str
    seconds: float
    confidence: int | None
    session: str | None
    detail: Mapping[str, Any] = field(default_factory=dict)
    overruled: bool = False


@dataclass(frozen=True)
class Overrule:
    """One answer of which the learner judged points otherwise: their status before and after."""

    question: str
    at: dt.datetime
    before: Mapping[str, str]
    after: Mapping[str, str]

    @property
    def changes(self) -> list[tuple[str, str]]:
        """Old and new status of each point that is judged otherwise in the end."""
        pairs = ((self.before.get(point, ""), status) for point, status in self.after.items())
        return [(old, new) for old, new in pairs if old != new]


@dataclass(frozen=True)
class Submission:
    """One judged program. `Progress.source` and `Progress.report` give the rest."""

    id: int
    uid: str
    question: str
    at: dt.datetime
    day: dt.date
    filename: str
    verdict: str
    score: float
    framework: str | None
    device: str
    seed: int
    message: str | None
    diagnoses: tuple[str, ...]


@dataclass(frozen=True)
class Day:
    """The work of one learning day."""

    day: dt.date
    answers: int = 0
    recalled: int = 0
    """Answers that were not 重来."""
    submissions: int = 0
    accepted: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Session:
    """One study session: open while `finished` is None."""

    id: str
    mode: str
    started: dt.datetime
    updated: dt.datetime
    finished: dt.datetime | None


@dataclass(frozen=True)
class Undone:
    """What an undo took back."""

    kind: Kind
    question: str
    at: dt.datetime
    text: str
    """The answer's text, now a draft again; empty for other kinds."""


@dataclass(frozen=True)
class Stats:
    """The totals, and the days they come from."""

    answers: int
    submissions: int
    accepted: int
    questions: int
    """Questions with at least one attempt."""
    solved: int
    """Programs whose last verdict is AC."""
    due: int
    wrong: int
    leeches: int
    overruled: int
    seconds: float
    streak: int
    """Learning days in a row up to today, or to yesterday when today has nothing yet."""
    longest_streak: int
    today: Day
    days: tuple[Day, ...]
    """Oldest first; days without work are left out."""


def streaks(days: list[dt.date], today: dt.date) -> tuple[int, int]:
    """The current and the longest run of days; `days` is sorted."""
    longest = run = 0
    before: dt.date | None = None
    for day in days:
        run = run + 1 if before is not None and (day - before).days == 1 else 1
        longest = max(longest, run)
        before = day
    alive = before is not None and (today - before).days <= 1
    return (run if alive else 0), longest
