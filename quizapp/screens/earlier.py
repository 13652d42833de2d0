"""Earlier versions of a solution: what a submission is compared with, and what stands beside the reference answer."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from quizapp.problems import UsageProblem
from quizapp.references import Reference
from quizapp.screens.coding_text import past
from quizapp.screens.compare import Comparison
from quizapp.workspace import read_source

if TYPE_CHECKING:
    from question_bank.models import Coding
    from quizapp.progress.records import Submission
    from quizapp.services import Services


def comparisons(services: Services, problem: Coding, submission_id: int, path: Path) -> list[Comparison]:
    """The submission against the one before it (the starter, for the first), and the file of now against the submission."""
    entries = services.progress.submissions(problem.id, limit=1000)
    place = next((number for number, entry in enumerate(entries) if entry.id == submission_id), None)
    if place is None:
        return []
    entry = entries[place]
    before = next((older for older in entries[place + 1 :] if older.framework == entry.framework), None)
    source = services.progress.source(entry.id)
    found = [Comparison(*_before(services, problem, entry, before), _name(services, entry), source)]
    with contextlib.suppress(UsageProblem):  # the file may be gone; the submission still has its own copy
        found.append(Comparison(_name(services, entry), source, f"现在的 {path.name}", read_source(path)))
    return found


def _before(services: Services, problem: Coding, entry: Submission, before: Submission | None) -> tuple[str, bytes]:
    if before is not None:
        return _name(services, before), services.progress.source(before.id)
    starters = [text for name, text in problem.starters.items() if name == entry.framework]
    return "起始代码", (starters[0] if starters else "").encode()


def _name(services: Services, entry: Submission) -> str:
    told = past(entry, services.clock())
    return f"{told.when} {told.title}"


def own_solution(path: Path, framework: str) -> Reference | None:
    """The learner's own file, if there is one to read."""
    try:
        return Reference("我的代码", framework, read_source(path).decode("utf-8", "replace"))
    except UsageProblem:
        return None
