"""What grading a short answer says: per point and on the whole, with the learner's own words as evidence. All of it is JSON."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from quizapp.study.normalize import Span

Rating = Literal[1, 2, 3]
"""重来, 困难, 良好. 轻松 is never suggested: only the learner knows that it was easy."""


class Status(StrEnum):
    """How an answer stands to one key point."""

    HIT = "命中"
    PARTIAL = "部分"
    MISSED = "遗漏"
    OPPOSITE = "说反了"


class Band(StrEnum):
    """An answer on the whole."""

    EXCELLENT = "优秀"
    GOOD = "良好"
    PARTIAL = "部分"
    POOR = "差"
    VOID = "无效"


CREDIT: Final = {Status.HIT: 1.0, Status.PARTIAL: 0.5, Status.MISSED: 0.0, Status.OPPOSITE: 0.0}
"""The share of a point's weight that it earns."""

MOST_WITH_A_MISTAKE: Final = 84.0
"""The most an answer can score that says the opposite of a point."""

_FLOORS: Final = ((85.0, Band.EXCELLENT), (60.0, Band.GOOD), (30.0, Band.PARTIAL))
_RATINGS: Final[dict[Band, Rating]] = {Band.VOID: 1, Band.POOR: 1, Band.PARTIAL: 2, Band.GOOD: 3, Band.EXCELLENT: 3}


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PointGrade(_Data):
    """One key point. Spans are code points of the answer as it was written.

    `span` reaches from the first to the last word that decided the status (None when nothing did) and `matched` is that text;
    `evidence` are the words that counted, `against` those that said the opposite.
    """

    id: str
    text: str
    weight: float
    status: Status
    span: Span | None = None
    matched: str = ""
    evidence: tuple[Span, ...] = ()
    against: tuple[Span, ...] = ()
    reason: str = ""
    follow_up: str | None = None
    overruled: bool = False


class Remark(_Data):
    """A place in the answer and why it counts against a point, or does not count at all."""

    span: Span
    text: str
    reason: str
    point: str | None = None


class Grade(_Data):
    """The grade of one answer."""

    question: str
    score: float
    band: Band
    suggested_rating: Rating
    points: tuple[PointGrade, ...]
    wrong: tuple[Remark, ...] = ()
    ignored: tuple[Remark, ...] = ()
    follow_up: str | None = None
    """What to ask next, chosen from what was missed."""
    deeper: str | None = None
    """What to ask when nothing was missed."""
    note: str = ""

    def point(self, point_id: str) -> PointGrade:
        """One point. Raises `KeyError`."""
        for point in self.points:
            if point.id == point_id:
                return point
        raise KeyError(point_id)


def assemble(
    question: str,
    points: Iterable[PointGrade],
    *,
    deeper: str | None = None,
    ignored: Iterable[Remark] = (),
    note: str = "",
) -> Grade:
    """The grade that follows from its points."""
    points = tuple(points)
    score = score_of(points)
    band = band_of(score, points)
    return Grade(
        question=question,
        score=score,
        band=band,
        suggested_rating=_RATINGS[band],
        points=points,
        wrong=tuple(_wrong(points)),
        ignored=tuple(ignored),
        follow_up=_follow_up(points) or deeper,
        deeper=deeper,
        note=note,
    )


def overrule(grade: Grade, point_id: str, status: Status | str) -> Grade:
    """The grade as the learner sees it: one point judged otherwise, everything that follows from it worked out again.

    Raises `KeyError` for a point and `ValueError` for a status that does not exist.
    """
    changed = grade.point(point_id).model_copy(update={"status": Status(status), "overruled": True})
    points = (changed if point.id == point_id else point for point in grade.points)
    return assemble(grade.question, points, deeper=grade.deeper, ignored=grade.ignored, note=grade.note)


def score_of(points: tuple[PointGrade, ...]) -> float:
    """Earned weight over all weight, of 100; capped when anything was said the wrong way round."""
    score = 100 * sum(point.weight * CREDIT[point.status] for point in points) / sum(point.weight for point in points)
    if any(point.status is Status.OPPOSITE for point in points):
        score = min(score, MOST_WITH_A_MISTAKE)
    return round(score, 1)


def band_of(score: float, points: tuple[PointGrade, ...]) -> Band:
    """优秀 from 85, 良好 from 60, 部分 from 30, 差 below; 无效 when no point was even touched."""
    if all(point.status is Status.MISSED for point in points):
        return Band.VOID
    return next((band for floor, band in _FLOORS if score >= floor), Band.POOR)


def _wrong(points: tuple[PointGrade, ...]) -> Iterable[Remark]:
    for point in points:
        if point.status is Status.OPPOSITE and point.span is not None:
            yield Remark(
                span=point.span, text=point.matched, reason=point.reason or f"与要点相反：{point.text}", point=point.id
            )


def _follow_up(points: tuple[PointGrade, ...]) -> str | None:
    """What was said the wrong way round is asked first, then what is missing, the heaviest first, then what was half said."""
    for status in (Status.OPPOSITE, Status.MISSED, Status.PARTIAL):
        asked = [point for point in points if point.status is status and point.follow_up]
        if asked:
            return max(asked, key=lambda point: point.weight).follow_up
    return None
