"""The loaded bank: what every other room reads. Frozen; a question is built from its compiled JSON when first asked for."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from question_bank.base import Model, Topic
from question_bank.search import Index, Keys

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from question_bank.models import Coding, Question


@cache
def question_adapter() -> TypeAdapter[Question]:
    """What reads a question from JSON. Made on first use: it takes longer than the start of the app may."""
    from pydantic import TypeAdapter

    from question_bank.models import Question

    return TypeAdapter(Question)


class BankProblem(Model):
    """One thing wrong in the bank's files. `line` counts from 1; `question` is the id it belongs to, if it has one."""

    file: str
    line: int
    question: str | None
    message: str

    def __str__(self) -> str:
        where = f"（{self.question}）" if self.question else ""
        return f"{self.file}:{self.line}: {self.message}{where}"


class Outline(NamedTuple):
    """What a list shows of a question, at hand without building it. `file` is relative to the root, with forward slashes."""

    id: str
    type: str
    title: str
    topic: str
    difficulty: int
    frequency: int
    tags: tuple[str, ...]
    requires: tuple[str, ...]
    file: str


class UnknownQuestion(KeyError):
    """No such question; `str()` is a Chinese sentence with the nearest names."""

    def __str__(self) -> str:
        return str(self.args[0])


class Shelf(Mapping[str, "Question"]):
    """Questions by id, each validated when it is first taken down. Order is the bank's order."""

    def __init__(self, ids: Sequence[str], parts: Mapping[str, bytes]) -> None:
        self._ids = ids
        self._parts = parts
        self._built: dict[str, Question] = {}

    def __getitem__(self, question_id: str) -> Question:
        if question_id not in self._built:
            self._built[question_id] = question_adapter().validate_json(self._parts[question_id])
        return self._built[question_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


@dataclass(frozen=True)
class Bank:
    """Everything under one root. `problems` tells what could not be read; the rest is here."""

    root: Path
    topics: tuple[Topic, ...]
    outlines: tuple[Outline, ...]
    problems: tuple[BankProblem, ...]
    shelf: Mapping[str, Question] = field(repr=False)
    keys: Callable[[], bytes] = field(repr=False)
    """`search.Keys` as JSON; `index` unpacks them."""

    def get(self, question_id: str) -> Question | None:
        """The question, or None."""
        return self.shelf.get(question_id)

    def fault(self, question_id: str) -> BankProblem | None:
        """What is wrong with the files of a question that is not here for that reason."""
        return next((problem for problem in self.problems if problem.question == question_id), None)

    def coding(self, question_id: str) -> Coding:
        """The coding problem. Raises `UnknownQuestion`."""
        question = self.get(question_id)
        if question is not None and question.type == "coding":
            return question
        if (fault := self.fault(question_id)) is not None:
            raise UnknownQuestion(f"读不了 {question_id}：{fault}")
        known = [outline.id for outline in self.outlines if outline.type == "coding"]
        close = difflib.get_close_matches(question_id, known, n=1)
        hint = f"是不是 {close[0]}？" if close else f"可选：{'、'.join(known) or '（题库里没有编程题）'}"
        raise UnknownQuestion(f"没有编程题 {question_id}；{hint}")

    def search(self, query: str) -> tuple[Outline, ...]:
        """Questions that answer `query` (汉字, pinyin, initials, English, misspelt), best first. Empty query: none."""
        return tuple(self.outlines[row] for row in self.index.search(query))

    @cached_property
    def index(self) -> Index:
        """The search index; rows are numbered as `outlines`."""
        return Index(Keys.model_validate_json(self.keys()))

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All of them, in the order of the topics. Builds all; a list should show `outlines`."""
        return tuple(self.shelf.values())

    @cached_property
    def theory(self) -> tuple[Question, ...]:
        """Those answered in the app."""
        return tuple(question for question in self.questions if question.type != "coding")

    @cached_property
    def exercises(self) -> tuple[Coding, ...]:
        """The coding problems."""
        return tuple(self.coding(outline.id) for outline in self.outlines if outline.type == "coding")

    @cached_property
    def outline(self) -> Mapping[str, Outline]:
        """Outlines by id."""
        return {outline.id: outline for outline in self.outlines}

    @cached_property
    def topic(self) -> Mapping[str, Topic]:
        """Topics by id."""
        return {topic.id: topic for topic in self.topics}

    def file(self, question_id: str) -> Path:
        """The YAML file of a question; a coding problem's other files stand beside it."""
        return self.root / self.outline[question_id].file
