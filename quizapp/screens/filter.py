"""筛选: every way to narrow the bank in one small window; the list behind it follows at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalGroup
from textual.screen import ModalScreen
from textual.widgets import Select, Static

from quizapp.commands.command import bindings
from quizapp.commands.in_use import key
from quizapp.commands.table import FILTER, LINES
from quizapp.screens.rows import FRAMEWORKS, FREQUENCIES, KINDS, STATES, Filters
from quizapp.text.plain import line
from quizapp.widgets.pick import Pick

if TYPE_CHECKING:
    from question_bank.bank import Outline

LABELS: Final = {
    "state": "状态",
    "favourite": "收藏",
    "kind": "题型",
    "level": "难度",
    "frequency": "频率",
    "tag": "标签",
    "framework": "框架",
}

Option = tuple[str, Any]


def options(outlines: Iterable[Outline]) -> Mapping[str, Sequence[Option]]:
    """What can be chosen for each field of `Filters`: words and value. Tags come with their count, the most frequent first."""
    tags = Counter(tag for outline in outlines for tag in outline.tags)
    return {
        "state": [(state.word, state.word) for state in STATES],
        "favourite": [("只看收藏", True)],
        "kind": [(word, word) for word in KINDS.values()],
        "level": [(f"难度 {level}", level) for level in range(1, 6)],
        "frequency": [(word, number) for number, word in FREQUENCIES.items()],
        "tag": [(f"{tag}（{count}）", tag) for tag, count in sorted(tags.items(), key=lambda item: (-item[1], item[0]))],
        "framework": [(word, name) for name, word in FRAMEWORKS.items()],
    }


class FilterScreen(ModalScreen[None]):
    """One line per filter. `apply` puts the filters in force and returns how many questions are left."""

    CSS_PATH = "filter.tcss"
    BINDINGS = bindings((*LINES, *FILTER))
    AUTO_FOCUS = "Select"

    def __init__(self, filters: Filters, outlines: Sequence[Outline], apply: Callable[[Filters], int]) -> None:
        super().__init__()
        self._filters, self._options, self._apply = filters, options(outlines), apply

    def compose(self) -> ComposeResult:
        """Label and choice, line by line."""
        with VerticalGroup(id="filter"):
            yield Static(line("筛选", "bold"))
            for name, choices in self._options.items():
                with Horizontal(classes="filter--row"):
                    yield Static(line(LABELS[name]), classes="filter--label")
                    now = getattr(self._filters, name) or Select.NULL
                    shown = [(str(line(words)), value) for words, value in choices]
                    yield Pick(shown, value=now, prompt="全部", compact=True, id=name)
            yield Static(id="left")
            row = f"{key('设置和筛选里的一行', '上一行')}、{key('设置和筛选里的一行', '下一行')} 换一行，{key('设置和筛选里的一行', '打开')} 打开"
            rest = f"{key('筛选', '全部清除')} 全部清除，{key('筛选', '关闭')} 关闭"
            yield Static(line(f"{row}，{rest}"), classes="filter--label")

    def on_mount(self) -> None:
        """Say how many there are."""
        self._put(self._filters)

    @on(Select.Changed)
    def _picked(self, message: Select.Changed) -> None:
        name = message.select.id or ""
        value: Any = getattr(Filters(), name) if message.value is Select.NULL else message.value
        if value != getattr(self._filters, name):
            self._put(replace(self._filters, **{name: value}))

    def _put(self, filters: Filters) -> None:
        self._filters = filters
        left = self._apply(filters)
        self.query_one("#left", Static).update(line(f"{left} 题符合" if left else "没有符合的题，放宽一项试试"))

    def action_move(self, step: int) -> None:
        """The next line, or the one before."""
        (self.focus_next if step > 0 else self.focus_previous)()

    def action_clear(self) -> None:
        """Everything again; what is searched for stays."""
        for select in self.query(Select):
            select.clear()
        self._put(Filters(query=self._filters.query))

    def action_leave(self) -> None:
        """Close; the filters stay."""
        self.dismiss()
