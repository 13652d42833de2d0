"""What today looks like, from the states of the questions. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from quizapp.screens.rows import state_of
from quizapp.widgets.question_list import DUE, NEW, SOLVED

if TYPE_CHECKING:
    from question_bank.bank import Outline
    from quizapp.progress.records import QuestionState

_SECONDS: Final = {"short_answer": 120, "coding": 1800}
"""Roughly how long one question takes; the other types are quick."""
_QUICK: Final = 30
_NEW_AT_ONCE: Final = 5


@dataclass(frozen=True)
class Agenda:
    """Ids in the order they should be asked."""

    due: tuple[str, ...]
    fresh: tuple[str, ...]
    coding: Outline | None
    coding_state: str
    minutes: int
    total: int
    wrong: int = 0
    """How many stand in 错题本."""

    @property
    def queue(self) -> tuple[str, ...]:
        """What `begin` asks."""
        return self.due + self.fresh[:_NEW_AT_ONCE]

    @property
    def headline(self) -> str:
        """The first line."""
        if self.due:
            return f"今天有 {len(self.due)} 题该复习"
        return "今天没有该复习的题" if self.fresh else "都做完了，今天可以休息"

    @property
    def subline(self) -> str:
        """The second line."""
        fresh = min(len(self.fresh), _NEW_AT_ONCE)
        if not self.queue:
            return "明天再来看看有没有到期的题"
        return f"复习 {len(self.due)} 题，新学 {fresh} 题，大约 {self.minutes} 分钟"

    @property
    def begin_note(self) -> str:
        """Behind the first entry."""
        return f"{len(self.queue)} 题，约 {self.minutes} 分钟" if self.queue else "没有安排"

    @property
    def code_note(self) -> str:
        """Behind the coding entry."""
        return f"{self.coding.title}  {self.coding_state}" if self.coding else "都通过了"


def agenda(outlines: Sequence[Outline], states: Mapping[str, QuestionState], now: dt.datetime) -> Agenda:
    """Due theory questions by due time, then new ones by frequency, and the first program that is not solved."""
    theory = [outline for outline in outlines if outline.type != "coding"]
    standing = {outline.id: state_of(states.get(outline.id), now) for outline in outlines}
    due = [o for o in theory if standing[o.id] is DUE]
    due.sort(key=lambda o: (states[o.id].due, o.id))
    fresh = sorted((o for o in theory if standing[o.id] is NEW), key=lambda o: (-o.frequency, o.difficulty))
    coding = next((o for o in outlines if o.type == "coding" and standing[o.id] is not SOLVED), None)
    asked = [*due, *fresh[:_NEW_AT_ONCE]]
    return Agenda(
        due=tuple(o.id for o in due),
        fresh=tuple(o.id for o in fresh),
        coding=coding,
        coding_state=standing[coding.id].word if coding else "",
        minutes=max(1, round(sum(_SECONDS.get(o.type, _QUICK) for o in asked) / 60)),
        total=len(outlines),
    )
