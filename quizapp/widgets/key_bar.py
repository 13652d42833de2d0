"""The bottom line: the keys that do something here and now, as many as fit, help always."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from quizapp.commands.active import Active, active
from quizapp.commands.command import key_name
from quizapp.text.width import cell_len


class KeyBar(Widget):
    """One line made from the commands that are active for the focused widget, its screen and the app, in the order of their tables."""

    DEFAULT_CSS = """
    KeyBar { dock: bottom; height: 1; background: $panel; color: $quiet; padding: 0 1; }
    KeyBar:ansi { background: ansi_default; }
    """
    LAST = "help"

    def on_mount(self) -> None:
        """Follow the focus: other widgets have other keys."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, _screen: Screen[object]) -> None:
        self.refresh()

    def _fitting(self) -> list[Active]:
        """The keys in order, those that no longer fit left out; the last place belongs to help."""
        keys = [entry for entry in active(self.screen) if entry.command.shown]
        final = [entry for entry in keys if entry.command.action == self.LAST]
        room = self.content_size.width - sum(map(_width, final))
        shown = []
        for entry in keys:
            if entry not in final and _width(entry) <= room:
                shown.append(entry)
                room -= _width(entry)
        return shown + final

    def render(self) -> Content:
        """The keys with their labels."""
        parts: list[tuple[str, str] | str] = []
        for entry in self._fitting():
            parts += [
                (key_name(entry.keys[0]), "$text-primary bold" if entry.enabled else "dim"),
                (f" {entry.command.label}", "" if entry.enabled else "dim"),
            ]
            parts.append("  ")
        return Content.assemble(*parts)

    async def on_click(self, event: events.Click) -> None:
        """Do what the clicked key does."""
        position = event.x - 1
        for entry in self._fitting():
            if 0 <= position < _width(entry):
                if entry.enabled:
                    await self.app.run_action(entry.command.action, entry.node)
                return
            position -= _width(entry)


def _width(entry: Active) -> int:
    return cell_len(key_name(entry.keys[0])) + cell_len(entry.command.label) + 3
