"""What can go wrong with the progress file, as sentences for the learner."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from quizapp.problems import UsageProblem


class ProgressProblem(UsageProblem):
    """The progress file cannot be opened or written. What was committed before stands."""


class SecondInstance(ProgressProblem):
    """Another program is working with this progress file. Opening read-only is possible."""


class NewerSchema(ProgressProblem):
    """The file was written by a later version and is left untouched."""


class OlderSchema(ProgressProblem):
    """The file must be brought up to date by opening it for writing once."""


class Damaged(ProgressProblem):
    """The file fails its integrity check."""


def translated(error: sqlite3.Error, path: Path) -> ProgressProblem:
    """SQLite's complaint as one sentence that says what to do."""
    said = str(error)
    if path.is_dir():
        return ProgressProblem(f"{path} 是文件夹，不是进度库：移走它，或用环境变量 QUIZAPP_HOME 换一个位置")
    if "full" in said or "disk I/O" in said:
        return ProgressProblem(f"写不进 {path}：磁盘已满或不可写。刚才这一条没有存下，之前的都在；腾出空间后重试")
    if "readonly" in said or "read-only" in said:
        return ProgressProblem(f"{path} 是只读的：刚才这一条没有存下；检查文件和文件夹的权限")
    if "locked" in said or "busy" in said:
        return ProgressProblem(f"{path} 正被另一个程序占用：稍后重试，或关掉那个程序")
    if "malformed" in said or "not a database" in said or "corrupt" in said:
        return Damaged(f"{path} 已损坏：运行 quizapp doctor --restore 从最近的备份恢复（原文件会另存一份）")
    if "unable to open" in said:
        return ProgressProblem(f"打不开 {path}：检查文件夹是否存在、是否有权限，或用环境变量 QUIZAPP_HOME 换一个位置")
    return ProgressProblem(f"进度库 {path} 出错：{said}")
