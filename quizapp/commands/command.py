"""The `Command`: one thing the learner can do, said once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from textual.binding import Binding, BindingType

_FULL_WIDTH: Final = {
    "question_mark": "fullwidth_question_mark",
    "slash": "fullwidth_solidus",
    "space": "ideographic_space",
    "plus": "fullwidth_plus_sign",
    "minus": "fullwidth_hyphen_minus",
    "left_square_bracket": "left_black_lenticular_bracket",
    "right_square_bracket": "right_black_lenticular_bracket",
}
KEY_NAMES: Final = {
    "enter": "Enter", "escape": "Esc", "space": "空格", "up": "上", "down": "下", "left": "左", "right": "右", "tab": "Tab",
    "question_mark": "?", "slash": "/", "plus": "+", "minus": "-", "pageup": "PgUp", "pagedown": "PgDn", "home": "Home",
    "end": "End", "delete": "Del", "shift+up": "Shift+上", "shift+down": "Shift+下", "left_square_bracket": "[",
    "right_square_bracket": "]",
}  # fmt: skip


@dataclass(frozen=True)
class Command:
    """One action of a screen or widget.

    `keys` are Textual key names, the one to show first. Full-width twins of printable keys are added by `bindings`, because an
    active Chinese input method sends those instead.
    """

    action: str
    """The `action_…` method without the prefix."""
    label: str
    """What the key bar and the palette call it: a few 汉字."""
    keys: tuple[str, ...]
    help: str
    """One sentence for the help screen and docs/keys.md."""
    shown: bool = True
    """Whether the key bar has room for it; the help always has."""
    instead: str = ""
    """For a shortcut that an input method would swallow: the action that does the same with other keys."""

    def bindings(self) -> Iterator[BindingType]:
        """Textual's bindings. Keys that type no text win over a focused text field, the others yield to it."""
        strong = [key for key in self.keys if types_nothing(key)]
        weak = [twin for key in self.keys if not types_nothing(key) for twin in (key, full_width(key)) if twin]
        for number, (keys, priority) in enumerate(((strong, True), (weak, False))):
            if keys:
                yield Binding(
                    ",".join(keys),
                    self.action,
                    self.label,
                    show=self.shown and not (number and strong),
                    key_display=key_name(self.keys[0]),
                    tooltip=self.help,
                    priority=priority,
                    id=self.binding_id(strong=priority),
                )

    def binding_id(self, *, strong: bool) -> str:
        """What a keymap calls one of the two bindings. Actions of one name in two places differ in their help."""
        return f"{self.action} {'strong' if strong else 'weak'}: {self.help}"


def types_nothing(key: str) -> bool:
    """Whether `key` reaches the app even while a text field has the focus: F-keys and Ctrl."""
    return key.startswith("ctrl+") or (key[0] == "f" and key[1:].isdigit())


def ime_proof(key: str) -> bool:
    """Whether an active input method lets `key` through."""
    return (
        types_nothing(key)
        or key in ("enter", "escape", "tab", "up", "down", "left", "right", "pageup", "pagedown")
        or (key in ("home", "end", "delete") or key.startswith("shift+"))
    )


def full_width(key: str) -> str | None:
    """The key name that a Chinese input method sends for a printable key."""
    if len(key) == 1:
        return chr(ord(key) + 0xFEE0)
    return _FULL_WIDTH.get(key)


def key_name(key: str) -> str:
    """`key` as it is printed on keyboards."""
    if key in KEY_NAMES:
        return KEY_NAMES[key]
    if key.startswith("ctrl+"):
        return "Ctrl+" + key_name(key.removeprefix("ctrl+"))
    if len(key) == 1 and key.isupper():
        return f"Shift+{key}"
    return key.upper() if len(key) == 1 or types_nothing(key) else key


def bindings(commands: Iterable[Command]) -> list[BindingType]:
    """`BINDINGS` for a screen or widget."""
    return [binding for command in commands for binding in command.bindings()]
