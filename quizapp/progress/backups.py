"""Copies of the progress file beside it: one a day, thinned to one a week and one a month. Each is checked before it counts."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from quizapp.problems import reason
from quizapp.progress.problems import ProgressProblem, translated

DAILY: Final = 7
WEEKLY: Final = 5
MONTHLY: Final = 12

_NAME: Final = re.compile(r"progress-(\d{4}-\d{2}-\d{2})\.db")


def folder(database: Path) -> Path:
    """Where the copies lie."""
    return database.parent / "backups"


def rotate(database: Path, day: dt.date) -> Path | None:
    """Make today's copy if there is none and remove those no longer kept. The new copy, if one was made.

    Raises `ProgressProblem`.
    """
    target = folder(database) / f"progress-{day.isoformat()}.db"
    if target.exists():
        return None
    for left_over in folder(database).glob(".progress-*.db.*"):  # of a program that was killed while copying
        left_over.unlink(missing_ok=True)
    copy(database, target)
    kept = keep(dated(database))
    for day_of, path in dated(database).items():
        if day_of not in kept:
            path.unlink(missing_ok=True)
    return target


def copy(database: Path, target: Path) -> None:
    """A consistent, checked copy at `target`, whole or not at all, while others may be writing. Raises `ProgressProblem`."""
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        source, copied = sqlite3.connect(database), sqlite3.connect(draft)
        try:
            source.backup(copied)
            copied.execute("PRAGMA journal_mode = DELETE")
            if copied.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise ProgressProblem(f"备份没有通过完整性检查，已放弃：{target}")
        finally:
            source.close()
            copied.close()
        draft.replace(target)
    except sqlite3.Error as error:
        raise translated(error, target) from None
    except OSError as error:
        raise ProgressProblem(f"无法写备份 {target}：{reason(error)}") from None
    finally:
        draft.unlink(missing_ok=True)


def dated(database: Path) -> dict[dt.date, Path]:
    """The daily copies there are, oldest first."""
    found = {}
    for path in sorted(folder(database).glob("progress-*.db")):
        if match := _NAME.fullmatch(path.name):
            with contextlib.suppress(ValueError):  # a name somebody gave, and no day
                found[dt.date.fromisoformat(match[1])] = path
    return found


def keep(days: Iterable[dt.date]) -> set[dt.date]:
    """Which copies stay: the newest days, and the newest of each of the newest weeks and months."""
    newest = sorted(days, reverse=True)
    weeks: dict[tuple[int, int], dt.date] = {}
    months: dict[tuple[int, int], dt.date] = {}
    for day in newest:
        year, week, _ = day.isocalendar()
        weeks.setdefault((year, week), day)
        months.setdefault((day.year, day.month), day)
    return {*newest[:DAILY], *list(weeks.values())[:WEEKLY], *list(months.values())[:MONTHLY]}


def restore(database: Path, backup: Path) -> Path | None:
    """Put `backup` in the place of the database; what stood there is set aside and its new name returned.

    The caller holds the owner's lock. Raises `ProgressProblem`.
    """
    aside = database.with_name(f"{database.name}.damaged-{dt.datetime.now().astimezone():%Y%m%d-%H%M%S}")
    draft = database.with_name(f".{database.name}.restored")
    copy(backup, draft)
    try:
        moved = aside if database.exists() else None
        for suffix in ("-wal", "-shm", ""):
            part = database.with_name(database.name + suffix)
            if part.exists():
                part.rename(aside.with_name(aside.name + suffix))
        draft.replace(database)
    except OSError as error:
        raise ProgressProblem(f"恢复失败：{reason(error)}；原文件仍在 {database.parent}") from None
    return moved
