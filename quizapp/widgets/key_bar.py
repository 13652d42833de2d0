"""The bottom line: the keys that do something here and now, as many as fit, help always."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from quizapp.text.width import cell_len


@dataclass(frozen=True)
class _Key:
    name: str
    label: str
    action: str
    node: object
    enabled: bool

    @property
    def width(self) -> int:
        return cell_len(self.name) + cell_len(self.label) + 3


class KeyBar(Widget):
    """One line made from the commands that are active for the focused widget, its screen and the app; Textual's own have no help."""

    DEFAULT_CSS = """
    KeyBar { dock: bottom; height: 1; background: $panel; color: $quiet; padding: 0 1; }
    KeyBar:ansi { background: ansi_default; }
    """
    COMPONENT_CLASSES = {"key-bar--key", "key-bar--off"}  # noqa: RUF012
    LAST = "help"

    def on_mount(self) -> None:
        """Follow the focus: other widgets have other keys."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, _screen: Screen[object]) -> None:
        self.refresh()

    def _keys(self) -> list[_Key]:
        seen: dict[str, _Key] = {}
        for node, binding, enabled, _tooltip in self.screen.active_bindings.values():
            if binding.show and binding.tooltip and binding.action not in seen:
                name = self.app.get_key_display(binding)
                seen[binding.action] = _Key(name, binding.description, binding.action, node, enabled)
        return list(seen.values())

    def _fitting(self) -> list[_Key]:
        """The keys in order, those that no longer fit left out; the last place belongs to help."""
        keys = self._keys()
        final = [key for key in keys if key.action == self.LAST]
        room = self.content_size.width - sum(key.width for key in final)
        shown = []
        for key in keys:
            if key not in final and key.width <= room:
                shown.append(key)
                room -= key.width
        return shown + final

    def render(self) -> Content:
        """The keys with their labels."""
        parts: list[tuple[str, str] | str] = []
        for key in self._fitting():
            parts += [
                (key.name, "$text-primary bold" if key.enabled else "dim"),
                (f" {key.label}", "" if key.enabled else "dim"),
            ]
            parts.append("  ")
        return Content.assemble(*parts)

    async def on_click(self, event: events.Click) -> None:
        """Do what the clicked key does."""
        position = event.x - 1
        for key in self._fitting():
            if 0 <= position < key.width:
                if key.enabled:
                    await self.app.run_action(key.action, key.node)  # type: ignore[arg-type]
                return
            position -= key.width
