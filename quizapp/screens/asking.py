"""How a question is put: its prompt as shown, the widget that takes the answer, and what was drawn for this attempt. Pure."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from question_bank.models import Cloze, MultipleChoice, Numeric, Ordering, SingleChoice, TrueFalse
from question_bank.numeric import fill
from quizapp.commands.in_use import key
from quizapp.study.scoring import draw, shuffled
from quizapp.widgets.answers.blanks import Blanks
from quizapp.widgets.answers.choices import Choices, Item
from quizapp.widgets.answers.order import Order
from quizapp.widgets.answers.writing import Writing

if TYPE_CHECKING:
    from question_bank.models import Theory

Field = Writing | Choices | Order | Blanks
_HOLE: Final = re.compile(r"\{\{(\d+)\}\}")
_TRUE_FALSE: Final = (Item("true", "对"), Item("false", "错"))


@dataclass(frozen=True)
class Asked:
    """One question as it is put this time. `values` are drawn numbers, `order` the ids or items as shown."""

    question: Theory
    prompt: str
    answer: str
    values: Mapping[str, int | float] = field(default_factory=dict)
    order: tuple[str, ...] = ()

    @property
    def detail(self) -> dict[str, Any]:
        """What the log keeps of how it was put."""
        return {name: value for name, value in (("values", dict(self.values)), ("order", list(self.order))) if value}


def ask(question: Theory, attempt: int) -> Asked:
    """Put `question` for the `attempt`-th time. The same attempt is always put the same way, so a draft still fits."""
    seed = f"{question.id}:{attempt}"
    if isinstance(question, Numeric):
        numbers = draw(question, random.Random(seed))  # noqa: S311  variety, not secrecy
        answer = f"{fill(question.answer, numbers.values)}\n\n{numbers.worked}"
        return Asked(question, numbers.prompt, answer, numbers.values)
    if isinstance(question, Ordering):
        return Asked(question, question.prompt, question.answer, order=_mixed(question.items, seed))
    if isinstance(question, SingleChoice | MultipleChoice):
        ids = tuple(option.id for option in question.options)
        lettered = all(len(option_id) == 1 for option_id in ids)  # the answer's text may speak of 选项 B
        return Asked(question, question.prompt, question.answer, order=ids if lettered else _mixed(ids, seed))
    if isinstance(question, Cloze):
        return Asked(question, _HOLE.sub(r"〔\1〕", question.prompt), question.answer)
    return Asked(question, question.prompt, question.answer)


def field_for(asked: Asked, done: tuple[str, str] = ("答题", "对答案")) -> Field:
    """The widget that takes the answer. `done`: place and label of the command that follows."""
    question = asked.question
    match question:
        case SingleChoice() | MultipleChoice():
            texts = {option.id: option.text for option in question.options}
            items = [Item(option_id, texts[option_id]) for option_id in asked.order]
            return Choices(items, multiple=isinstance(question, MultipleChoice), id="answer")
        case TrueFalse():
            return Choices(_TRUE_FALSE, id="answer")
        case Ordering():
            return Order(asked.order, id="answer")
        case Cloze():
            return Blanks([f"第 {number} 空" for number in range(1, len(question.blanks) + 1)], id="answer")
        case Numeric():
            return Blanks(["结果"], unit=question.unit, id="answer")
        case _:
            sentence = f"像面试时那样说出来：先一句话，再分点。写完按 {key(*done)} {done[1]}。"
            return Writing(placeholder=sentence, id="answer")


def _mixed(items: tuple[str, ...], seed: str) -> tuple[str, ...]:
    """Another order than the given one, unless there is no other."""
    orders = (shuffled(items, f"{seed}:{turn}") for turn in range(10))
    return next((order for order in orders if order != items), items)
