"""Which commands work right now: asked by the help and by the palette."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from textual.dom import DOMNode
from textual.screen import Screen

from quizapp.commands.command import Command
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


def active(screen: Screen[Any]) -> list[Active]:
    """Commands of the focused widget first, then those of its ancestors, the app's last; in the order of their tables."""
    places: dict[str, dict[int, Active]] = {}
    seen: set[str] = set()
    for node, binding, enabled, tooltip in screen.active_bindings.values():
        entry = _KNOWN.get((binding.action, tooltip or binding.tooltip))
        if entry and binding.action not in seen:
            seen.add(binding.action)
            place, number, command = entry
            places.setdefault(place, {})[number] = Active(place, command, node, enabled)
    return [found[number] for found in places.values() for number in sorted(found)]
