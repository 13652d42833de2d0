"""What the log says about the learner: what is remembered, what comes due, how well confidence fits, how long things take, how
programs went, where the grader was overruled. Pure; `insight` gathers everything for whoever shows it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Final

from quizapp.progress.standing import PASSING, UNCHARGED, WELL_KNOWN
from quizapp.study.mastery import TopicMastery, mastery_by_topic

if TYPE_CHECKING:
    from question_bank.bank import Bank
    from quizapp.progress import Progress
    from quizapp.progress.records import Answer, Overrule, Submission
    from quizapp.progress.standing import Standing
    from quizapp.study.schedule import Rating

RECENT: Final = 30
"""Days that count as recent, and days looked ahead."""

SURENESS: Final = {1: "没把握", 2: "有点把握", 3: "有把握"}
"""What was said before the answer was shown."""

_TELLING: Final = 5
"""Answers from which on a share says something about the learner."""


@dataclass(frozen=True)
class Recall:
    """So many were asked again, so many of them were recalled."""

    asked: int = 0
    recalled: int = 0

    @property
    def share(self) -> float | None:
        """0 to 1; None when nothing was asked."""
        return self.recalled / self.asked if self.asked else None


@dataclass(frozen=True)
class Retention:
    """True retention: of what was asked again after a day or more, how much was recalled at the first try of the day."""

    recent: Recall = Recall()
    overall: Recall = Recall()
    young: Recall = Recall()
    """Asked again within a week."""
    old: Recall = Recall()
    """Asked again after a week or more."""


@dataclass(frozen=True)
class Sureness:
    """How often an answer was right that was given with this confidence, 1 to 3."""

    confidence: int
    answers: int
    right: int


@dataclass(frozen=True)
class Pace:
    """How long an answer to a question of this type takes: half of them take longer than `median_s`."""

    kind: str
    answers: int
    median_s: float


@dataclass(frozen=True)
class ProgramTally:
    """One coding problem. Judge errors and cancelled runs are no tries."""

    problem: str
    tries: int
    best: float
    last_verdict: str
    solved_at: int | None
    """The number of the first accepted try."""
    verdicts: Mapping[str, int]


@dataclass(frozen=True)
class OverruleTally:
    """Where the learner judged otherwise than the grader. `changes` counts `遗漏→命中` and its like."""

    answers: int = 0
    points: int = 0
    changes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Insight:
    """All of it."""

    retention: Retention
    forecast: tuple[int, ...]
    """Questions due today (those overdue among them), tomorrow, …"""
    topics: tuple[TopicMastery, ...]
    calibration: tuple[Sureness, ...]
    pace: tuple[Pace, ...]
    coding: tuple[ProgramTally, ...]
    overrules: OverruleTally


def insight(progress: Progress, bank: Bank) -> Insight:
    """Read the whole log once. Takes a moment for a long one: call it in a thread."""
    today, standings, answers = progress.today(), progress.standings(), progress.answers(limit=-1)
    here = [standing for standing in standings.values() if standing.question in bank.outline]
    return Insight(
        retention=true_retention(progress.history(), today),
        forecast=due_forecast(here, today),
        topics=tuple(mastery_by_topic(bank.outlines, bank.topics, standings, today, progress.policy())),
        calibration=calibration(answers),
        pace=pace(answers, {outline.id: outline.type for outline in bank.outlines}),
        coding=programs(progress.submissions(limit=-1)),
        overrules=overrule_tally(progress.overrules()),
    )


def true_retention(history: Mapping[str, Sequence[tuple[dt.date, Rating]]], today: dt.date) -> Retention:
    """What was first learnt counts for nothing, and of several answers on one day only the first."""
    asked = [again for answers in history.values() for again in _again(answers)]
    since = today - dt.timedelta(days=RECENT - 1)
    return Retention(
        recent=_recall(recalled for day, _, recalled in asked if day >= since),
        overall=_recall(recalled for _, _, recalled in asked),
        young=_recall(recalled for _, gap, recalled in asked if gap < WELL_KNOWN),
        old=_recall(recalled for _, gap, recalled in asked if gap >= WELL_KNOWN),
    )


def _again(answers: Iterable[tuple[dt.date, Rating]]) -> Iterator[tuple[dt.date, int, bool]]:
    """Day, days since the time before, and whether it was recalled, for the first answer of every later day."""
    before: dt.date | None = None
    for day, rating in sorted(answers, key=lambda answer: answer[0]):
        if before is not None and day > before:
            yield day, (day - before).days, rating > 1
        before = day


def _recall(recalled: Iterable[bool]) -> Recall:
    found = list(recalled)
    return Recall(len(found), sum(found))


def due_forecast(standings: Iterable[Standing], today: dt.date, days: int = RECENT) -> tuple[int, ...]:
    """Questions that come due on each of the next `days`, if nothing but time passes; what is overdue counts for today."""
    due = Counter(
        max(0, (standing.due - today).days) for standing in standings if standing.due is not None and not standing.suspended
    )
    return tuple(due[day] for day in range(days))


def calibration(answers: Iterable[Answer]) -> tuple[Sureness, ...]:
    """One entry per confidence that was ever given, the lowest first. A perfect learner is never right when unsure, always when sure."""
    told: dict[int, list[bool]] = {}
    for answer in answers:
        if answer.confidence is not None:
            told.setdefault(answer.confidence, []).append(is_right(answer))
    return tuple(Sureness(level, len(right), sum(right)) for level, right in sorted(told.items()))


def is_right(answer: Answer) -> bool:
    """By its score; by the rating where there is none."""
    return answer.rating > 1 if answer.score is None else answer.score >= PASSING


def calibration_word(levels: Iterable[Sureness]) -> str:
    """One sentence on what the calibration tells; empty while it tells nothing."""
    by_level = {level.confidence: level for level in levels if level.answers >= _TELLING}
    sure, unsure = by_level.get(3), by_level.get(1)
    if sure and sure.right / sure.answers < 0.8:
        return f"偏自信：有把握的 {sure.answers} 次里答错 {sure.answers - sure.right} 次"
    if unsure and unsure.right / unsure.answers > 0.6:
        return f"偏谨慎：没把握的 {unsure.answers} 次里答对 {unsure.right} 次"
    return "把握和结果相符" if sure or unsure else ""


def pace(answers: Iterable[Answer], kinds: Mapping[str, str]) -> tuple[Pace, ...]:
    """By type, the slowest first. Answers without a time (graded from a file) and questions that are gone do not count."""
    taken: dict[str, list[float]] = {}
    for answer in answers:
        if answer.seconds > 0 and answer.question in kinds:
            taken.setdefault(kinds[answer.question], []).append(answer.seconds)
    found = (Pace(kind, len(seconds), median(seconds)) for kind, seconds in taken.items())
    return tuple(sorted(found, key=lambda one: -one.median_s))


def programs(submissions: Iterable[Submission]) -> tuple[ProgramTally, ...]:
    """By problem, the one worked on last first; `submissions` come newest first."""
    tries: dict[str, list[Submission]] = {}
    for submission in submissions:
        if submission.verdict not in UNCHARGED:
            tries.setdefault(submission.question, []).append(submission)
    return tuple(_program(problem, found[::-1]) for problem, found in tries.items())


def _program(problem: str, tries: Sequence[Submission]) -> ProgramTally:
    verdicts = [one.verdict for one in tries]
    return ProgramTally(
        problem=problem,
        tries=len(tries),
        best=max(one.score for one in tries),
        last_verdict=verdicts[-1],
        solved_at=verdicts.index("AC") + 1 if "AC" in verdicts else None,
        verdicts=dict(Counter(verdicts).most_common()),
    )


def overrule_tally(overrules: Iterable[Overrule]) -> OverruleTally:
    """What was changed into what, the most frequent first."""
    found = [overrule.changes for overrule in overrules]
    changes = Counter(f"{old}→{new}" for one in found for old, new in one)
    return OverruleTally(sum(bool(one) for one in found), changes.total(), dict(changes.most_common()))
