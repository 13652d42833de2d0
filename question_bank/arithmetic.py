"""Arithmetic in bank files: `2*layers*heads / 1e9` over named numbers. An expression is data, so it is read and never run."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import Final

Number = int | float

LONGEST: Final = 1000
_LARGEST_EXPONENT: Final = 1000
_LARGEST_BITS: Final = 4096

_BINARY: Final[Mapping[type[ast.operator], Callable[[Number, Number], Number]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_FUNCTIONS: Final[Mapping[str, Callable[..., Number]]] = {
    "abs": abs,
    "ceil": math.ceil,
    "exp": math.exp,
    "floor": math.floor,
    "log": math.log,
    "log2": math.log2,
    "max": max,
    "min": min,
    "sqrt": math.sqrt,
}


class ExpressionProblem(ValueError):
    """The expression cannot be read or has no finite value; `str()` is a Chinese sentence."""


def evaluate(expression: str, values: Mapping[str, Number] | None = None) -> float:
    """The value of `expression` with names looked up in `values`. Raises `ExpressionProblem`."""
    try:
        result = float(_value(_parsed(expression), values or {}))
    except ZeroDivisionError:
        raise ExpressionProblem(f"算式 {expression} 除以了零") from None
    except (OverflowError, RecursionError):
        raise ExpressionProblem(f"算式 {expression} 的数太大或嵌套太深") from None
    except (ValueError, TypeError) as error:
        raise error if isinstance(error, ExpressionProblem) else ExpressionProblem(f"算式 {expression} 算不出来") from None
    if not math.isfinite(result):
        raise ExpressionProblem(f"算式 {expression} 的值不是有限数")
    return result


def names(expression: str) -> frozenset[str]:
    """The parameters that `expression` needs. Raises `ExpressionProblem`."""
    tree = _parsed(expression)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called)


def _parsed(expression: str) -> ast.expr:
    if len(expression) > LONGEST:
        raise ExpressionProblem(f"算式超过 {LONGEST} 个字符")
    try:
        return ast.parse(expression.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ExpressionProblem(f"算式 {expression} 不合语法：只用数字、参数名、四则运算、**、括号和 exp 等函数") from None


def _value(node: ast.expr, values: Mapping[str, Number]) -> Number:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return number
        case ast.Name(id=name):
            if name not in values:
                raise ExpressionProblem(f"算式里的 {name} 不是参数")
            return values[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, values)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _value(operand, values)
        case ast.BinOp(op=ast.Pow(), left=left, right=right):
            return _power(_value(left, values), _value(right, values))
        case ast.BinOp(op=operation, left=left, right=right) if type(operation) in _BINARY:
            return _sized(_BINARY[type(operation)](_value(left, values), _value(right, values)))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in _FUNCTIONS:
            return _FUNCTIONS[name](*(_value(argument, values) for argument in arguments))
    raise ExpressionProblem(f"算式里不能写 {ast.unparse(node)}")


def _power(base: Number, exponent: Number) -> Number:
    if abs(exponent) > _LARGEST_EXPONENT or (isinstance(base, int) and base.bit_length() * abs(exponent) > _LARGEST_BITS):
        raise OverflowError
    result: Number | complex = base**exponent
    if isinstance(result, complex):
        raise ExpressionProblem("算式里负数不能开方")
    return result


def _sized(number: Number) -> Number:
    """`number`, unless it is an integer too long to go on computing with."""
    if isinstance(number, int) and number.bit_length() > _LARGEST_BITS:
        raise OverflowError
    return number
