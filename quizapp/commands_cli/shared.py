"""What the subcommands share: opening the bank and the progress file, finding a question, printing."""

from __future__ import annotations

import dataclasses
import datetime as dt
import difflib
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import click

from judge.columns import table, wrapped
from judge.command_line import ChineseCommand
from quizapp.paths import data_dir
from quizapp.problems import UsageProblem
from quizapp.progress import Progress
from quizapp.progress.opening import Mode
from quizapp.progress.problems import OlderSchema
from quizapp.progress.store import FILENAME
from quizapp.settings import Settings, load_settings
from quizapp.text.spoken import spoken

if TYPE_CHECKING:
    from question_bank.bank import Bank
    from question_bank.models import Question

KINDS: Final = {
    "short_answer": "简答", "single": "单选", "multiple": "多选", "true_false": "判断", "cloze": "填空", "ordering": "排序",
    "numeric": "数值", "coding": "编程",
}  # fmt: skip
STATUSES: Final = {"new": "没做过", "learning": "在学", "review": "已掌握", "solved": "已通过", "failed": "未通过"}

as_json_option = click.option("--json", "as_json", is_flag=True, help="打印 JSON，供脚本读取。")


class Command(ChineseCommand):
    """The class of every subcommand."""


def open_bank() -> Bank:
    """The installed bank."""
    from question_bank.loader import load_bank

    return load_bank()


def open_progress(mode: Mode = "guest", settings: Settings | None = None) -> Progress:
    """The learner's progress under the learner's settings."""
    settings = settings or load_settings()
    policy = settings.policy() if mode != "read" else None
    return Progress.open(clock=settings.clock(), mode=mode, policy=policy, cutoff_hour=settings.day_cutoff_hour)


def open_for_reading(settings: Settings | None = None) -> Progress:
    """The progress file to look at. One that is not there yet, or of an older version, is made current first."""
    if not (data_dir() / FILENAME).exists():
        return open_progress("guest", settings)
    try:
        return open_progress("read", settings)
    except OlderSchema:
        return open_progress("guest", settings)


def find_question(bank: Bank, question_id: str) -> Question:
    """The question; an unknown id is answered with the nearest ones. Raises `UsageProblem`."""
    question = bank.get(question_id)
    if question is not None:
        return question
    if (fault := bank.fault(question_id)) is not None:
        raise UsageProblem(f"读不了 {question_id}：{fault}")
    known = list(bank.outline)
    close = (
        difflib.get_close_matches(question_id, known, n=3, cutoff=0.5) or [name for name in known if question_id in name][:3]
    )
    hint = f"是不是 {'、'.join(close)}？" if close else "用 quizapp list 看全部编号"
    raise UsageProblem(f"题库里没有 {question_id}；{hint}")


def check_topic(bank: Bank, topic: str | None) -> None:
    """Raise `UsageProblem` unless the topic exists."""
    if topic is not None and topic not in bank.topic:
        raise UsageProblem(f"没有主题 {topic}；{nearest(topic, bank.topic, '可选：' + '、'.join(bank.topic))}")


def nearest(name: str, known: Iterable[str], otherwise: str) -> str:
    """The known name that was probably meant, as a question; `otherwise` when none is like it."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.4)
    return f"是不是 {close[0]}？" if close else otherwise


def print_json(value: Any) -> None:
    """One JSON value on stdout."""
    click.echo(json.dumps(plain(value), ensure_ascii=False))


def plain(value: Any) -> Any:
    """Dataclasses, days and times as JSON has them."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return value


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Rows in columns."""
    click.echo(table([tuple(row) for row in rows]))


def page(markdown: str, width: int) -> str:
    """A text of the bank as lines; those of code keep their indent."""
    lines = spoken(markdown).split("\n")
    return "\n".join(wrapped(line, width, line[: len(line) - len(line.lstrip())]) for line in lines)


def terminal_width() -> int:
    """Cells of a line, at most 100 so that prose stays readable."""
    return min(shutil.get_terminal_size().columns, 100)


def say(text: str) -> None:
    """A remark for a person, beside the data."""
    click.echo(text, err=True)


def said_days(days: int) -> str:
    """`今天`, `明天`, `3 天后`, `迟 2 天`."""
    if days < 0:
        return f"迟 {-days} 天"
    return ("今天", "明天")[days] if days < 2 else f"{days} 天后"


def joined(parts: Iterable[str], separator: str = "  ") -> str:
    """The parts that are not empty."""
    return separator.join(part for part in parts if part)
