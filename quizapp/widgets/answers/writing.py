"""简答题: a text area for Chinese prose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from textual.widgets import TextArea
from textual.widgets.text_area import Location

from quizapp.widgets.answers.field import Edited, Given, Mark

_UNITS: Final = re.compile(r"[A-Za-z0-9_]+|[\u3400-\u9fff]{1,2}|[^\sA-Za-z0-9_\u3400-\u9fff]+|\s+")
"""What Ctrl+Left and Ctrl+W step over: a Latin word, two 汉字, a run of punctuation, a run of spaces."""


class Writing(TextArea):
    """A text area whose word motions do not jump over a whole Chinese sentence."""

    DEFAULT_CSS = """
    Writing { height: 1fr; min-height: 4; border: none; padding: 0 1; background: $surface; }
    Writing:focus { border: none; }
    """

    def __init__(self, *, placeholder: str = "", id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, soft_wrap=True, show_line_numbers=False, tab_behavior="focus", placeholder=placeholder)
        self.highlight_cursor_line = False

    @property
    def given(self) -> Given:
        """The text; None when there is none."""
        return self.text if self.text.strip() else None

    @property
    def draft(self) -> str:
        """The text as it stands."""
        return self.text if self.text.strip() else ""

    def restore(self, draft: str) -> None:
        """Put a draft back with the cursor at its end."""
        self.load_text(draft)
        self.move_cursor(self.document.end)

    def reveal(self, marks: Sequence[Mark]) -> None:
        """Nothing more is written; the evidence is shown elsewhere."""
        self.read_only = True

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Tell."""
        event.stop()
        self.post_message(Edited())

    def get_cursor_word_left_location(self) -> Location:
        """The start of the unit before the cursor."""
        row, column = self.cursor_location
        if column == 0:
            return super().get_cursor_word_left_location()
        starts = [match.start() for match in _UNITS.finditer(self.document[row]) if match.start() < column]
        return row, starts[-1] if starts else 0

    def get_cursor_word_right_location(self) -> Location:
        """The end of the unit after the cursor."""
        row, column = self.cursor_location
        line = self.document[row]
        if column >= len(line):
            return super().get_cursor_word_right_location()
        return row, next(match.end() for match in _UNITS.finditer(line) if match.end() > column)
