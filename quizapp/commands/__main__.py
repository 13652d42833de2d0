"""Print docs/keys.md: `python -m quizapp.commands > docs/keys.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from quizapp.commands.command import Command, key_name
from quizapp.commands.table import EVERYTHING

_HEAD = """# 按键

由命令表生成：`python -m quizapp.commands > docs/keys.md`。

字母键和标点键同时绑定了全角字符；中文输入法开着时单个字母到不了程序，请用 F 键、回车、方向键、Ctrl 组合键。
"""


def document() -> Iterator[str]:
    """The page, line by line."""
    yield _HEAD
    for place, table in EVERYTHING.items():
        yield f"## {place}\n"
        yield "| 按键 | 命令 | 作用 |"
        yield "| --- | --- | --- |"
        yield from map(_row, table)
        yield ""


def _row(command: Command) -> str:
    keys = " ".join(f"`{key_name(key)}`" for key in command.keys)
    return f"| {keys} | {command.label} | {command.help} |"


if __name__ == "__main__":
    sys.stdout.buffer.write("\n".join(document()).encode())
