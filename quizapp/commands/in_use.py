"""The keys as they are now, for sentences that name one: `按 F5 提交` is wrong once the learner has chosen another key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from quizapp.commands.command import key_name
from quizapp.commands.table import by_label

_chosen: Final[dict[str, str]] = {}


def use(keymap: Mapping[str, str]) -> None:
    """From now on these keys work, each instead of the table's for its command. As Textual's `set_keymap` wants them."""
    _chosen.clear()
    _chosen.update(keymap)


def key(place: str, label: str) -> str:
    """The key, as printed on keyboards, that does what docs/keys.md calls `label` in `place`. Raises `KeyError` for what is not there."""
    command = by_label(place)[label]
    own = [_chosen[name] for strong in (True, False) if (name := command.binding_id(strong=strong)) in _chosen]
    return key_name((own[0].split(",") if own else command.keys)[0])
