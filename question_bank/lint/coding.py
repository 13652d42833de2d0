"""Rules for coding problems: what lies beside problem.yaml is complete, and a starter starts but does not solve."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from question_bank.lint.found import Found
from question_bank.models import Coding, Entry, Question

HINTS: Final = 3


def rules(question: Question) -> Iterator[Found]:
    """Nothing for a theory question."""
    if not isinstance(question, Coding):
        return
    yield from _texts(question)
    yield from _shape(question)
    for framework, source in question.starters.items():
        yield from _starter(question, f"starter_{framework}.py", source)


def _texts(question: Coding) -> Iterator[Found]:
    if not question.statement.strip():
        yield Found("题面是空的", line=1, beside="statement.md")
    for entry in question.entries:
        if question.statement and entry.name not in question.statement:
            yield Found(f"题面没有提到入口 {entry.name}", line=1, beside="statement.md")
    if len(question.hints) != HINTS or not all(question.hints):
        yield Found(f"提示要有 {HINTS} 级，每级一节（## 1、## 2、## 3）且不为空", line=1, beside="hints.md")
    for step, hint in enumerate(question.hints, start=1):
        for framework, source in question.starters.items():
            if _leaks(hint, source):
                yield Found(f"提示 {step} 里有 {framework} 起始代码的整段入口：提示不给完整实现", line=1, beside="hints.md")


def _leaks(hint: str, starter: str) -> bool:
    """Whether a hint holds a complete definition of an entry that the starter leaves open."""
    open_entries = re.findall(r"^def (\w+)\(", starter, re.MULTILINE)
    blocks = re.findall(r"```python\n(.*?)```", hint, re.DOTALL)
    return any(re.search(rf"^def {name}\(", block, re.MULTILINE) for name in open_entries for block in blocks)


def _shape(question: Coding) -> Iterator[Found]:
    for index, entry in enumerate(question.entries):
        if problem := _signature_problem(entry):
            yield Found(problem, ("entries", index, "signature"))
    for field, ids in (
        ("entries", [entry.name for entry in question.entries]),
        ("groups", [group.id for group in question.groups]),
        ("frameworks", list(question.frameworks)),
    ):
        for name, count in Counter(ids).items():
            if count > 1:
                yield Found(f"{field} 里的 {name} 重复了", (field,))
    if sum(group.weight for group in question.groups) <= 0:
        yield Found("检查组的权重全是 0：得不了分", ("groups",))
    if question.limits.wall_s < question.limits.cpu_s:
        yield Found("wall_s 小于 cpu_s：算力慢的机器会先超时", ("limits",))


def _signature_problem(entry: Entry) -> str | None:
    """A signature reads as the head of a Python definition of that name."""
    if not entry.signature.startswith(f"{entry.name}("):
        return f"入口 {entry.name} 的 signature 应以 {entry.name}( 开头"
    try:
        ast.parse(f"def {entry.signature.split('->')[0].strip()}: ...")
    except SyntaxError:
        return f"入口 {entry.name} 的 signature 不是合法的 Python 函数头"
    return None


def _starter(question: Coding, file: str, source: str) -> Iterator[Found]:
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        yield Found(f"起始代码有语法错误：{error.msg}", line=error.lineno or 1, beside=file)
        return
    if "TODO" not in source:
        yield Found("起始代码里没有 TODO：标出要写的地方", line=1, beside=file)
    defined = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    for entry in question.entries:
        if entry.name not in defined:
            yield Found(f"起始代码没有定义入口 {entry.name}", line=1, beside=file)
            continue
        node = defined[entry.name]
        if isinstance(node, ast.FunctionDef) and not _same_arguments(entry, node):
            yield Found(f"起始代码里 {entry.name} 的参数与 signature 不同", line=node.lineno, beside=file)


def _same_arguments(entry: Entry, node: ast.FunctionDef) -> bool:
    try:
        wanted = ast.parse(f"def {entry.signature.split('->')[0].strip()}: ...").body[0]
    except SyntaxError:
        return True  # reported as a bad signature
    return isinstance(wanted, ast.FunctionDef) and [a.arg for a in wanted.args.args] == [a.arg for a in node.args.args]
