"""What every full screen has in common: the top line, the key bar, and the services."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Final, cast

from textual import on
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widget import Widget

from quizapp.text.plain import plain
from quizapp.widgets.key_bar import KeyBar
from quizapp.widgets.top_bar import Section, TopBar

if TYPE_CHECKING:
    from quizapp.app import QuizApp
    from quizapp.services import Services

SECTIONS: Final = (Section("today", "今天"), Section("bank", "题库"), Section("stats", "统计"))


class Page(Screen[None]):
    """A full screen. Subclasses say what stands between the two lines in `body`."""

    SECTION: ClassVar[str] = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (32, "-tall")]  # noqa: RUF012

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services

    @property
    def quiz(self) -> QuizApp:
        """The app, by its own type."""
        return cast("QuizApp", self.app)

    def compose(self) -> ComposeResult:
        """Top line, body, key bar."""
        yield TopBar(SECTIONS, self.SECTION or self.app.current_mode)
        yield from self.body()
        yield KeyBar()

    def body(self) -> Iterable[Widget]:
        """The widgets of this screen."""
        raise NotImplementedError

    async def keep(self) -> None:
        """Save what is half typed; the app is about to close."""

    def say(self, sentence: str, *, error: bool = False) -> None:
        """One sentence in the corner; longer on the screen when something went wrong."""
        self.notify(
            plain(sentence).plain, severity="error" if error else "information", timeout=8 if error else 4, markup=False
        )

    def set_context(self, words: str) -> None:
        """The right end of the top line."""
        self.query_one(TopBar).context = words

    @on(TopBar.Chosen)
    async def _section_clicked(self, message: TopBar.Chosen) -> None:
        await self.app.run_action(f"section('{message.section}')")
