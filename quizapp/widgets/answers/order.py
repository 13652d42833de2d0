"""排序题: items that are moved up and down.

Run it alone: `python -m quizapp.widgets.answers.order`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalGroup
from textual.reactive import reactive
from textual.widgets import Static

from quizapp.commands.command import bindings
from quizapp.commands.table import ORDER
from quizapp.text.plain import plain
from quizapp.widgets.answers.field import Edited, Given, Mark


class OrderRow(Horizontal):
    """One place in the order."""

    def compose(self) -> ComposeResult:
        """Number, text."""
        yield Static(classes="order-row--number")
        yield Static(classes="order-row--text")

    def show(self, number: str, text: str, *, cursor: bool, note: str = "") -> None:
        """Put an item into this place."""
        self.query_one(".order-row--number", Static).update(plain(number))
        shown = plain(text) + plain(f"\n{note}" if note else "", "$quiet")
        self.query_one(".order-row--text", Static).update(shown)
        self.set_class(cursor, "-cursor")


class Order(VerticalGroup, can_focus=True):
    """Items in the order the learner gives them. Begins in the order it was handed."""

    DEFAULT_CSS = """
    Order {
        height: auto;
        OrderRow { height: auto; }
        .order-row--number { width: 8; color: $quiet; padding: 0 1; }
        .order-row--text { width: 1fr; }
        .-cursor { background: $block-cursor-blurred-background; }
        &:focus .-cursor { background: $block-cursor-background; color: $block-cursor-foreground; }
        .-right .order-row--number { color: $text-success; }
        .-wrong .order-row--number { color: $text-error; }
    }
    """
    BINDINGS = bindings(ORDER)

    cursor: reactive[int] = reactive(0)
    items: reactive[tuple[str, ...]] = reactive(())

    def __init__(self, items: Sequence[str], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._locked = False
        self._touched = False
        self.set_reactive(Order.items, tuple(items))

    def compose(self) -> ComposeResult:
        """One row per place."""
        for _ in self.items:
            yield OrderRow()

    def on_mount(self) -> None:
        """Draw the first state."""
        self._draw()

    @property
    def given(self) -> Given:
        """The items in the order they stand. An order nobody touched is still an answer."""
        return self.items

    @property
    def draft(self) -> str:
        """The order as JSON, once something was moved."""
        return json.dumps(self.items, ensure_ascii=False) if self._touched else ""

    def restore(self, draft: str) -> None:
        """Put a saved order back when it has the same items."""
        try:
            saved = json.loads(draft) if draft else None
        except ValueError:
            return
        if isinstance(saved, list) and sorted(map(str, saved)) == sorted(self.items):
            self._touched = True
            self.items = tuple(map(str, saved))

    def validate_cursor(self, cursor: int) -> int:
        """Stay on an item."""
        return max(0, min(cursor, len(self.items) - 1))

    def watch_cursor(self) -> None:
        """Redraw."""
        self._draw()

    def watch_items(self) -> None:
        """Redraw and tell."""
        self._draw()
        self.post_message(Edited())

    def _draw(self) -> None:
        rows = self.query(OrderRow)
        if self._locked or not rows:
            return
        for place, (item, row) in enumerate(zip(self.items, rows, strict=True)):
            row.show(f"{place + 1}.", item, cursor=place == self.cursor)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing moves any more once the answer is shown."""
        return not self._locked

    def action_move(self, step: int) -> None:
        """Move the cursor."""
        self.cursor += step

    def action_shift(self, step: int) -> None:
        """Move the item under the cursor."""
        target = self.cursor + step
        if 0 <= target < len(self.items):
            items = list(self.items)
            items[self.cursor], items[target] = items[target], items[self.cursor]
            self._touched = True
            self.items = tuple(items)
            self.cursor = target

    def reveal(self, marks: Sequence[Mark]) -> None:
        """Show for each place whether its item belongs there."""
        self._locked = True
        self.can_focus = False
        for item, row, mark in zip(self.items, self.query(OrderRow), marks, strict=True):
            row.show("✓ 对" if mark.correct else "✗ 错位", item, cursor=False, note=mark.note)
            row.add_class("-right" if mark.correct else "-wrong")


if __name__ == "__main__":
    from quizapp.widgets.stage import Stage

    class Demo(Stage):
        """Four steps to put in order."""

        def compose(self) -> ComposeResult:
            """Items."""
            yield Order(["奖励模型", "预训练", "PPO", "SFT"])

    Demo().run()
