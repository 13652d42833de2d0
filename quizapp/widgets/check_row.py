"""One check in a list of checks: the glyph on the left, the title beside it, so that a long title never runs below the glyph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal
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

    def __init__(self, check: CheckResult) -> None:
        super().__init__()
        self._check = check

    def compose(self) -> ComposeResult:
        """Glyph, title."""
        yield Static(check_mark(self._check), classes="check-row--mark")
        yield Static(check_title(self._check), classes="check-row--title")
