"""What the screens work with, handed in from outside so that every screen runs in a test with fakes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from quizapp.clock import Clock, local_now

if TYPE_CHECKING:
    from judge.verdict import Event, Report, Request
    from question_bank.loader import Bank
    from quizapp.progress import Progress

Judge: TypeAlias = "Callable[[Request, Callable[[Event], None]], Awaitable[Report]]"


async def judge_lazily(request: Request, on_event: Callable[[Event], None]) -> Report:
    """The real judge, imported when the first submission is made."""
    from judge.client import judge

    return await judge(request, on_event)


async def warm_lazily(problem: str, framework: str) -> None:
    """Have the judge import the framework while the learner still reads the statement."""
    from judge.client import warm

    await warm(problem, framework)


async def no_warming(_problem: str, _framework: str) -> None:
    """For tests and for judges that have nothing to warm."""


@dataclass(frozen=True)
class Services:
    """Everything a screen may touch beside its own widgets."""

    bank: Bank
    progress: Progress
    judge: Judge = field(default=judge_lazily)
    warm: Callable[[str, str], Awaitable[None]] = field(default=no_warming)
    clock: Clock = field(default=local_now)
    read_only: bool = False
    """Another quizapp owns the progress file: everything can be looked at and tried, nothing is recorded."""
