"""Which commands work right now: asked by the help and by the palette."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from textual.dom import DOMNode
from textual.screen import Screen

from quizapp.commands.command import Command, full_width
from quizapp.commands.table import EVERYTHING

_KNOWN: Final = {
    (command.action, command.help): (place, number, command)
    for place, table in EVERYTHING.items()
    for number, command in enumerate(table)
}


@dataclass(frozen=True)
class Active:
    """One command with the place it belongs to and the widget it would act on."""

    place: str
    command: Command
    node: DOMNode
    enabled: bool
    keys: tuple[str, ...]
    """Those that reach it here, as its table orders them; never the full-width twins."""


def active(screen: Screen[Any]) -> list[Active]:
    """Commands of the focused widget first, then those of its ancestors, the app's last; in the order of their tables."""
    places: dict[str, dict[int, Active]] = {}
    keys: dict[str, list[str]] = {}
    for key, (_, binding, _, _) in screen.active_bindings.items():
        keys.setdefault(binding.action, []).append(key)
    seen: set[str] = set()
    for node, binding, enabled, tooltip in screen.active_bindings.values():
        entry = _KNOWN.get((binding.action, tooltip or binding.tooltip))
        if entry and binding.action not in seen:
            seen.add(binding.action)
            place, number, command = entry
            shown = _shown(command, keys[binding.action])
            places.setdefault(place, {})[number] = Active(place, command, node, enabled, shown)
    return [found[number] for found in places.values() for number in sorted(found)]


def _shown(command: Command, keys: Sequence[str]) -> tuple[str, ...]:
    twins = {full_width(key) for key in keys}
    known = [key for key in command.keys if key in keys]
    return (*known, *(key for key in keys if key not in twins and key not in known))
