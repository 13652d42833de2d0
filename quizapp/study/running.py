"""Driving a session: the one place that writes its steps into the log and knows how much time it has used.

Time runs only while the session is open. What was used is kept beside the drafts, so a crash costs at most the seconds since the
last `keep_time`.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from quizapp.problems import UsageProblem
from quizapp.study.sessions import EMPTY, Mode, State, fold

if TYPE_CHECKING:
    from judge.verdict import Report
    from quizapp.clock import Clock
    from quizapp.progress import Progress


@dataclass(frozen=True)
class Unfinished:
    """A session that can be taken up again."""

    state: State
    elapsed: float


class Running:
    """One open session. `state` is always what the log says."""

    def __init__(self, progress: Progress, state: State, clock: Clock, elapsed: float = 0.0) -> None:
        self._progress = progress
        self._clock = clock
        self._before = elapsed
        self._since = clock()
        self.state = state

    @classmethod
    def start(
        cls, progress: Progress, clock: Clock, mode: Mode, questions: Sequence[str], *, empty: str | None = None, **details: Any
    ) -> Self:
        """A new session over `questions`; `details` (topic, minutes, seed) are kept. Raises `UsageProblem` when there are none."""
        if not questions:
            raise UsageProblem(empty or EMPTY.get(mode, "这个范围里没有题目"))
        name = secrets.token_hex(6)
        progress.record_session(name, "start", mode=mode.value, questions=list(questions), **details)
        return cls(progress, _state(progress, name), clock)

    @classmethod
    def resume(cls, progress: Progress, clock: Clock, session_id: str) -> Self:
        """Take up a session where it was left. Raises `UsageProblem` for one that is not there or is over."""
        state = fold(progress.session_events(session_id))
        if state is None:
            raise UsageProblem(f"没有练习 {session_id}")
        if state.finished is not None:
            raise UsageProblem(f"这次{state.mode.label}已经结束了")
        return cls(progress, state, clock, _elapsed(progress, session_id))

    @property
    def elapsed(self) -> float:
        """Seconds spent in it, all openings together."""
        return self._before + (self._clock() - self._since).total_seconds()

    @property
    def left(self) -> float | None:
        """Seconds left of its time; negative when over; None when it has no limit."""
        return None if self.state.minutes is None else self.state.minutes * 60 - self.elapsed

    def keep_time(self) -> None:
        """Remember the time used; call it every few seconds and when the screen is left."""
        self._progress.save_draft(_time_key(self.state.id), json.dumps({"elapsed": round(self.elapsed, 1)}))

    def answer(
        self,
        *,
        text: str,
        rating: int,
        score: float | None,
        points: Mapping[str, str],
        seconds: float,
        confidence: int | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> int:
        """Record the answer to the current question and go on. Returns the answer's id."""
        if self.state.current is None:
            raise UsageProblem("这次练习已经没有题目了")
        recorded = self._progress.record_answer(
            self.state.current,
            text=text,
            rating=rating,
            score=score,
            points=points,
            mode=self.state.mode.value,
            seconds=seconds,
            confidence=confidence,
            session=self.state.id,
            detail=detail,
        )
        self._follow()
        return recorded

    def submit(self, *, source: bytes, filename: str, report: Report, related: Sequence[str] = ()) -> int:
        """Record a judged program for the current question; it stays in hand until accepted or skipped."""
        if self.state.current is None:
            raise UsageProblem("这次练习已经没有题目了")
        recorded = self._progress.record_submission(
            self.state.current, source=source, filename=filename, report=report, related=related, session=self.state.id
        )
        self._follow()
        return recorded

    def skip(self) -> None:
        """The current question later."""
        self._step("skip", question=self.state.current)

    def pass_over(self) -> None:
        """The current question later; passed over twice, or the only one left, it is left."""
        if self.state.current in self.state.skipped or len(self.state.queue) == 1:
            self.drop()
        else:
            self.skip()

    def drop(self) -> None:
        """The current question not in this session."""
        self._step("drop", question=self.state.current)

    def go_to(self, question: str) -> None:
        """A question of the session now, answered already or not."""
        self._step("goto", question=question)

    def mark(self, question: str | None = None) -> None:
        """Mark a question (the current one) to come back to, or take the mark away."""
        self._step("mark", question=question or self.state.current)

    def finish(self) -> None:
        """The session is over."""
        self._step("finish", elapsed=round(self.elapsed, 1))
        self._progress.save_draft(_time_key(self.state.id), "")

    def refresh(self) -> None:
        """Read the log again, after an undo or an overrule."""
        self.state = _state(self._progress, self.state.id)

    def _step(self, op: str, **details: Any) -> None:
        self._progress.record_session(self.state.id, op, **details)
        self._follow()

    def _follow(self) -> None:
        self.refresh()
        self.keep_time()


def unfinished(progress: Progress, limit: int = 20) -> list[Unfinished]:
    """Sessions that can be taken up again, the one worked on last first."""
    found = (fold(progress.session_events(session.id)) for session in progress.sessions(limit, unfinished=True))
    states = [state for state in found if state is not None and not state.is_complete]
    states.sort(key=lambda state: state.updated, reverse=True)
    return [Unfinished(state, _elapsed(progress, state.id)) for state in states]


def finished(progress: Progress, mode: Mode, *, but: str, limit: int = 200) -> list[State]:
    """Sessions of a mode that are over, other than `but`."""
    sessions = [session for session in progress.sessions(limit) if session.mode == mode.value and session.finished is not None]
    folded = (fold(progress.session_events(session.id)) for session in sessions if session.id != but)
    return [state for state in folded if state is not None]


def _state(progress: Progress, session_id: str) -> State:
    state = fold(progress.session_events(session_id))
    if state is None:
        raise UsageProblem(f"没有练习 {session_id}")
    return state


def _time_key(session_id: str) -> str:
    return f"time:{session_id}"


def _elapsed(progress: Progress, session_id: str) -> float:
    try:
        return float(json.loads(progress.draft(_time_key(session_id)) or "{}").get("elapsed", 0.0))
    except (ValueError, AttributeError):
        return 0.0
