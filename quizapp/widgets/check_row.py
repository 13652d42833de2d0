"""One check in a list of checks: the glyph on the left, the title beside it, so that a long title never runs below the glyph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.reactive import var
from textual.widgets import Static

from quizapp.widgets.verdicts import check_mark, check_title

if TYPE_CHECKING:
    from judge.verdict import CheckResult


class CheckRow(Horizontal):
    """Draws one check."""

    DEFAULT_CSS = """
    CheckRow {
        height: auto;
        & > .check-row--mark { width: 3; }
        & > .check-row--title { width: 1fr; }
    }
    """

    times: var[int] = var(1)
    """How often the same thing was checked in a row: with other shapes, for instance."""

    def __init__(self, check: CheckResult, times: int = 1) -> None:
        super().__init__()
        self.check = check
        self.set_reactive(CheckRow.times, times)

    def compose(self) -> ComposeResult:
        """Glyph, title."""
        yield Static(check_mark(self.check), classes="check-row--mark")
        yield Static(check_title(self.check, self.times), classes="check-row--title")

    def watch_times(self, times: int) -> None:
        """Say so."""
        for title in self.query(".check-row--title").results(Static):
            title.update(check_title(self.check, times))
