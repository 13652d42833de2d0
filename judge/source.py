"""The file somebody hands in, read once: what is judged or graded is what is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from judge.reasons import reason

LARGEST: Final = 4 << 20
"""Bytes of a submission. No program of a learner is near it."""


class Unreadable(Exception):
    """There is no such file to judge. One Chinese sentence that names it and says what to do."""


def read_source(path: Path, largest: int = LARGEST) -> bytes:
    """The bytes of a program, at most `largest`. Raises `Unreadable`."""
    if path.is_dir():
        raise Unreadable(f"{path} 是文件夹：请给出要提交的 .py 文件")
    return read_file(path, largest, missing="检查路径，或先用 quizapp start 创建", larger="提交的应是源代码文件")


def read_file(path: Path, largest: int, *, missing: str = "检查路径", larger: str = "这里只收一份文字") -> bytes:
    """A file's bytes, at most `largest`: a device may have no end. `missing` and `larger` say what to do. Raises `Unreadable`."""
    try:
        with path.open("rb") as file:
            data = file.read(largest + 1)
    except FileNotFoundError:
        raise Unreadable(f"找不到文件 {path}：{missing}") from None
    except OSError as error:
        raise Unreadable(f"读不了 {path}：{reason(error)}") from None
    if len(data) > largest:
        raise Unreadable(f"{path} 超过 {largest >> 20} MiB：{larger}")
    return data
