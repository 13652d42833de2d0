"""What is told to the learner in one sentence instead of a traceback."""

from __future__ import annotations

from judge.reasons import reason

__all__ = ["UsageProblem", "reason"]


class UsageProblem(Exception):
    """Something asked for cannot be done as asked. `str()` is one Chinese sentence: what is wrong, where, what to do."""
