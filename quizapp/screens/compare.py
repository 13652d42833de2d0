"""对比: what changed between two submissions, or between one and the file as it is now."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.reactive import var
from textual.widget import Widget
from textual.widgets import Static

from quizapp.commands.command import bindings
from quizapp.commands.table import COMPARE
from quizapp.screens.page import Page
from quizapp.text.plain import line, verbatim
from quizapp.widgets.pane import Pane

if TYPE_CHECKING:
    from quizapp.services import Services

_STYLES: Final = {"+": "$text-success", "-": "$text-error", "@": "$quiet"}
_LONGEST: Final = 20_000
"""Lines. Beyond, finding the difference takes longer than anybody waits."""


@dataclass(frozen=True)
class Comparison:
    """Two texts and their names."""

    before_name: str
    before: bytes
    after_name: str
    after: bytes


def difference(comparison: Comparison) -> Content:
    """A unified diff, coloured. Sources are the learner's, so they may be any bytes."""
    before, after = (_lines(source) for source in (comparison.before, comparison.after))
    if before == after:
        return Content("两份代码一样。")
    if max(len(before), len(after)) > _LONGEST:
        return Content("文件太长，不在这里对比。")
    rows = list(difflib.unified_diff(before, after, lineterm="", n=3))[2:]
    return Content("\n").join(verbatim(row, _STYLES.get(row[:1], "")) for row in rows)


def _lines(source: bytes) -> list[str]:
    return source.decode("utf-8", "replace").splitlines()


class CompareScreen(Page):
    """One comparison at a time."""

    BINDINGS = bindings(COMPARE)
    AUTO_FOCUS = "Pane"
    DEFAULT_CSS = """
    CompareScreen {
        #names { height: 1; padding: 0 1; margin: 1 0; color: $quiet; }
        Pane { padding: 0 1; height: 1fr; }
        #difference { height: auto; }
    }
    """

    chosen: var[int] = var(0)

    def __init__(self, services: Services, comparisons: Sequence[Comparison]) -> None:
        super().__init__(services)
        self._comparisons = tuple(comparisons)

    def body(self) -> Iterable[Widget]:
        """The names, the difference."""
        yield Static(id="names")
        with Pane():
            yield Static(id="difference")

    def on_mount(self) -> None:
        """The first comparison."""
        self.watch_chosen()

    def watch_chosen(self) -> None:
        """Show it."""
        comparison = self._comparisons[self.chosen]
        self.query_one("#names", Static).update(line(f"− {comparison.before_name}   + {comparison.after_name}"))
        self.query_one("#difference", Static).update(difference(comparison))
        self.query_one(Pane).scroll_home(animate=False)

    def action_other(self) -> None:
        """The next comparison."""
        self.chosen = (self.chosen + 1) % len(self._comparisons)

    def action_leave(self) -> None:
        """Back to the problem."""
        self.app.pop_screen()
