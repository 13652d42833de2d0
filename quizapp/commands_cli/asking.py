"""Putting a theory question on a plain terminal, and reading the answer typed there. No cursor movement, no colours: also for
screen readers and scripts."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from judge.columns import wrapped
from question_bank.models import Cloze, MultipleChoice, Numeric, Ordering, ShortAnswer, SingleChoice, TrueFalse
from quizapp.commands_cli.shared import page
from quizapp.study.scoring import Given, Scored, draw, drawn, score, shuffled, unreadable
from quizapp.text.spoken import spoken

if TYPE_CHECKING:
    from question_bank.models import Theory

_PLACES: Final = {"true_false": "正确答案", "numeric": "正确结果", "cloze": "第 {} 空"}
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SKIP: Final = frozenset({":skip", ":s"})
GIVE_UP: Final = frozenset({":answer", ":a"})
_YES: Final = frozenset({"对", "正确", "是", "y", "yes", "t", "true", "1", "√"})
_NO: Final = frozenset({"错", "错误", "否", "不对", "n", "no", "f", "false", "0", "×"})


@dataclass(frozen=True)
class Asked:
    """A question as it is put this time: drawn numbers filled in, options in the order shown."""

    question: Theory
    prompt: str
    order: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def detail(self) -> dict[str, Any]:
        """What the log keeps of how it was put."""
        return {name: value for name, value in (("values", dict(self.values)), ("order", list(self.order))) if value}

    @property
    def multiline(self) -> bool:
        """Whether the answer is a text of several lines."""
        return isinstance(self.question, ShortAnswer)

    @property
    def lines(self) -> int:
        """Lines of a short answer to read."""
        return len(self.question.blanks) if isinstance(self.question, Cloze) else 1


def ask(question: Theory, attempt: int) -> Asked:
    """Put `question` for the `attempt`-th time; the same attempt is always put the same way."""
    seed = f"{question.id}:{attempt}"
    match question:
        case Numeric():
            drawn = draw(question, random.Random(seed))  # noqa: S311  variety, not secrecy
            return Asked(question, drawn.prompt, values=drawn.values)
        case SingleChoice() | MultipleChoice():
            return Asked(question, question.prompt, shuffled([option.id for option in question.options], seed))
        case Ordering():
            return Asked(question, question.prompt, shuffled(question.items, seed))
        case _:
            return Asked(question, question.prompt)


def shown(asked: Asked, width: int) -> str:
    """The question as lines to print."""
    question = asked.question
    parts = [page(asked.prompt, width)]
    match question:
        case SingleChoice() | MultipleChoice():
            texts = {option.id: option.text for option in question.options}
            parts += [
                wrapped(spoken(texts[name]), width, f"{letter}. ", "   ")
                for letter, name in zip(LETTERS, asked.order, strict=False)
            ]
        case Ordering():
            parts += [wrapped(spoken(item), width, f"{number}. ", "   ") for number, item in enumerate(asked.order, 1)]
    return "\n".join(parts)


def hint(asked: Asked) -> str:
    """How to answer."""
    match asked.question:
        case SingleChoice():
            return "输入一个字母"
        case MultipleChoice():
            return "输入所有正确选项的字母，例如 AC"
        case TrueFalse():
            return "输入 对 或 错"
        case Cloze():
            return f"依次输入 {asked.lines} 个空，每行一个"
        case Ordering():
            return "按正确的顺序输入编号，例如 3 1 2"
        case Numeric():
            unit = asked.question.unit
            return f"输入结果，单位 {unit}" if unit else "输入结果"
        case _:
            return "输入答案，单独一行 . 结束"


def understood(asked: Asked, text: str) -> tuple[Given, str]:
    """What was meant by `text`; or None and a sentence that says why it cannot be."""
    match asked.question:
        case SingleChoice():
            names = _letters(asked, text)
            return (names[0], "") if len(names) == 1 else (None, "单选题输入一个字母")
        case MultipleChoice():
            names = _letters(asked, text)
            return (names, "") if names else (None, f"输入 {LETTERS[0]} 到 {LETTERS[len(asked.order) - 1]} 中的字母")
        case TrueFalse():
            word = text.strip().lower()
            return (word in _YES, "") if word in _YES | _NO else (None, "输入 对 或 错")
        case Ordering():
            return _ordered(asked, text)
        case Cloze():
            return text.split("\n"), ""
        case Numeric():
            complaint = unreadable(asked.question, text)
            return None if complaint else text, complaint
        case _:
            return text, ""


def _letters(asked: Asked, text: str) -> list[str]:
    """The options meant; empty when a letter is none of them."""
    letters = re.sub(r"[\s,，、;；.]+", "", text).upper()
    known = dict(zip(LETTERS, asked.order, strict=False))
    return (
        [known[letter] for letter in dict.fromkeys(letters)] if letters and all(letter in known for letter in letters) else []
    )


def _ordered(asked: Asked, text: str) -> tuple[Given, str]:
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    if len(numbers) == 1 and len(asked.order) < 10:  # 312 as well as 3 1 2
        numbers = [int(digit) for digit in str(numbers[0])]
    if sorted(numbers) != list(range(1, len(asked.order) + 1)):
        return None, f"把 1 到 {len(asked.order)} 各写一次"
    return [asked.order[number - 1] for number in numbers], ""


@dataclass(frozen=True)
class Result:
    """A scored answer as it is told and recorded."""

    scored: Scored
    text: str
    points: Mapping[str, str]
    follow_up: str | None


def evaluated(asked: Asked, given: Given, text: str) -> Result:
    """Score an answer."""
    scored = score(asked.question, given, asked.values)
    if scored.grade is not None:
        points = {point.id: point.status.value for point in scored.grade.points}
        return Result(scored, text, points, scored.grade.follow_up)
    points = {part.id: "对" if part.right else "错" for part in scored.parts}
    follow_ups = asked.question.follow_ups
    return Result(scored, text, points, follow_ups[0] if follow_ups else None)


def told(asked: Asked, result: Result, width: int) -> Iterator[str]:
    """The outcome, point by point."""
    scored = result.scored
    yield f"{scored.score:.0f} 分" + (f"（{scored.grade.band.value}）" if scored.grade else "")
    if scored.message:
        yield scored.message
    if scored.grade:
        for point in scored.grade.points:
            evidence = f"（你写了“{point.matched}”）" if point.matched else ""
            yield wrapped(f"[{point.status.value}] {spoken(point.text)}{evidence}", width, "  ", "    ")
    else:
        yield from _parts(asked, scored, width)
    if scored.worked:
        yield page(scored.worked, width)


def _parts(asked: Asked, scored: Scored, width: int) -> Iterator[str]:
    letters: Mapping[str, str] = dict(zip(asked.order, LETTERS, strict=False))
    lettered = isinstance(asked.question, SingleChoice | MultipleChoice)
    for part in sorted(scored.parts, key=lambda part: letters[part.id]) if lettered else scored.parts:
        name = letters[part.id] if lettered else _PLACES.get(asked.question.type, "第 {} 位").format(part.id)
        mark = "✓" if part.right else "✗"
        if part.note or not part.right:
            yield wrapped(f"{name} {spoken(part.note)}", width, f"  {mark} ", "    ")


def key(asked: Asked, width: int) -> str:
    """The right answer as it is put this time, and the explanation."""
    question = asked.question
    return "\n\n".join(part for part in (_right(asked, width), page(question.answer, width)) if part)


def _right(asked: Asked, width: int) -> str:
    question = asked.question
    match question:
        case SingleChoice() | MultipleChoice():
            correct = {question.correct} if isinstance(question, SingleChoice) else set(question.correct)
            return "答案：" + "".join(letter for letter, name in zip(LETTERS, asked.order, strict=False) if name in correct)
        case TrueFalse():
            return f"答案：{'对' if question.correct else '错'}"
        case Cloze():
            return "\n".join(f"({place}) {' / '.join(texts)}" for place, texts in enumerate(question.blanks, 1))
        case Ordering():
            return "答案：" + " ".join(str(asked.order.index(item) + 1) for item in question.items)
        case Numeric():
            return page(drawn(question, asked.values).worked, width)
        case ShortAnswer():
            return "\n".join(wrapped(spoken(point.text), width, "- ", "  ") for point in question.key_points)


def read_answer(
    asked: Asked, read: Callable[[], str | None], so_far: Sequence[str], keep: Callable[[str], None], *, to_dot: bool = False
) -> str | None:
    """Lines until the answer is whole; a line with only a dot ends any answer, and `to_dot` nothing else does.

    `keep` gets what there is after each. None when the input ends before anything was typed.
    """
    lines = list(so_far)
    wanted = None if asked.multiline or to_dot else asked.lines
    while wanted is None or len(lines) < wanted:
        line = read()
        if line is None:
            return "\n".join(lines) if lines else None
        if line.strip() == ".":
            break
        lines.append(line)
        if line.strip() in SKIP | GIVE_UP:
            break
        keep("\n".join(lines))
    return "\n".join(lines)
