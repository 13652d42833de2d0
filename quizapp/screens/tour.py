"""The first minute: what there is, which keys, how a question goes; then the first question itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from textual.reactive import var
from textual.widget import Widget

from quizapp.commands.command import bindings
from quizapp.commands.in_use import key
from quizapp.commands.table import TOUR
from quizapp.problems import UsageProblem
from quizapp.screens.page import Page
from quizapp.widgets.pane import Pane
from quizapp.widgets.prose import Prose

if TYPE_CHECKING:
    from quizapp.progress import Progress
    from quizapp.services import Services

_SEEN: Final = "tour"
"""Under this name the drafts remember that it was shown."""

PAGES: Final = (
    """
### 欢迎

一分钟看完，然后答第一道题。

- **今天**：该复习什么、学什么新题，一个键开始。
- **题库**：八股题和编程题；汉字、拼音、英文都能搜。
- **统计**：学得怎样、记住多少、哪里薄弱。

答过的、写了一半的、交过的代码都会自动存好，随时可以关掉。
""",
    """
### 几个键就够

- `{help}` 这一页能用的所有按键
- `{today}` `{bank}` `{stats}` 今天、题库、统计
- `{palette}` 输入几个字，找任何命令或题目
- `Esc` 返回，`{quit}` 退出

底下一行总是写着现在最常用的键。输入法开着时字母键到不了程序，用 F 键、方向键和回车就行。
""",
    """
### 一道题怎么做

1. 像面试时那样写出来：先一句话，再分点。
2. 按 `{reveal}`，先说有多大把握，再看答案。
3. 每个要点标着命中、部分、遗漏或说反了；不同意，可以改判。
4. 说说掌握得怎么样：什么时候再问，由它决定。

编程题写好代码按 `{submit}` 提交，在隔离的盒子里判，并说出错在哪里。

现在来答第一道。
""",
)

_KEYS: Final = {
    "help": ("到处", "帮助"), "today": ("到处", "今天"), "bank": ("到处", "题库"), "stats": ("到处", "统计"), "palette": ("到处", "命令"),
    "quit": ("到处", "退出"), "reveal": ("答题", "对答案"), "submit": ("编程题", "提交"),
}  # fmt: skip


def _page(number: int) -> str:
    return PAGES[number].format(**{name: key(*where) for name, where in _KEYS.items()})


class TourScreen(Page):
    """A few pages; Enter goes on, Esc leaves. It is shown by itself only once."""

    CSS_PATH = "tour.tcss"
    BINDINGS = bindings(TOUR)
    AUTO_FOCUS = "Pane"

    step: var[int] = var(0, init=False)

    def __init__(self, services: Services, first: str | None) -> None:
        super().__init__(services)
        self._first = first
        """The question it ends with; None when there is nothing new."""

    def body(self) -> Iterable[Widget]:
        """One page of text."""
        with Pane(id="page"):
            yield Prose(_page(0))

    async def on_mount(self) -> None:
        """Never again by itself."""
        self._count()
        if not self.services.read_only:
            try:
                await asyncio.to_thread(self.services.progress.save_draft, _SEEN, "seen")
            except UsageProblem as problem:
                self.say(str(problem), error=True)

    def _count(self) -> None:
        self.set_context(f"导览 {self.step + 1} / {len(PAGES)}")

    async def action_forward(self) -> None:
        """The next page; after the last, the first question."""
        if self.step + 1 < len(PAGES):
            self.step += 1
            self._count()
            await self.query_one(Prose).show(_page(self.step))
        else:
            await self._begin()

    async def _begin(self) -> None:
        from quizapp.screens.opening import screen_for

        screen = screen_for(self.services, (self._first,)) if self._first else None
        if screen is None:
            self.app.pop_screen()
        else:
            self.app.switch_screen(screen)  # not awaited: this screen would wait for its own end

    def action_leave(self) -> None:
        """Enough."""
        self.say(f"导览随时可以再看：{key('到处', '导览')}，或在命令面板里找“导览”。")
        self.app.pop_screen()


def is_newcomer(progress: Progress) -> bool:
    """Whether nothing was done yet and the tour was never shown."""
    stats = progress.stats()
    return not stats.answers and not stats.submissions and not progress.draft(_SEEN)
