"""One line of tabs inside a screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from quizapp.text.plain import line
from quizapp.text.width import cell_len


class TabStrip(Widget):
    """`题面  提示 1/3  代码  运行`, the current one underlined."""

    DEFAULT_CSS = """
    TabStrip { height: 1; padding: 0 1; color: $quiet; }
    """

    tabs: reactive[tuple[tuple[str, str], ...]] = reactive(())
    current: reactive[str] = reactive("")

    @dataclass
    class Chosen(Message):
        """A tab was clicked."""

        tab: str

    def __init__(self, tabs: Sequence[tuple[str, str]], current: str, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.set_reactive(TabStrip.tabs, tuple(tabs))
        self.set_reactive(TabStrip.current, current)

    def rename(self, tab: str, title: str) -> None:
        """Give a tab another title."""
        self.tabs = tuple((key, title if key == tab else old) for key, old in self.tabs)

    def neighbour(self, step: int) -> str:
        """The tab to the left or right, around the ends."""
        keys = [key for key, _ in self.tabs]
        return keys[(keys.index(self.current) + step) % len(keys)]

    def render(self) -> Content:
        """All tabs."""
        return Content("   ").join(
            Content.styled(line(title).plain, "$text-primary bold underline" if key == self.current else "")
            for key, title in self.tabs
        )

    def on_click(self, event: events.Click) -> None:
        """Choose the tab under the pointer."""
        position = event.x - 1
        for key, title in self.tabs:
            width = cell_len(line(title).plain) + 3
            if 0 <= position < width:
                self.post_message(self.Chosen(key))
                return
            position -= width
