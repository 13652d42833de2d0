"""Before anything runs: is the request one this judge can serve here? Framework, device, source text, entry points."""

from __future__ import annotations

import ast
import importlib.util
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from judge.grader.failures import CheckFailed, UsageProblem
from judge.verdict import FrameworkName, Request, Verdict
from question_bank.models import Coding

SOURCE_LIMIT = 1 << 20
_IMPORTED = re.compile(r"^\s*(?:from|import)\s+(torch|torchvision|tensorflow|keras)\b", re.MULTILINE)
_TRAINING = {
    "load_data",
    "MNIST",
    "load_mnist",
    "load_faces",
    "load_zh_en",
    "fit",
    "backward",
    "GradientTape",
    "train_on_batch",
}
_FAMILY: Mapping[str, FrameworkName] = {
    "torch": "torch",
    "torchvision": "torch",
    "tensorflow": "tensorflow",
    "keras": "tensorflow",
}


@dataclass(frozen=True)
class Plan:
    """A request that can be served: everything decided, nothing run yet."""

    problem: Coding
    source: str
    filename: str
    framework: FrameworkName
    device: str
    seed: int | None
    entries: list[dict[str, Any]]
    script: bool = False
    """A plain training script: no entry points, the model it leaves is judged."""


def make_plan(request: Request, problem: Coding) -> Plan:
    """Decide. Raises `UsageProblem` (exit 2) for what the machine cannot do, `CheckFailed` (CE) for what the file is not."""
    framework = choose_framework(request.framework, request.source, problem)
    source = read_text(request.source)
    return Plan(
        problem=problem,
        source=source,
        filename=request.filename,
        framework=framework,
        device=_device(request.device, framework),
        seed=request.seed,
        entries=[{"name": e.name, "arguments": argument_count(e.signature)} for e in problem.entries],
        script=problem.script_mode and is_script(source, [e.name for e in problem.entries]),
    )


def read_text(source: bytes) -> str:
    """The file as text. Raises CE for what is no Python file at all."""
    if not source.strip():
        raise CheckFailed(Verdict.CE, "文件是空的：先写出题目要求的函数再提交")
    if len(source) > SOURCE_LIMIT:
        raise CheckFailed(Verdict.CE, f"文件有 {len(source) >> 10} KiB，超过 1 MiB：请只提交源代码")
    if b"\0" in source:
        raise CheckFailed(Verdict.CE, "这是二进制文件：请提交 UTF-8 编码的 .py 源代码")
    try:
        return source.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = source[: error.start].count(b"\n") + 1
        raise CheckFailed(Verdict.CE, f"第 {line} 行不是 UTF-8 文本：请用 UTF-8 编码保存后再提交") from None


def is_script(source: str, entries: Sequence[str]) -> bool:
    """Whether a file trains by itself: it defines no entry point, or asks for the judge's data and lacks some. One that does not parse is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    defined = {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    # A tutorial's script has a `build_generator` and a `train` of its own; only scripts can load data.
    loads = any(isinstance(node, ast.ImportFrom) and node.module == "judge_data" for node in ast.walk(tree))
    alone = not defined & set(entries) or (loads and not set(entries) <= defined)
    return alone and bool(names & _TRAINING)


def argument_count(signature: str) -> int:
    """How many positional arguments an entry is called with, from `name(a, b, c=1) -> …`: those without a default."""
    function = ast.parse(f"def {signature.split('->')[0].strip()}: ...").body[0]
    assert isinstance(function, ast.FunctionDef)  # noqa: S101  bank lint proves every signature
    return len(function.args.args) - len(function.args.defaults)


def choose_framework(wanted: FrameworkName | None, source: bytes, problem: Coding) -> FrameworkName:
    """The one asked for, else the one the file imports first, else the problem's first. It must be installed."""
    chosen = wanted or _detect(source, problem)
    if chosen not in problem.frameworks:
        raise UsageProblem(f"题目 {problem.id} 不支持 {chosen}，可用：{'、'.join(problem.frameworks)}")
    if importlib.util.find_spec(chosen) is None:
        raise UsageProblem(f"没有安装 {chosen}：运行 make setup FRAMEWORKS={chosen}，或 pip install 'quizapp[{chosen}]'")
    return chosen


def _detect(source: bytes, problem: Coding) -> FrameworkName:
    """The framework the file imports first, else the problem's first."""
    for found in _IMPORTED.finditer(source.decode("utf-8", "replace")):
        family = _FAMILY[found.group(1)]
        if family in problem.frameworks:
            return family
    return problem.frameworks[0]


def _device(device: str, framework: FrameworkName) -> str:
    from judge.grader.devices import resolve

    return resolve(device, framework)
