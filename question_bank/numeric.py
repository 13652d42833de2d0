"""Parameterised numeric questions: filling drawn numbers into a text and computing the answer."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Final

from question_bank.arithmetic import Number, evaluate
from question_bank.models import Numeric

_HOLE: Final = re.compile(r"\{(?P<computed>=)?(?P<body>[^{}]+)\}")


def answer(question: Numeric, values: Mapping[str, Number]) -> float:
    """The right answer, in `question.unit`. Raises `ExpressionProblem`."""
    return evaluate(question.expression, values)


def fill(template: str, values: Mapping[str, Number]) -> str:
    """`template` with `{name}` replaced by the drawn number and `{= expression}` by its value; other braces stay (LaTeX)."""

    def hole(match: re.Match[str]) -> str:
        body = match["body"].strip()
        if match["computed"]:
            return shown(evaluate(body, values))
        return shown(values[body]) if body in values else match[0]

    return _HOLE.sub(hole, template)


def worked(question: Numeric, values: Mapping[str, Number]) -> str:
    """The worked solution; `{answer}` in it is the right answer."""
    return fill(question.worked, {**values, "answer": answer(question, values)})


def draws(question: Numeric) -> Iterator[dict[str, Number]]:
    """Every combination of parameter values."""
    names = [parameter.name for parameter in question.parameters]
    for choice in itertools.product(*(parameter.choices for parameter in question.parameters)):
        yield dict(zip(names, choice, strict=True))


def shown(number: Number) -> str:
    """A number as it is written in a text: whole numbers in full up to ten digits, others to four significant digits."""
    if isinstance(number, int) or number.is_integer():
        return str(int(number)) if abs(number) < 1e10 else _scientific(number)
    return f"{number:.4g}" if 1e-4 <= abs(number) < 1e10 else _scientific(number)


def _scientific(number: Number) -> str:
    digits, exponent = f"{number:.3e}".split("e")
    return f"{digits.rstrip('0').rstrip('.')}e{int(exponent)}"
