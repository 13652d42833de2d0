"""填空题、数值题: one line of input per blank."""

from __future__ import annotations

import json
from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalGroup
from textual.widgets import Input, Static

from quizapp.text.plain import plain
from quizapp.widgets.answers.field import Edited, Given, Mark, Submitted


class Blanks(VerticalGroup):
    """Labelled lines. Enter goes to the next one, and on the last one submits."""

    DEFAULT_CSS = """
    Blanks {
        height: auto;
        .blank { height: auto; }
        .blank--label { width: 10; padding: 0 1; color: $quiet; }
        .blank--unit { width: auto; max-width: 24; padding: 0 1; color: $quiet; }
        Input { width: 1fr; max-width: 60; }
        .blank--mark { width: 1fr; padding: 0 1; height: auto; }
        .-right .blank--mark { color: $text-success; }
        .-wrong .blank--mark { color: $text-error; }
    }
    """

    def __init__(self, labels: Sequence[str], *, unit: str = "", id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._labels, self._unit = tuple(labels), unit

    def compose(self) -> ComposeResult:
        """A line per blank."""
        for label in self._labels:
            with Horizontal(classes="blank"):
                yield Static(plain(label), classes="blank--label")
                yield Input(compact=True)
                if self._unit:
                    yield Static(plain(self._unit), classes="blank--unit")

    def focus(self, scroll_visible: bool = True, **_: object) -> Blanks:
        """Focus the first empty line."""
        inputs = list(self.query(Input))
        next((field for field in inputs if not field.value), inputs[0]).focus(scroll_visible)
        return self

    @property
    def given(self) -> Given:
        """What stands in each line; None when all are empty."""
        values = tuple(field.value.strip() for field in self.query(Input))
        return values if any(values) else None

    @property
    def draft(self) -> str:
        """The lines as JSON."""
        return json.dumps(self.given, ensure_ascii=False) if self.given else ""

    def restore(self, draft: str) -> None:
        """Put saved lines back."""
        try:
            saved = json.loads(draft) if draft else []
        except ValueError:
            return
        if isinstance(saved, list):
            for field, value in zip(self.query(Input), saved, strict=False):
                field.value = str(value)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell."""
        event.stop()
        self.post_message(Edited())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on, or be done."""
        event.stop()
        inputs = list(self.query(Input))
        place = inputs.index(event.input)
        if place + 1 < len(inputs):
            inputs[place + 1].focus()
        else:
            self.post_message(Submitted())

    def reveal(self, marks: Sequence[Mark]) -> None:
        """Show each line's truth beside it."""
        for row, mark in zip(self.query(".blank").results(Horizontal), marks, strict=True):
            field = row.query_one(Input)
            field.disabled = True
            row.add_class("-right" if mark.correct else "-wrong")
            row.mount(Static(plain(("✓ 对  " if mark.correct else "✗ 错  ") + mark.note), classes="blank--mark"))
