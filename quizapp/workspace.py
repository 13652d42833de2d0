"""The learner's own files: created from the starter once, never overwritten, read whole when submitted."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from judge import source
from quizapp.paths import workspace_dir
from quizapp.problems import UsageProblem, reason

if TYPE_CHECKING:
    from question_bank.models import Coding, Framework

MAX_SOURCE = 1 << 20
"""Bytes. A solution is a text somebody typed."""


def solution_path(problem_id: str, framework: Framework) -> Path:
    """Where the learner's solution lies, whether or not it exists yet."""
    return workspace_dir() / problem_id / f"solution_{framework}.py"


def create_solution(question: Coding, framework: Framework) -> tuple[Path, bool]:
    """The solution file, and whether it was created now from the starter. An existing file is left as it is.

    Raises `UsageProblem`.
    """
    if framework not in question.starters:
        raise UsageProblem(f"{question.id} 没有 {framework} 的起始代码；可选：{'、'.join(question.starters) or '无'}")
    path = solution_path(question.id, framework)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path, _write_new(path, question.starters[framework])
    except OSError as error:
        raise UsageProblem(f"无法创建 {path}：{reason(error)}；可用环境变量 QUIZAPP_WORKSPACE 换一个文件夹") from None


def _write_new(path: Path, text: str) -> bool:
    """Write a file that is not there yet: complete or not at all, for the name appears only when the content stands."""
    if path.exists():
        return False
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8", newline="\n")
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    except OSError:  # a file system without hard links
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    finally:
        draft.unlink(missing_ok=True)
    return True


def read_source(path: Path) -> bytes:
    """The bytes of a solution, read once so that what is judged is what is kept. Raises `UsageProblem`."""
    try:
        return source.read_source(path, MAX_SOURCE)
    except source.Unreadable as problem:
        raise UsageProblem(str(problem)) from None
