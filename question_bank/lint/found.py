"""What a lint rule says before its place in a file is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Step = str | int


@dataclass(frozen=True)
class Found:
    """`path` leads to a value in the question's YAML; `beside` names a file next to it instead. `line` counts inside either."""

    message: str
    path: tuple[Step, ...] = ()
    line: int = 0
    beside: str = ""
    level: Literal["error", "warning"] = "error"
