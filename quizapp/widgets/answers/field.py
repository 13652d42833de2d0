"""What every answer widget is: something with an answer, a draft of it, and a way to show the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from textual.message import Message

Given = str | bool | tuple[str, ...] | None
"""What was answered: text, yes or no, option ids, blanks, items in order. None: nothing yet."""


@dataclass
class Edited(Message):
    """The answer changed."""


@dataclass
class Submitted(Message):
    """The learner is done with this answer."""


@dataclass(frozen=True)
class Mark:
    """The truth about one part of an answer, shown in its place."""

    correct: bool
    note: str = ""


@runtime_checkable
class AnswerField(Protocol):
    """A widget that takes one answer."""

    @property
    def given(self) -> Given:
        """The answer so far."""

    @property
    def draft(self) -> str:
        """The answer so far as a string that `restore` understands; empty when there is none."""

    def restore(self, draft: str) -> None:
        """Put a draft back. A draft that does not fit the question any more is ignored."""

    def reveal(self, marks: Sequence[Mark]) -> None:
        """Show what was right, part by part, and take no more input."""
