"""The shapes of the bank: every YAML file becomes one frozen `Question`.

Strict on purpose: a field nobody reads is a typo, so unknown keys are refused; a number spelt as text stays text and is refused.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from question_bank.base import Identifier, Model, Text, Topic

__all__ = [
    "CheckGroup", "Cloze", "Coding", "Entry", "Framework", "KeyPoint", "Limits", "Model", "MultipleChoice", "Numeric", "Option", "Ordering",
    "Parameter", "Question", "Rule", "ShortAnswer", "SingleChoice", "Source", "Theory", "Topic", "TrueFalse",
]  # fmt: skip

Framework = Literal["torch", "tensorflow"]
Difficulty = Annotated[int, Field(ge=1, le=5)]


class Source(Model):
    """Where a fact comes from. `as_of` is the day somebody looked."""

    title: Text
    url: str | None = None
    as_of: dt.date | None = None


class KeyPoint(Model):
    """One thing a good answer says.

    `keywords` are groups: a point is hit when every group has at least one of its synonyms in the answer; some groups only is a
    partial hit. `must_not` are regular expressions over the normalised answer whose match says the opposite of the point.
    """

    id: Identifier
    text: Text
    weight: Annotated[float, Field(gt=0)] = 1.0
    keywords: Annotated[tuple[Annotated[tuple[Text, ...], Field(min_length=1)], ...], Field(min_length=1)]
    must_not: tuple[Text, ...] = ()
    follow_up: str | None = None


class Option(Model):
    """One choice of a choice question; `why` is shown after answering."""

    id: Identifier | Annotated[str, Field(pattern=r"^[A-Z]$")]
    text: Text
    why: str | None = None


class QuestionBase(Model):
    """What every question has. `id` is its identity for progress: never reuse or rename one."""

    id: Identifier
    title: Text
    topic: Identifier
    difficulty: Difficulty
    frequency: Annotated[int, Field(ge=1, le=3)] = 2
    tags: tuple[Text, ...] = ()
    requires: tuple[Identifier, ...] = ()
    sources: tuple[Source, ...] = ()
    as_of: dt.date | None = None
    review_by: dt.date | None = None


class TheoryBase(QuestionBase):
    """A question answered in the app. `prompt`, `answer` are Markdown."""

    prompt: Text
    answer: Text
    mistakes: tuple[Text, ...] = ()
    follow_ups: tuple[Text, ...] = ()


class ShortAnswer(TheoryBase):
    """简答题: free text, judged point by point. `brief` is the 30-second spoken version."""

    type: Literal["short_answer"]
    brief: str | None = None
    key_points: Annotated[tuple[KeyPoint, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _distinct_points(self) -> Self:
        ids = [point.id for point in self.key_points]
        if len(set(ids)) != len(ids):
            raise ValueError("key_points 里有重复的 id")
        return self


class _Choice(TheoryBase):
    options: Annotated[tuple[Option, ...], Field(min_length=2)]

    def _check_known(self, chosen: tuple[str, ...]) -> None:
        ids = [option.id for option in self.options]
        if len(set(ids)) != len(ids):
            raise ValueError("options 里有重复的 id")
        if unknown := sorted(set(chosen) - set(ids)):
            raise ValueError(f"correct 里的 {unknown} 不在 options 中")


class SingleChoice(_Choice):
    """单选题."""

    type: Literal["single"]
    correct: str

    @model_validator(mode="after")
    def _correct_exists(self) -> Self:
        self._check_known((self.correct,))
        return self


class MultipleChoice(_Choice):
    """多选题, with partial credit."""

    type: Literal["multiple"]
    correct: Annotated[tuple[str, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _correct_exists(self) -> Self:
        self._check_known(self.correct)
        return self


class TrueFalse(TheoryBase):
    """判断题."""

    type: Literal["true_false"]
    correct: bool


class Cloze(TheoryBase):
    """填空题: each `{{n}}` in `prompt` (n from 1) takes any of `blanks[n-1]`."""

    type: Literal["cloze"]
    blanks: Annotated[tuple[Annotated[tuple[Text, ...], Field(min_length=1)], ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _blanks_in_prompt(self) -> Self:
        for number in range(1, len(self.blanks) + 1):
            if f"{{{{{number}}}}}" not in self.prompt:
                raise ValueError(f"prompt 里缺少第 {number} 个空 {{{{{number}}}}}")
        return self


class Ordering(TheoryBase):
    """排序题: `items` stand in the right order."""

    type: Literal["ordering"]
    items: Annotated[tuple[Text, ...], Field(min_length=2)]


class Parameter(Model):
    """A number drawn anew each time: one of `choices`."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
    choices: Annotated[tuple[int | float, ...], Field(min_length=1)]


class Numeric(TheoryBase):
    """数值题. `expression` is arithmetic over the parameters (see `question_bank.arithmetic`).

    In `prompt` and `worked`, `{name}` stands for the drawn value, `{= expression}` for a computed one and, in `worked`, `{answer}`
    for the right answer (see `question_bank.numeric`). `tolerance` is relative; `unit` is what the answer is expected in;
    `unit_factors` maps other accepted units to it.
    """

    type: Literal["numeric"]
    parameters: tuple[Parameter, ...] = ()
    expression: Text
    unit: str = ""
    unit_factors: dict[str, float] = Field(default_factory=dict)
    tolerance: Annotated[float, Field(gt=0, lt=1)] = 0.02
    worked: Text


class Entry(Model):
    """One thing the submission must define. `signature` is shown and checked by parameter count and names."""

    name: Text
    kind: Literal["function", "class"] = "function"
    signature: Text
    returns: Text


class Limits(Model):
    """What one submission may use. Times in seconds, sizes in MiB / KiB."""

    cpu_s: Annotated[float, Field(gt=0)]
    wall_s: Annotated[float, Field(gt=0)]
    import_s: Annotated[float, Field(gt=0)] = 30.0
    memory_mib: Annotated[int, Field(ge=256)] = 2048
    output_kib: Annotated[int, Field(ge=16)] = 1024


class Rule(Model):
    """A call the submission may not make, with the reason the learner reads."""

    forbid: Annotated[tuple[Text, ...], Field(min_length=1)]
    reason: Text


class CheckGroup(Model):
    """One hidden check file as the learner sees it: a title and its share of the score. Files run in this order."""

    id: Identifier
    title: Text
    weight: Annotated[float, Field(ge=0)] = 1.0


class Coding(QuestionBase):
    """编程题. Its texts lie beside problem.yaml and are filled in by the loader."""

    type: Literal["coding"]
    version: Annotated[int, Field(ge=1)] = 1
    frameworks: Annotated[tuple[Framework, ...], Field(min_length=1)]
    entries: Annotated[tuple[Entry, ...], Field(min_length=1)]
    limits: Limits
    groups: Annotated[tuple[CheckGroup, ...], Field(min_length=1)]
    rules: tuple[Rule, ...] = ()
    script_mode: bool = False
    datasets: tuple[Identifier, ...] = ()
    follow_ups: tuple[Text, ...] = ()
    related: tuple[Identifier, ...] = ()
    statement: str = ""
    hints: tuple[str, ...] = ()
    starters: dict[Framework, str] = Field(default_factory=dict)


Theory = Annotated[
    ShortAnswer | SingleChoice | MultipleChoice | TrueFalse | Cloze | Ordering | Numeric, Field(discriminator="type")
]
Question = Annotated[
    ShortAnswer | SingleChoice | MultipleChoice | TrueFalse | Cloze | Ordering | Numeric | Coding,
    Field(discriminator="type"),
]
