"""The learner's progress: an append-only log in SQLite, and what is derived from it.

`Progress` is the door. Every `record_*` and `set_*` is committed before it returns; nothing is ever deleted from the log.
"""

from quizapp.progress.problems import Damaged, NewerSchema, ProgressProblem, SecondInstance
from quizapp.progress.records import Answer, Day, QuestionState, Session, Stats, Submission, Undone
from quizapp.progress.store import Progress

__all__ = [
    "Answer",
    "Damaged",
    "Day",
    "NewerSchema",
    "Progress",
    "ProgressProblem",
    "QuestionState",
    "SecondInstance",
    "Session",
    "Stats",
    "Submission",
    "Undone",
]
