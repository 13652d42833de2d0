"""Grading a Chinese short answer offline, point by point, with the learner's own words as evidence."""

from quizapp.study.grading.grader import grade
from quizapp.study.grading.result import Band, Grade, PointGrade, Remark, Status, overrule

__all__ = ["Band", "Grade", "PointGrade", "Remark", "Status", "grade", "overrule"]
