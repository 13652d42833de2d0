"""追问: reply to the follow-up questions of an answer, hold the reply against the reference, or go to a question that is close."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.reactive import var
from textual.widget import Widget
from textual.widgets import Static

from quizapp.commands.command import bindings
from quizapp.commands.in_use import key
from quizapp.commands.table import FOLLOW_UP
from quizapp.screens.drafting import Draft
from quizapp.screens.page import Page
from quizapp.screens.rows import KINDS
from quizapp.study.follow_up import draft_key, related
from quizapp.text.plain import line
from quizapp.widgets.answers.field import Edited
from quizapp.widgets.answers.writing import Writing
from quizapp.widgets.menu import Entry, Menu
from quizapp.widgets.pane import Pane
from quizapp.widgets.prose import Prose

if TYPE_CHECKING:
    from question_bank.models import Theory
    from quizapp.progress import Progress
    from quizapp.services import Services


class FollowUpScreen(Page):
    """One follow-up at a time. Replies are drafts until the answer they follow is recorded, and then belong to it."""

    CSS_PATH = "follow_up.tcss"
    BINDINGS = bindings(FOLLOW_UP)
    AUTO_FOCUS = ""  # only when the draft stands there: what is typed before would be written over

    place: var[int] = var(0, init=False)

    def __init__(self, services: Services, question: Theory, follow_ups: Sequence[str]) -> None:
        super().__init__(services)
        self._question, self._follow_ups = question, tuple(follow_ups)
        self._draft = self._draft_of(0)

    def _draft_of(self, place: int) -> Draft:
        return Draft(self, draft_key(self._question.id, self._follow_ups[place]), lambda: self.query_one(Writing).draft)

    def body(self) -> Iterable[Widget]:
        """The follow-up, the reply, what to hold it against, where else to look."""
        yield Static(line(f"追问：{self._question.title}"), id="title")
        with Pane(id="asked"):
            yield Prose(id="follow-up")
        yield Writing(placeholder=f"像面试时那样接着说；写完按 {key('追问', '对照')} 对照原题的参考答案。", id="reply")
        with Pane(id="truth"):
            yield Static(line("原题的参考答案（追问没有单独评分）"), id="truth-title")
            yield Prose(self._question.answer)
        yield Static(line(f"相关的题（Tab 移到这里，{key('菜单', '打开')} 打开）"), id="related-title")
        yield Menu(id="related")

    async def on_mount(self) -> None:
        """The first one."""
        await self._ask()

    async def _ask(self) -> None:
        text = self._follow_ups[self.place]
        self._draft = self._draft_of(self.place)
        self.remove_class("-revealed")
        await self.query_one("#follow-up", Prose).show(text)
        self.query_one(Writing).restore(await self._draft.kept())
        self._offer(text)
        total = len(self._follow_ups)
        self.set_context(f"第 {self.place + 1} / {total} 个追问" if total > 1 else "")
        self.query_one(Writing).focus()

    def _offer(self, text: str) -> None:
        close = related(self.services.bank.outlines, text, self._question.id)
        self.set_class(bool(close), "-related")
        self.query_one(Menu).display = bool(close)
        if close:
            self.query_one(Menu).show([Entry(outline.id, KINDS[outline.type], outline.title) for outline in close])

    @on(Edited)
    def _edited(self) -> None:
        self._draft.touched()

    async def keep(self) -> None:
        """The reply as it stands."""
        self._draft.rest()
        await self._draft.save()

    async def action_reveal(self) -> None:
        """Show the reference below the reply, or only the reply again."""
        await self.keep()
        self.toggle_class("-revealed")
        self.query_one("#truth" if self.has_class("-revealed") else "#reply").focus()

    async def action_other(self) -> None:
        """The next follow-up; this reply stays."""
        await self.keep()
        self.place = (self.place + 1) % len(self._follow_ups)
        await self._ask()

    async def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """Answer that question now, and come back here after."""
        await self.keep()
        await self.app.run_action(f"open({message.entry.id!r})")

    async def action_leave(self) -> None:
        """Back to the answer."""
        await self.keep()
        self.app.pop_screen()  # not awaited: the screen would wait for its own end

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is a next one only where there are two."""
        return len(self._follow_ups) > 1 if action == "other" else True


def replies(progress: Progress, question_id: str, follow_ups: Iterable[str]) -> list[dict[str, str]]:
    """What was replied so far, as the log keeps it."""
    kept = ((text, progress.draft(draft_key(question_id, text))) for text in follow_ups)
    return [{"question": text, "answer": reply} for text, reply in kept if reply]


def drop_replies(progress: Progress, question_id: str, told: Iterable[dict[str, str]]) -> None:
    """They are in the log now."""
    for reply in told:
        progress.save_draft(draft_key(question_id, reply["question"]), "")
