"""The sentences of the coding screen, made from plain data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from judge.verdict import Verdict
from quizapp.commands.in_use import key
from quizapp.problems import UsageProblem
from quizapp.settings import Settings, load_settings
from quizapp.widgets.history import Past
from quizapp.widgets.verdicts import FRAMEWORKS

if TYPE_CHECKING:
    from question_bank.models import Coding, Framework
    from quizapp.progress.records import Submission

_EXTRA: Final = {"torch": "torch", "tensorflow": "tensorflow"}


def installed(framework: str) -> bool:
    """Whether the framework is there; it is looked for and not imported."""
    return find_spec(framework) is not None


def preferences() -> Settings:
    """The settings as they are now; the defaults while the file cannot be read."""
    try:
        return load_settings()
    except UsageProblem:
        return Settings()


def first_framework(problem: Coding, wanted: Framework | None = None) -> Framework:
    """The wanted one of the problem's frameworks if it is installed, else the first that is, else the first."""
    names = sorted(problem.frameworks, key=lambda name: name != wanted)
    return next((name for name in names if installed(name)), names[0])


def missing_framework(framework: str) -> str | None:
    """One sentence naming the command that installs it."""
    if installed(framework):
        return None
    name = FRAMEWORKS[framework]
    return f"没有安装 {name}：运行 make quiz FRAMEWORKS={framework}，或 pip install 'quizapp[{_EXTRA[framework]}]'。"


def footing(framework: str, path: Path, exists: bool) -> str:
    """Framework and file, as the line below the title says it."""
    return f"{FRAMEWORKS[framework]}   {short_path(path)}{'' if exists else '（还没有创建）'}"


def short_path(path: Path) -> str:
    """The path with `~` for the home folder."""
    home = Path.home()
    return f"~/{path.relative_to(home).as_posix()}" if path.is_relative_to(home) else str(path)


def hints_text(hints: Sequence[str], shown: int) -> str:
    """The open hints as Markdown, and how many are left."""
    if not hints:
        return "这道题没有提示。"
    parts = [f"**提示 {number}**\n\n{hint}" for number, hint in enumerate(hints[:shown], 1)]
    left = len(hints) - shown
    parts.append(f"还有 {left} 条提示，按 {key('编程题', '提示')} 看下一条。" if left else "提示都在这里了。")
    return "\n\n".join(parts)


def past(entry: Submission, now: dt.datetime) -> Past:
    """One submission for the list."""
    when = entry.at.astimezone(now.tzinfo)
    stamp = when.strftime("今天 %H:%M") if when.date() == now.date() else when.strftime("%m-%d %H:%M")
    return Past(
        id=entry.id,
        when=stamp,
        verdict=entry.verdict,
        title=Verdict(entry.verdict).label,
        score=entry.score,
        framework=FRAMEWORKS.get(entry.framework or "", ""),
    )
