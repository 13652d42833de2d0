"""What today looks like, from the day's deck. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from quizapp.study.queue import introduction
from quizapp.study.queue import today as work_of

if TYPE_CHECKING:
    from question_bank.bank import Bank, Outline
    from quizapp.study.queue import Deck

_SECONDS: Final = {"short_answer": 120, "coding": 1800}
"""Roughly how long one question takes; the other types are quick."""
_QUICK: Final = 30


@dataclass(frozen=True)
class Agenda:
    """Ids in the order they should be asked. `fresh` is within the day's quota, `unseen` is all that was never tried."""

    due: tuple[str, ...]
    fresh: tuple[str, ...]
    unseen: tuple[str, ...]
    program: Outline | None
    rewrite: bool
    """Whether the program was solved before and is to be written again from memory."""
    minutes: int
    total: int
    wrong: int

    @property
    def queue(self) -> tuple[str, ...]:
        """What `begin` asks."""
        return self.due + self.fresh

    @property
    def headline(self) -> str:
        """The first line."""
        if self.due:
            return f"今天有 {len(self.due)} 题该复习"
        if self.fresh or not self.unseen:
            return "今天没有该复习的题" if self.fresh else "都做完了，今天可以休息"
        return "今天的量做完了"

    @property
    def subline(self) -> str:
        """The second line."""
        if not self.queue:
            return "还想学，可以选“学新题”，或在设置里改每天的量" if self.unseen else "明天再来看看有没有到期的题"
        return f"复习 {len(self.due)} 题，新学 {len(self.fresh)} 题，大约 {self.minutes} 分钟"

    @property
    def begin_note(self) -> str:
        """Behind the first entry."""
        return f"{len(self.queue)} 题，约 {self.minutes} 分钟" if self.queue else "没有安排"

    @property
    def program_note(self) -> str:
        """Behind the coding entry."""
        if self.program is None:
            return "都通过了"
        return f"{self.program.title}  {'凭记忆重写' if self.rewrite else '还没通过'}"


def agenda(bank: Bank, deck: Deck) -> Agenda:
    """The day's work as `study.queue` deals it: the same that `quizapp quiz` and `quizapp due` go by."""
    work = work_of(deck)
    kinds: Mapping[str, str] = {outline.id: outline.type for outline in bank.outlines}
    program = work.programs[0] if work.programs else work.next_program
    seconds = sum(_SECONDS.get(kinds[name], _QUICK) for name in work.queue)
    return Agenda(
        due=work.due,
        fresh=work.fresh,
        unseen=tuple(card.id for card in introduction(deck)),
        program=bank.outline.get(program or ""),
        rewrite=bool(work.programs),
        minutes=max(1, round(seconds / 60)),
        total=len(bank.outlines),
        wrong=sum(standing.wrong is not None for standing in deck.standings.values()),
    )
