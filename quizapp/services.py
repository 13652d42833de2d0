"""What the screens work with, handed in from outside so that every screen runs in a test with fakes."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from quizapp.clock import Clock, local_now

if TYPE_CHECKING:
    from pathlib import Path

    from judge.verdict import Event, Report, Request
    from question_bank.bank import Bank
    from quizapp.progress import Progress
    from quizapp.public_tests import PublicOutcome
    from quizapp.settings import Settings

Judge: TypeAlias = "Callable[[Request, Callable[[Event], None]], Awaitable[Report]]"
Warm: TypeAlias = Callable[[str, str], Awaitable[None]]
PublicTests: TypeAlias = "Callable[[Path, bytes], Awaitable[PublicOutcome]]"


async def judge_lazily(request: Request, on_event: Callable[[Event], None]) -> Report:
    """The real judge, imported when the first submission is made."""
    from judge.client import judge

    return await judge(request, on_event)


async def warm_lazily(problem: str, framework: str) -> None:
    """Have the judge import the framework while the learner still reads the statement."""
    from judge.client import warm

    await warm(problem, framework)


async def public_lazily(test: Path, source: bytes) -> PublicOutcome:
    """The public tests, on the learner's own file."""
    from quizapp.public_tests import run_public

    return await run_public(test, source)


@dataclass(frozen=True)
class Opened:
    """What takes a moment to open, and so is opened behind the first frame."""

    bank: Bank
    progress: Progress
    clock: Clock = local_now
    settings: Settings | None = None
    read_only: str = ""
    """Why nothing can be recorded; empty when everything can. Another quizapp owning the progress file is such a reason."""


@dataclass(frozen=True)
class Services:
    """Everything a screen may touch beside its own widgets. Call `open` in a thread before the rest is used."""

    opening: Callable[[], Opened]
    judge: Judge = judge_lazily
    warm: Warm = warm_lazily
    public: PublicTests = public_lazily
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def open(self) -> Opened:
        """Open what there is to open, once, whoever asks first. Raises `UsageProblem`."""
        with self._lock:
            return self._opened

    @cached_property
    def _opened(self) -> Opened:
        return self.opening()

    @property
    def is_open(self) -> bool:
        """Whether `open` is through."""
        return "_opened" in self.__dict__

    @property
    def bank(self) -> Bank:
        """The questions."""
        return self._opened.bank

    @property
    def progress(self) -> Progress:
        """The learner's log."""
        return self._opened.progress

    @property
    def clock(self) -> Clock:
        """The learner's clock."""
        return self._opened.clock

    @property
    def read_only(self) -> str:
        """Why nothing can be recorded, if so."""
        return self._opened.read_only


def open_all() -> Opened:
    """The learner's settings, bank and progress. Raises `UsageProblem`."""
    import gc

    from question_bank.loader import load_bank
    from quizapp.progress import Progress, SecondInstance
    from quizapp.settings import load_settings

    settings = load_settings()
    clock, cutoff = settings.clock(), settings.day_cutoff_hour
    bank = load_bank()
    gc.freeze()  # modules and bank stay to the end: a collection that walks them all would be felt between two keys
    try:
        progress = Progress.open(clock=clock, policy=settings.policy(), cutoff_hour=cutoff)
    except SecondInstance as reason:
        return Opened(bank, Progress.open(clock=clock, mode="read", cutoff_hour=cutoff), clock, settings, str(reason))
    return Opened(bank, progress, clock, settings)
