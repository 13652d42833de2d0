"""Print docs/keys.md: `python -m quizapp.commands > docs/keys.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from quizapp.commands.command import Command, key_name
from quizapp.commands.table import EVERYTHING

_HEAD = """# 按键

由命令表生成：`python -m quizapp.commands > docs/keys.md`。

字母键和标点键同时绑定了全角字符；中文输入法开着时单个字母到不了程序，请用 F 键、回车、方向键、Ctrl 组合键。

## 换成自己的按键

在设置文件旁边放一个 `keys.toml`（`quizapp doctor` 会说它该在哪里），按下面各表的标题和“命令”一栏的名字写；没写到的照旧：

```toml
["答题"]
"对答案" = "Ctrl+Y"
"跳过" = ["Ctrl+B", "Ctrl+N"]
```

下次打开时生效；帮助、底行、命令面板和提到按键的句子随之改变。写错了会用一句话说出来，按键照旧。
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
