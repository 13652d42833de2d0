"""单选、多选、判断: options with a cursor.

Run it alone: `python -m quizapp.widgets.answers.choices`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalGroup
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from quizapp.commands.command import bindings
from quizapp.commands.table import CHOICES
from quizapp.text.plain import plain
from quizapp.widgets.answers.field import Edited, Given, Mark, Submitted


@dataclass(frozen=True)
class Item:
    """One option: its id, and the text as it stands in the bank."""

    id: str
    text: str


class ChoiceRow(Horizontal):
    """One option: letter and state on the left, its text wrapped on the right."""

    @dataclass
    class Clicked(Message):
        """The row was clicked."""

        index: int

    def __init__(self, index: int, item: Item, *, multiple: bool) -> None:
        super().__init__(classes="choice-row")
        self._index, self._item, self._multiple = index, item, multiple

    def compose(self) -> ComposeResult:
        """Marker, text."""
        yield Static(self._marker(False), classes="choice-row--marker")
        yield Static(plain(self._item.text), classes="choice-row--text")

    def _marker(self, picked: bool) -> str:
        box = ("✓" if picked else " ") if self._multiple else ("▪" if picked else " ")
        left, right = "[]" if self._multiple else "()"
        return f" {chr(65 + self._index)} {left}{box}{right} "

    def show(self, *, picked: bool, cursor: bool) -> None:
        """Draw the state of this option."""
        self.query_one(".choice-row--marker", Static).update(plain(self._marker(picked)))
        self.set_class(picked, "-picked")
        self.set_class(cursor, "-cursor")

    def mark(self, mark: Mark, *, picked: bool) -> None:
        """Show the truth: whether this option belongs to the right answer, and why."""
        wrong, missed = ("多选", "漏选") if self._multiple else ("选错", "应选")
        words = {
            (True, True): ("✓ 选对", "-right"),
            (True, False): (f"✗ {wrong}", "-wrong"),
            (False, True): (f"▸ {missed}", "-missed"),
            (False, False): ("", ""),
        }[picked, mark.correct]
        self.query_one(".choice-row--marker", Static).update(plain(f" {chr(65 + self._index)} {words[0]}"))
        note = f"\n{mark.note}" if mark.note else ""
        self.query_one(".choice-row--text", Static).update(plain(self._item.text) + plain(note, "$quiet"))
        self.set_classes(f"choice-row -marked {words[1]}")

    def on_click(self, event: events.Click) -> None:
        """Tell the list."""
        self.post_message(self.Clicked(self._index))


class Choices(VerticalGroup, can_focus=True):
    """Options to pick from: one, or several when `multiple`."""

    DEFAULT_CSS = """
    Choices {
        height: auto;
        .choice-row { height: auto; padding: 0 1 0 0; }
        .choice-row--marker { width: 7; }
        .choice-row--text { width: 1fr; }
        .-cursor { background: $block-cursor-blurred-background; }
        &:focus .-cursor { background: $block-cursor-background; color: $block-cursor-foreground; }
        .-picked { text-style: bold; }
        .-marked .choice-row--marker { width: 10; }
        .-right .choice-row--marker { color: $text-success; }
        .-wrong .choice-row--marker { color: $text-error; }
        .-missed .choice-row--marker { color: $text-warning; }
    }
    """
    BINDINGS = bindings(CHOICES)

    cursor: reactive[int] = reactive(0)
    picked: reactive[frozenset[str]] = reactive(frozenset())

    def __init__(self, items: Sequence[Item], *, multiple: bool = False, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._items, self._multiple = tuple(items), multiple
        self._locked = False

    def compose(self) -> ComposeResult:
        """One row per option."""
        for index, item in enumerate(self._items):
            yield ChoiceRow(index, item, multiple=self._multiple)

    def on_mount(self) -> None:
        """Draw the first state."""
        self._draw()

    @property
    def given(self) -> Given:
        """Ids of what was picked, in the order of the options."""
        chosen = tuple(item.id for item in self._items if item.id in self.picked)
        return chosen or None

    @property
    def draft(self) -> str:
        """The picked ids."""
        return " ".join(self.given) if isinstance(self.given, tuple) else ""

    def restore(self, draft: str) -> None:
        """Pick what a draft names."""
        self.picked = frozenset(draft.split()) & {item.id for item in self._items}

    def validate_cursor(self, cursor: int) -> int:
        """Stay on an option."""
        return max(0, min(cursor, len(self._items) - 1))

    def watch_cursor(self) -> None:
        """Redraw."""
        self._draw()

    def watch_picked(self) -> None:
        """Redraw and tell."""
        self._draw()
        self.post_message(Edited())

    def _draw(self) -> None:
        rows = self.query(ChoiceRow)
        if self._locked or not rows:
            return
        for index, row in enumerate(rows):
            row.show(picked=self._items[index].id in self.picked, cursor=index == self.cursor)
            if index == self.cursor and self.has_focus:
                row.scroll_visible(animate=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing can be picked any more once the answer is shown."""
        return not self._locked

    def action_move(self, step: int) -> None:
        """Move the cursor."""
        self.cursor += step

    def action_pick(self) -> None:
        """Pick the option under the cursor; picking the only picked one again submits."""
        chosen = self._items[self.cursor].id
        if self._multiple:
            self.picked = self.picked ^ {chosen}
        elif chosen in self.picked:
            self.post_message(Submitted())
        else:
            self.picked = frozenset({chosen})

    def action_take(self, index: int) -> None:
        """Pick by letter or number."""
        if index < len(self._items):
            self.cursor = index
            self.action_pick()

    def on_choice_row_clicked(self, message: ChoiceRow.Clicked) -> None:
        """Pick by mouse."""
        if not self._locked:
            self.action_take(message.index)

    def reveal(self, marks: Sequence[Mark]) -> None:
        """Show for each option whether it is right, in their order."""
        self._locked = True
        self.can_focus = False
        for item, row, mark in zip(self._items, self.query(ChoiceRow), marks, strict=True):
            row.mark(mark, picked=item.id in self.picked)


if __name__ == "__main__":
    from quizapp.widgets.stage import Stage

    class Demo(Stage):
        """A question with four options."""

        def compose(self) -> ComposeResult:
            """Options."""
            texts = ("稳定梯度", "除以 √d_k 让 softmax 不饱和", "list[int]", "减少参数量")
            yield Choices([Item(chr(65 + n), text) for n, text in enumerate(texts)], multiple=True)

    Demo().run()
