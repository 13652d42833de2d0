"""The learner's own keys: `keys.toml` beside the settings names place and command as docs/keys.md does.

    ["答题"]
    "对答案" = "Ctrl+Y"
    "跳过" = ["Ctrl+B", "Ctrl+N"]

What is not named keeps its keys. Help, key bar, palette and sentences name the keys that work, whoever chose them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from quizapp.commands.command import KEY_NAMES, Command, full_width, ime_proof, key_name, types_nothing
from quizapp.commands.table import APP, EVERYTHING, by_label
from quizapp.paths import config_dir
from quizapp.problems import UsageProblem, reason

_SAME: Final = {"ctrl+h": "Backspace", "ctrl+i": "Tab", "ctrl+m": "Enter"}
"""Keys that a terminal cannot tell from others."""

_PLAIN: Final = re.compile(r"f([1-9]|1[0-2])|ctrl\+[a-z]|[a-z0-9]")
_CAPITAL: Final = re.compile(r"shift\+[a-z]")
_EVERYWHERE: Final = next(place for place, table in EVERYTHING.items() if table is APP)
Chosen = dict[Command, tuple[str, ...]]


def keys_path() -> Path:
    """The file, whether or not it exists."""
    return config_dir() / "keys.toml"


def own_keymap(path: Path | None = None) -> dict[str, str]:
    """What Textual's `set_keymap` wants; empty without a file. Raises `UsageProblem`."""
    path = path or keys_path()
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise UsageProblem(f"读不了按键文件 {path}：{reason(error)}") from None
    try:
        return dict(_keymap(_document(content)))
    except ValueError as error:
        raise UsageProblem(f"按键文件 {path} 有误，按键照旧：{error}") from None


def _document(content: bytes) -> Mapping[str, object]:
    import tomllib

    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"不是有效的 TOML（中文名字要加引号）：{error}") from None


def _keymap(document: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for place, wanted in document.items():
        if place not in EVERYTHING:
            raise ValueError(f"没有“{place}”这一处，可用：{'、'.join(EVERYTHING)}")
        if not isinstance(wanted, Mapping):
            raise ValueError(f'“{place}”应是一节：["{place}"]，下面每行一个命令')
        chosen = {_command(place, label): _keys(label, keys) for label, keys in wanted.items()}
        _no_clash(place, chosen)
        for command, keys in chosen.items():
            yield from _halves(command, keys)


def _command(place: str, label: str) -> Command:
    commands = by_label(place)
    if label not in commands:
        raise ValueError(f"“{place}”里没有“{label}”，可用：{'、'.join(commands)}")
    return commands[label]


def _keys(label: str, wanted: object) -> tuple[str, ...]:
    names = [wanted] if isinstance(wanted, str) else wanted
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise ValueError(f'“{label}”应是一个按键或几个按键，例如 "F5" 或 ["F5", "Ctrl+R"]')
    return tuple(map(key_of, names))


def key_of(name: str) -> str:
    """The key that is printed as `name`, in Textual's words. Raises `ValueError`."""
    tidy = unicodedata.normalize("NFKC", name).strip()
    known = {printed.casefold(): key for key, printed in KEY_NAMES.items()}
    lower = tidy.casefold()
    if lower in known:
        return known[lower]
    if lower in _SAME:
        raise ValueError(f"{name} 不能换用：在终端里它就是 {_SAME[lower]}")
    if _PLAIN.fullmatch(lower):
        return lower
    if _CAPITAL.fullmatch(lower):
        return lower[-1].upper()
    raise ValueError(f"不认识按键 {name}：写 F5、Ctrl+R、N、Shift+G、空格、上、PgUp 这样的名字")


def _no_clash(place: str, chosen: Chosen) -> None:
    """What works everywhere wins over every place, so it may not take a key from any."""
    others = (
        [command for table in EVERYTHING.values() for command in table] if place == _EVERYWHERE else (*EVERYTHING[place], *APP)
    )
    for command, keys in chosen.items():
        for other in others:
            both = set(keys) & set(chosen.get(other, other.keys)) if other is not command else ()
            for key in sorted(both):
                raise ValueError(f"{key_name(key)} 已经是“{other.label}”，不能再给“{command.label}”；可以把那一个也换掉")


def _halves(command: Command, keys: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """For each of its bindings the keys. What works while one writes needs a key that types nothing; the rest one that is let through."""
    strong = [key for key in keys if types_nothing(key)]
    weak = [twin for key in keys if not types_nothing(key) for twin in (key, full_width(key)) if twin]
    has_strong, has_weak = (any(types_nothing(key) is kind for key in command.keys) for kind in (True, False))
    if has_strong and (not strong or (weak and not has_weak)):
        raise ValueError(f"“{command.label}”{'只能' if strong else '至少'}用 F 键或 Ctrl 组合键：写字的时候也要管用")
    if not command.instead and not any(map(ime_proof, keys)):
        raise ValueError(f"“{command.label}”至少要有一个输入法不拦的键：F 键、Ctrl 组合键、回车、方向键")
    if has_strong:
        yield command.binding_id(strong=True), ",".join(strong)
    if has_weak:
        yield command.binding_id(strong=False), ",".join((weak or strong) if has_strong else [*strong, *weak])
