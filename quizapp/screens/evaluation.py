"""From a scored answer to what the answer screen shows: points, marks in place, a headline. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from question_bank.models import MultipleChoice, Ordering, SingleChoice, TrueFalse
from quizapp.commands.in_use import key
from quizapp.study.grading import Grade, PointGrade, overrule
from quizapp.study.scoring import Scored, score
from quizapp.widgets.answers.field import Given, Mark
from quizapp.widgets.key_points import Point

if TYPE_CHECKING:
    from quizapp.screens.asking import Asked


@dataclass(frozen=True)
class Evaluation:
    """One answer as the screen and the log need it. `score` is of 100."""

    text: str
    score: float
    suggested: int
    headline: str
    subline: str = ""
    points: tuple[Point, ...] = ()
    marks: tuple[Mark, ...] = ()
    follow_up: str | None = None
    grade: Grade | None = None

    @property
    def judged(self) -> dict[str, str]:
        """The status of each point, as the log keeps it."""
        return {point.id: point.status for point in self.points}

    def changed_from(self, other: Evaluation) -> dict[str, str]:
        """The points that were judged otherwise there, with the status they have here."""
        return {point: status for point, status in self.judged.items() if other.judged[point] != status}


def evaluate(asked: Asked, given: Given) -> Evaluation:
    """Score what was given."""
    scored = score(asked.question, given, asked.values)
    if scored.grade is not None:
        return _from_grade(given if isinstance(given, str) else "", scored.grade)
    headline = "✓ 答对了" if scored.correct else f"◔ 部分正确，{scored.score:.0f} 分" if scored.score else "✗ 答错了"
    return Evaluation(
        text=written(given),
        score=scored.score,
        suggested=scored.suggested_rating,
        headline="没有作答" if given is None else headline,
        subline=scored.message,
        marks=_marks(asked, scored),
    )


def overruled(evaluation: Evaluation, point: Point) -> Evaluation:
    """The evaluation as the learner sees it."""
    if evaluation.grade is None:
        return evaluation
    return _from_grade(evaluation.text, overrule(evaluation.grade, point.id, point.status))


def written(given: Given) -> str:
    """An answer as one text, for the log and the draft."""
    if given is None:
        return ""
    return given if isinstance(given, str) else str(given) if isinstance(given, bool) else "；".join(given)


def _from_grade(text: str, grade: Grade) -> Evaluation:
    hits = sum(point.status == "命中" for point in grade.points)
    headline = f"命中 {hits}/{len(grade.points)} 个要点，{grade.score:.0f} 分" if text.strip() else "没有作答，对照要点看看"
    return Evaluation(
        text=text,
        score=grade.score,
        suggested=grade.suggested_rating,
        headline=headline,
        subline=grade.note or f"不同意就按{key('要点', '改判')}改判",
        points=tuple(_point(point) for point in grade.points),
        follow_up=grade.follow_up,
        grade=grade,
    )


def _point(point: PointGrade) -> Point:
    return Point(point.id, point.text, point.status.value, point.reason, point.evidence, point.against, point.overruled)


def _marks(asked: Asked, scored: Scored) -> tuple[Mark, ...]:
    """The truth about each part, in the order the widget shows them."""
    question = asked.question
    if isinstance(question, SingleChoice | MultipleChoice):
        correct = {question.correct} if isinstance(question, SingleChoice) else set(question.correct)
        notes = {part.id: part.note for part in scored.parts}
        return tuple(Mark(option in correct, notes[option]) for option in asked.order)
    if isinstance(question, TrueFalse):
        return Mark(question.correct), Mark(not question.correct)
    if isinstance(question, Ordering):
        return tuple(Mark(part.right, "" if part.right else f"这里应该是：{part.note}") for part in scored.parts)
    return tuple(Mark(part.right, part.note) for part in scored.parts)
