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

    @property
    def is_script(self) -> bool:
        """Whether it is a plain script and no functions."""
        return self.name.startswith("script")


@dataclass(frozen=True)
class References:
    """All there is for one problem; both may be empty."""

    explanation: str
    solutions: tuple[Reference, ...]


def references(problem: Coding, first: str = "", root: Path = SOLUTIONS) -> References:
    """Read them, the shortest first: those of the framework `first`, then the others, whole scripts after functions."""
    folder = root / problem.topic / problem.id
    told = folder / "explanation.md"
    explanation = told.read_text(encoding="utf-8") if told.is_file() else ""
    found = (_read(path, problem.frameworks) for path in sorted((folder / "accepted").glob("*.py")))
    return References(
        explanation, tuple(sorted(found, key=lambda one: (one.framework != first, one.is_script, len(one.source))))
    )


def _read(path: Path, frameworks: tuple[str, ...]) -> Reference:
    framework = next((name for name in frameworks if path.stem.startswith(f"{name}_")), "")
    name = path.stem.removeprefix(f"{framework}_").replace("_", " ")
    return Reference(name, framework, path.read_text(encoding="utf-8"))
