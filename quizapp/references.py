"""The reference solutions and the explanation of a problem: what is shown after solving it or giving it up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from question_bank.models import Coding

SOLUTIONS: Final = Path(__file__).resolve().parent.parent / "solutions"


@dataclass(frozen=True)
class Reference:
    """One accepted solution."""

    name: str
    framework: str
    source: str


@dataclass(frozen=True)
class References:
    """All there is for one problem; both may be empty."""

    explanation: str
    solutions: tuple[Reference, ...]


def references(problem: Coding, first: str = "", root: Path = SOLUTIONS) -> References:
    """Read them; those of the framework `first` come first."""
    folder = root / problem.topic / problem.id
    told = folder / "explanation.md"
    explanation = told.read_text(encoding="utf-8") if told.is_file() else ""
    files = sorted((folder / "accepted").glob("*.py"), key=lambda path: (not path.stem.startswith(first), path.stem))
    return References(explanation, tuple(_read(path, problem.frameworks) for path in files))


def _read(path: Path, frameworks: tuple[str, ...]) -> Reference:
    framework = next((name for name in frameworks if path.stem.startswith(f"{name}_")), "")
    name = path.stem.removeprefix(f"{framework}_").replace("_", " ")
    return Reference(name, framework, path.read_text(encoding="utf-8"))
