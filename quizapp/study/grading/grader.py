"""Grading one answer: read it, judge every point, add up."""

from __future__ import annotations

from question_bank.matching import keyword_pattern
from question_bank.models import KeyPoint, ShortAnswer
from quizapp.study.grading.result import Grade, PointGrade, Status, assemble
from quizapp.study.normalize import Folded, fold


def grade(question: ShortAnswer, answer: str) -> Grade:
    """Grade `answer`. The same question and answer always get the same grade."""
    folded = fold(answer)
    points = (_point(point, folded, answer) for point in question.key_points)
    return assemble(question.id, points, deeper=next(iter(question.follow_ups), None))


def _point(point: KeyPoint, folded: Folded, answer: str) -> PointGrade:
    found = [next((m for word in group if (m := keyword_pattern(word).search(folded.text))), None) for group in point.keywords]
    spans = tuple(folded.origin(match.span()) for match in found if match)
    status = Status.HIT if all(found) else Status.PARTIAL if spans else Status.MISSED
    span = (min(start for start, _ in spans), max(end for _, end in spans)) if spans else None
    matched = answer[slice(*span)] if span else ""
    return PointGrade(
        id=point.id,
        text=point.text,
        weight=point.weight,
        status=status,
        span=span,
        matched=matched,
        evidence=spans,
        follow_up=point.follow_up,
    )
