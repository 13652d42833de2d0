"""A problem's rules, read off the source: which forbidden call stands where, through aliases.

The run-time tripwire in the worker sees what a scan cannot (a name put together from strings); together they are the verdict RV.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Sequence

from judge.clean import clean_line
from judge.grader.failures import SubmissionFailed
from judge.verdict import Location, Verdict
from question_bank.models import Rule

# The source is untrusted: without these a chain of a thousand attributes, or of aliases of aliases, costs the grader its stack or its memory.
_LONGEST_CHAIN = 16
_LONGEST_NAME = 200


def enforce(source: str, rules: Sequence[Rule]) -> None:
    """Raise RV for the first use of a forbidden name. A source that does not parse is not judged here."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    nodes = list(ast.walk(tree))
    aliases = _aliases(nodes)
    lines = source.split("\n")
    for node, name in _uses(nodes, aliases):
        for rule in rules:
            if any(matches(name, forbidden) for forbidden in rule.forbid):
                raise violation(name, rule, Location(line=node.lineno, text=clean_line(lines[node.lineno - 1])))


def violation(name: str, rule: Rule, location: Location | None = None) -> SubmissionFailed:
    """The failure for a broken rule."""
    where = f"第 {location.line} 行" if location else "运行时"
    return SubmissionFailed(
        Verdict.RV, f"{where}用了 {clean_line(name, 80)}：{rule.reason}", location=location, detail=rule.forbid[0]
    )


def matches(name: str, forbidden: str) -> bool:
    """`forbidden` is a dotted name, or `.method` for a method of any object. Keras goes by two names."""
    if forbidden.startswith("."):
        return name.startswith("?") and name.endswith(forbidden)
    return _canonical(name) == _canonical(forbidden)


def _canonical(name: str) -> str:
    return name.removeprefix("tensorflow.") if name.startswith("tensorflow.keras.") else name


def _aliases(nodes: Sequence[ast.AST]) -> dict[str, str]:
    """Local name to dotted name: from imports, then from assignments of known names (`softmax = F.softmax`)."""
    known: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            for item in node.names:
                known[item.asname or item.name.split(".")[0]] = item.name if item.asname else item.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for item in node.names:
                known[item.asname or item.name] = f"{node.module}.{item.name}"
    for _ in range(3):
        for node in nodes:
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                name = _dotted(node.value, known)
                if name and not name.startswith("?") and len(name) <= _LONGEST_NAME:
                    known.setdefault(node.targets[0].id, name)
    return known


def _uses(nodes: Sequence[ast.AST], aliases: dict[str, str]) -> Iterator[tuple[ast.expr, str]]:
    """Every name the code refers to, resolved. A call's function counts, and so does a name handed on as a value."""
    for node in nodes:
        if isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load):
            name = _dotted(node, aliases)
        elif isinstance(node, ast.Call):
            name = _getattr(node, aliases)
        else:
            continue
        if name:
            yield node, name


def _getattr(node: ast.Call, aliases: dict[str, str]) -> str | None:
    """`getattr(F, "softmax")` is a use of `F.softmax`."""
    if isinstance(node.func, ast.Name) and node.func.id == "getattr" and len(node.args) >= 2:
        base, attribute = _dotted(node.args[0], aliases), node.args[1]
        if base and isinstance(attribute, ast.Constant) and isinstance(attribute.value, str):
            return f"{base}.{attribute.value}"
    return None


def _dotted(node: ast.AST, aliases: dict[str, str]) -> str | None:
    """`torch.nn.functional.softmax` for `F.softmax`; `?.softmax` when the object is not a known module, or stands too far down a chain."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute) and len(parts) < _LONGEST_CHAIN:
        parts.append(node.attr)
        node = node.value
    base = aliases.get(node.id) if isinstance(node, ast.Name) else "?"
    return ".".join([base or "?", *reversed(parts)]) if parts else base
