"""Markdown to print or to send: 试卷 with and without answers, and 错题本. Pure: text from questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from question_bank.models import (
    Cloze,
    Coding,
    MultipleChoice,
    Numeric,
    Ordering,
    Question,
    ShortAnswer,
    SingleChoice,
    Theory,
    TrueFalse,
)
from question_bank.numeric import draws, fill, worked
from quizapp.study.scoring import shuffled

KINDS: Final = {
    "single": "单选题", "multiple": "多选题", "true_false": "判断题", "cloze": "填空题", "ordering": "排序题", "numeric": "数值题",
    "short_answer": "简答题", "coding": "编程题",
}  # fmt: skip
_NUMERALS: Final = "一二三四五六七八"
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SPACE: Final = {"short_answer": 8, "coding": 4, "numeric": 3}
"""Empty lines to write in."""


@dataclass(frozen=True)
class Put:
    """A question as this paper puts it."""

    prompt: str
    options: tuple[str, ...]
    solution: str


def paper(questions: Sequence[Question], title: str, *, answers: bool, seed: int = 0) -> str:
    """A paper by question types. The same seed puts the options in the same order, so that the key fits the paper."""
    parts = [f"# {title}", f"共 {len(questions)} 题" + ("（含答案）" if answers else "    姓名 ____________    用时 ________")]
    number = 0
    kinds = [kind for kind in KINDS if any(question.type == kind for question in questions)]
    for place, kind in enumerate(kinds):
        parts.append(f"## {_NUMERALS[place]}、{KINDS[kind]}")
        for question in questions:
            if question.type == kind:
                number += 1
                parts.append(_item(question, number, answers=answers, seed=seed))
    return "\n\n".join(parts) + "\n"


def _item(question: Question, number: int, *, answers: bool, seed: int) -> str:
    made = put(question, seed)
    lines = [f"### {number}. {question.title}", made.prompt, *([_listed(made.options)] if made.options else [])]
    if answers:
        lines += ["**答案**", made.solution]
    elif question.type in _SPACE:
        lines.append("\n".join(["<br>"] * _SPACE[question.type]))
    return "\n\n".join(line.strip() for line in lines)


def _listed(options: Iterable[str]) -> str:
    return "\n".join(f"- {option}" for option in options)


def put(question: Question, seed: int) -> Put:
    """Prompt, options and full solution, with numbers drawn and options shuffled by the seed."""
    key = f"{seed}:{question.id}"
    match question:
        case Coding():
            return Put(question.statement, (), "提交后由判题机评分：`quizapp submit " + question.id + "`")
        case Numeric():
            values = shuffled(list(draws(question)), key)[0]
            return Put(fill(question.prompt, values), (), worked(question, values))
        case SingleChoice() | MultipleChoice():
            return _choice(question, shuffled([option.id for option in question.options], key))
        case Ordering():
            order = shuffled(question.items, key)
            right = " → ".join(_LETTERS[order.index(item)] for item in question.items)
            return Put(question.prompt, _lettered(order), f"{right}\n\n{question.answer}")
        case Cloze():
            blanks = "；".join(f"({place}) {' / '.join(texts)}" for place, texts in enumerate(question.blanks, 1))
            return Put(_holes(question), (), f"{blanks}\n\n{question.answer}")
        case TrueFalse():
            return Put(question.prompt + "（　　）", (), f"{'对' if question.correct else '错'}\n\n{question.answer}")
        case ShortAnswer():
            points = _listed(f"{point.text}" for point in question.key_points)
            return Put(question.prompt, (), f"{question.answer}\n\n要点：\n\n{points}")


def _holes(question: Cloze) -> str:
    prompt = question.prompt
    for place in range(1, len(question.blanks) + 1):
        prompt = prompt.replace(f"{{{{{place}}}}}", f"＿＿({place})＿＿")
    return prompt


def _choice(question: SingleChoice | MultipleChoice, order: Sequence[str]) -> Put:
    options = {option.id: option for option in question.options}
    correct = {question.correct} if isinstance(question, SingleChoice) else set(question.correct)
    letters = "".join(letter for letter, name in zip(_LETTERS, order, strict=False) if name in correct)
    whys = _listed(f"{letter}. {options[name].why}" for letter, name in zip(_LETTERS, order, strict=False) if options[name].why)
    texts = _lettered([options[name].text for name in order])
    return Put(question.prompt, texts, "\n\n".join(part for part in (letters, question.answer, whys) if part))


def _lettered(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{letter}. {text}" for letter, text in zip(_LETTERS, texts, strict=False))


@dataclass(frozen=True)
class Mistake:
    """One question in the book of mistakes."""

    question: Theory | Coding
    since: str
    misses: int
    last_answer: str
    missed_points: tuple[str, ...]
    diagnoses: tuple[str, ...] = ()
    note: str = ""


def mistakes(book: Sequence[Mistake], titles: Mapping[str, str], *, answers: bool) -> str:
    """错题本 by topic: what was answered, what was missing, and, if wanted, the answer."""
    parts = ["# 错题本", f"共 {len(book)} 题"]
    for topic in dict.fromkeys(mistake.question.topic for mistake in book):
        parts.append(f"## {titles.get(topic, topic)}")
        for mistake in book:
            if mistake.question.topic == topic:
                parts += _mistake(mistake, answers=answers)
    return "\n\n".join(parts) + "\n"


def _mistake(mistake: Mistake, *, answers: bool) -> Iterator[str]:
    question = mistake.question
    made = put(question, 0)
    yield f"### {question.title}"
    yield f"`{question.id}`　{mistake.since} 进入错题本，错过 {mistake.misses} 次"
    yield made.prompt.strip()
    if made.options:
        yield _listed(made.options)
    if mistake.last_answer.strip():
        yield "**上次的回答**"
        yield "\n".join(f"> {line}" for line in mistake.last_answer.strip().split("\n"))
    if mistake.missed_points:
        yield "**漏掉或说反的要点**"
        yield _listed(mistake.missed_points)
    if mistake.diagnoses:
        yield "**判题机的诊断**"
        yield _listed(mistake.diagnoses)
    if mistake.note:
        yield f"**笔记**　{mistake.note}"
    if answers:
        yield "**答案**"
        yield made.solution.strip()
