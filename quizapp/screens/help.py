"""帮助: every key that works on the screen it was asked from."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import ModalScreen
from textual.widgets import Static

from quizapp.commands.active import Active
from quizapp.commands.command import bindings, key_name
from quizapp.commands.table import HELP
from quizapp.text.plain import line
from quizapp.widgets.pane import Pane


class HelpScreen(ModalScreen[None]):
    """A window over the screen."""

    CSS_PATH = "help.tcss"
    BINDINGS = bindings(HELP)
    AUTO_FOCUS = "Pane"

    def __init__(self, commands: Sequence[Active]) -> None:
        super().__init__()
        self._places: dict[str, list[Active]] = {}
        for entry in commands:
            self._places.setdefault(entry.place, []).append(entry)

    def compose(self) -> ComposeResult:
        """One section per place."""
        with Pane(id="help"):
            yield Static(line("按键", "bold"))
            for title, entries in self._places.items():
                yield Static(line(title), classes="help--title")
                for entry in entries:
                    with Horizontal(classes="help--row"):
                        yield Static(line("  ".join(map(key_name, entry.keys)), "$text-primary"), classes="help--keys")
                        yield Static(line(entry.command.help), classes="help--words")
            yield Static(
                line("中文输入法开着时，单个字母键到不了这里；请用 F 键、回车、方向键或 Ctrl 组合键。"), classes="help--title"
            )

    async def action_leave(self) -> None:
        """Close."""
        self.dismiss()
