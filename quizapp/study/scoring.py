"""One scoring rule per question type, and what is drawn anew for each attempt.

| type         | rule (score of 100)                                                                                   |
|--------------|-------------------------------------------------------------------------------------------------------|
| single       | 100 for the right option, else 0                                                                      |
| multiple     | (right options picked − wrong options picked) / right options, never below 0                          |
| true_false   | 100 or 0                                                                                              |
| cloze        | share of blanks filled with an accepted text; case, width, spaces, hyphens and 简繁 do not matter     |
| ordering     | pairs in the right order minus pairs in the wrong order, over all pairs, never below 0                |
| numeric      | 100 within the relative tolerance after converting the unit, else 0; an expression is computed        |
| short_answer | by key point, see `quizapp.study.grading`                                                             |

Nothing picked, and everything picked in a 多选题 with as many wrong options as right ones, earn nothing; so does a guessed order, on
average. The suggested rating is never 4: only the learner knows that it was easy.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from question_bank.arithmetic import ExpressionProblem, Number, evaluate
from question_bank.models import Cloze, MultipleChoice, Numeric, Ordering, ShortAnswer, SingleChoice, Theory, TrueFalse
from question_bank.numeric import answer as numeric_answer
from question_bank.numeric import fill, shown, worked
from quizapp.study.grading import Grade, grade
from quizapp.study.normalize import plain, tight_term

Given = str | bool | Sequence[str] | None
"""An option id, option ids, 对 or 错, blanks, items in order, a number as typed, or an answer's text. None: nothing was answered."""

Item = TypeVar("Item")


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Part(_Data):
    """The truth about one part of a question: an option, a blank, a place in an order, the number.

    `id` is the option's id or the place from 1. `right`: it was answered as it should be. `note` is for the learner.
    """

    id: str
    right: bool
    note: str = ""


class Scored(_Data):
    """One answer, scored. `grade` is there for short answers only; `worked` for numeric ones."""

    score: float
    suggested_rating: Literal[1, 2, 3]
    parts: tuple[Part, ...] = ()
    message: str = ""
    worked: str | None = None
    grade: Grade | None = None

    @property
    def correct(self) -> bool:
        """Nothing was wrong or missing."""
        return self.score >= 100


class Drawn(_Data):
    """A numeric question with its numbers: texts filled in, ready to show."""

    values: dict[str, Number]
    prompt: str
    worked: str
    answer: float


def score(question: Theory, given: Given, values: Mapping[str, Number] | None = None) -> Scored:
    """Score an answer by the rule of its type. `values` are the numbers drawn for a numeric question."""
    match question:
        case ShortAnswer():
            return _from_grade(grade(question, given if isinstance(given, str) else ""))
        case SingleChoice():
            return _choice(question, {question.correct}, _chosen(given))
        case MultipleChoice():
            return _choice(question, set(question.correct), _chosen(given))
        case TrueFalse():
            return _true_false(question, given)
        case Cloze():
            return _cloze(question, _texts(given))
        case Ordering():
            return _ordering(question, _texts(given))
        case Numeric():
            return _numeric(question, " ".join(_texts(given)), values or {})


def suggested_rating(score: float) -> Literal[1, 2, 3]:
    """重来 below 50, 困难 below 100, else 良好; 轻松 is for the learner alone to say."""
    return 1 if score < 50 else 2 if score < 100 else 3


def shuffled(items: Sequence[Item], seed: int | str) -> tuple[Item, ...]:
    """`items` in the order that `seed` stands for: record the seed and the order can be had again."""
    mixed = list(items)
    random.Random(f"options:{seed}").shuffle(mixed)  # noqa: S311  variety, not secrecy
    return tuple(mixed)


def draw(question: Numeric, rng: random.Random) -> Drawn:
    """Numbers for one attempt, and the texts with them."""
    return drawn(question, {parameter.name: rng.choice(parameter.choices) for parameter in question.parameters})


def drawn(question: Numeric, values: Mapping[str, Number]) -> Drawn:
    """The question with numbers that were drawn before."""
    return Drawn(
        values=dict(values),
        prompt=fill(question.prompt, values),
        worked=worked(question, values),
        answer=numeric_answer(question, values),
    )


# --- choices ---------------------------------------------------------------------------------------------------------------


def _chosen(given: Given) -> set[str]:
    return set(_texts(given))


def _texts(given: Given) -> tuple[str, ...]:
    if given is None or isinstance(given, bool):
        return ()
    return (given,) if isinstance(given, str) else tuple(given)


def _choice(question: SingleChoice | MultipleChoice, correct: set[str], chosen: set[str]) -> Scored:
    parts = tuple(
        Part(id=option.id, right=(option.id in chosen) == (option.id in correct), note=option.why or "")
        for option in question.options
    )
    earned = len(chosen & correct) - len(chosen - correct)
    if isinstance(question, SingleChoice) and chosen != correct:
        earned = 0
    return _scored(100 * max(0, earned) / len(correct), parts)


def _true_false(question: TrueFalse, given: Given) -> Scored:
    said = (
        given
        if isinstance(given, bool)
        else {"true": True, "对": True, "false": False, "错": False}.get("".join(_texts(given)))
    )
    right = said is question.correct
    return _scored(100 * right, (Part(id="1", right=right, note="对" if question.correct else "错"),))


# --- texts in blanks and orders --------------------------------------------------------------------------------------------


def _cloze(question: Cloze, texts: Sequence[str]) -> Scored:
    texts = [*texts, *[""] * len(question.blanks)]
    parts = tuple(
        Part(id=str(place), right=_is_any(texts[place - 1], accepted), note=" / ".join(accepted))
        for place, accepted in enumerate(question.blanks, start=1)
    )
    return _scored(100 * sum(part.right for part in parts) / len(parts), parts)


def _is_any(text: str, accepted: Sequence[str]) -> bool:
    written = tight_term(text.strip())
    return any(written == tight_term(one) for one in accepted)


def _ordering(question: Ordering, items: Sequence[str]) -> Scored:
    places = {item: place for place, item in enumerate(items)}
    parts = tuple(
        Part(id=str(place), right=list(items[place - 1 : place]) == [item], note=item)
        for place, item in enumerate(question.items, start=1)
    )
    if sorted(items) != sorted(question.items):
        return _scored(0, parts, "顺序里少了项，或有不认识的项")
    pairs = list(combinations(question.items, 2))
    in_order = sum(places[first] < places[second] for first, second in pairs)
    return _scored(max(0.0, 100 * (2 * in_order - len(pairs)) / len(pairs)), parts)


# --- numbers ---------------------------------------------------------------------------------------------------------------

_NUMBER: Final = re.compile(
    r"(?P<number>[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:e[-+]?\d+|(?:x|×|\*)10(?:\^|\*\*)?[-+]?\d+)?)(?P<rest>.*)"
)
_POWER: Final = re.compile(r"(?<=[\d) ])\*\*(?=[\d( -])")
_LEAD: Final = re.compile(r"^(?:答案|结果|大约|大概|约为|约|等于|是|为|≈|=|~|:)+")
_MULTIPLES: Final = {"百万": 1e6, "千万": 1e7, "万亿": 1e12, "千": 1e3, "万": 1e4, "亿": 1e8}


def _numeric(question: Numeric, text: str, values: Mapping[str, Number]) -> Scored:
    right = numeric_answer(question, values)
    said, message = _quantity(question, text)
    close = said is not None and abs(said - right) <= question.tolerance * abs(right)
    note = f"{shown(right)} {question.unit}".strip()
    if said is not None and not close:
        message = message or f"你的结果合 {shown(said)} {question.unit}".strip() + f"，允许相差 {100 * question.tolerance:.3g}%"
    result = _scored(100 * close, (Part(id="1", right=close, note=note),), message)
    return result.model_copy(update={"worked": worked(question, values)})


def unreadable(question: Numeric, text: str) -> str:
    """Why `text` is no number in a unit of this question; empty when it is one. Worth asking again, and no wrong answer yet."""
    return _quantity(question, text)[1]


def _quantity(question: Numeric, text: str) -> tuple[float | None, str]:
    """The number meant, in the question's unit; or None and a sentence that says why not."""
    powers = _POWER.sub("^", text.strip())  # before `plain` takes the stars for bold type
    written = _LEAD.sub("", re.sub(r"\s+", "", plain(powers)).rstrip("。."))
    if not written:
        return None, "没有写结果"
    said, message = _read(question, written, text)
    if said is not None and not math.isfinite(said):
        return None, "这个数大得没法比：写一个普通的数"
    return said, message


def _read(question: Numeric, written: str, text: str) -> tuple[float | None, str]:
    """What is written, without spaces and lead-in; it may be infinite. `text` is quoted when it means nothing."""
    units = {
        "": 1.0,
        **{tight_term(name): factor for name, factor in question.unit_factors.items()},
        tight_term(question.unit): 1.0,
    }
    match = _NUMBER.fullmatch(written)
    if match and any(map(str.isdigit, match["number"])) and (factor := _factor(match["rest"], units)) is not None:
        return _number(match["number"]) * factor, ""
    for unit in sorted(units, key=len, reverse=True):
        if written.endswith(unit):
            try:
                return evaluate(written.removesuffix(unit).replace("×", "*").replace("÷", "/").replace("^", "**")) * units[
                    unit
                ], ""
            except ExpressionProblem:
                continue
    known = "、".join(name for name in (question.unit, *question.unit_factors) if name)
    return None, f"看不懂“{text.strip()}”：写一个数" + (f"，单位可以是 {known}" if known else "")


def _factor(rest: str, units: Mapping[str, float]) -> float | None:
    """What a number followed by `rest` is multiplied with. A unit of the question's own goes before 万 and 亿."""
    if rest in units:
        return units[rest]
    if rest == "%":
        return 0.01
    for multiple in sorted(_MULTIPLES, key=len, reverse=True):
        if rest.startswith(multiple) and rest.removeprefix(multiple) in units:
            return _MULTIPLES[multiple] * units[rest.removeprefix(multiple)]
    return units.get(f"{rest}b")


def _number(written: str) -> float:
    mantissa, _, exponent = re.sub(r"[x×*]10(?:\^|\*\*)?", "e", written.replace(",", "")).partition("e")
    mantissa += "1" if mantissa in ("", "+", "-") else ""
    return float(f"{mantissa}e{exponent or 0}")


# --- results ---------------------------------------------------------------------------------------------------------------


def _scored(value: float, parts: tuple[Part, ...], message: str = "") -> Scored:
    return Scored(score=round(value, 1), suggested_rating=suggested_rating(value), parts=parts, message=message)


def _from_grade(graded: Grade) -> Scored:
    parts = tuple(Part(id=point.id, right=point.status == "命中", note=point.text) for point in graded.points)
    return Scored(score=graded.score, suggested_rating=graded.suggested_rating, parts=parts, grade=graded)
