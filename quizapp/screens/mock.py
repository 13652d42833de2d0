"""模拟面试: one question after the other against a calm clock, with the follow-up an interviewer would ask, and no answers."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, cast

from textual import on
from textual.containers import Vertical
from textual.reactive import var
from textual.widget import Widget
from textual.widgets import Static

from quizapp.commands.command import bindings
from quizapp.commands.in_use import key
from quizapp.commands.table import MOCK
from quizapp.problems import UsageProblem
from quizapp.screens.asking import Asked, ask, field_for
from quizapp.screens.drafting import Draft
from quizapp.screens.evaluation import Evaluation, evaluate
from quizapp.screens.page import Page
from quizapp.screens.rows import KINDS
from quizapp.study.follow_up import draft_key
from quizapp.study.mock import BRIEF_S, FULL_S
from quizapp.study.mock_words import clock_words
from quizapp.text.plain import line, safe
from quizapp.widgets.answers.field import Edited, Submitted
from quizapp.widgets.answers.writing import Writing
from quizapp.widgets.pane import Pane
from quizapp.widgets.prose import Prose

if TYPE_CHECKING:
    from question_bank.models import Theory
    from quizapp.services import Services
    from quizapp.study.running import Running

_KEEP_TIME_EVERY: Final = 5
"""Seconds between notes of the time used; a crash costs at most this much."""
_SPOKEN: Final = {None: BRIEF_S, BRIEF_S: FULL_S, FULL_S: None}
"""What the next press of the key sets the spoken-answer timer to."""


class MockScreen(Page):
    """The question the session has in hand. Whatever is recorded goes through `running`, so it resumes where it stopped."""

    CSS_PATH = "mock.tcss"
    BINDINGS = bindings(MOCK)

    follow_up: var[str] = var("")
    """The follow-up that is being asked; empty while the question itself is."""

    def __init__(self, services: Services, running: Running) -> None:
        super().__init__(services)
        self.running = running
        self.question = services.bank.shelf[running.state.current or ""]
        self.is_program = self.question.type == "coding"
        if not self.is_program:
            self.asked: Asked = ask(cast("Theory", self.question), services.progress.state(self.question.id).attempts)
            self.field = field_for(self.asked, ("模拟面试", "下一题"))
            self._draft = Draft(self, self.question.id, lambda: self.field.draft)
            self._reply = Draft(self, "", lambda: self.query_one("#reply", Writing).draft)
        self.began = services.clock()
        self._evaluation: Evaluation | None = None
        self._spoken: tuple[int, dt.datetime] | None = None
        self._wants_to_finish = False
        self._told_time = (running.left or 1) <= 0

    def body(self) -> Iterable[Widget]:
        """Title, what is left, the prompt, the answer; and the follow-up when there is one."""
        yield Static(line(self.question.title), id="title")
        yield Static(id="meta")
        if self.is_program:
            with Pane(id="ask", classes="-program"):
                yield Prose(self.services.bank.coding(self.question.id).statement)
            return
        with Pane(id="ask"):
            yield Prose(self.asked.prompt)
        yield self.field
        with Vertical(id="follow"):
            yield Static(id="follow-up")
            yield Writing(
                placeholder=f"接着说，写完按 {key('模拟面试', '下一题')}；不想答就直接按 {key('模拟面试', '跳过')}。",
                id="reply",
            )

    async def on_mount(self) -> None:
        """Go on where it was left, and let the clock run."""
        place, total = self.running.state.position
        self.set_context(f"模拟面试  第 {place} / {total} 题")
        self._tick()
        self.set_interval(1.0, self._tick)
        self.set_interval(_KEEP_TIME_EVERY, self._keep_time)
        if self.is_program:
            self.query_one("#ask").focus()
            return
        if draft := await self._draft.kept():
            self.field.restore(draft)
        self.field.focus()

    # --- the clock --------------------------------------------------------------------------------------------------------

    def _tick(self) -> None:
        left = self.running.left
        marked = "已标记" if self.question.id in self.running.state.marked else ""
        parts = [KINDS[self.question.type], clock_words(left), self._spoken_words(), marked]
        self.query_one("#meta", Static).update(line("  ".join(part for part in parts if part)))
        if left is not None and left <= 0 and not self._told_time:
            self._told_time = True
            self.say(f"时间到了：可以把这一题说完，按 {key('模拟面试', '交卷')} 交卷。")

    def _spoken_words(self) -> str:
        if self._spoken is None:
            return ""
        seconds, since = self._spoken
        left = seconds - (self.services.clock() - since).total_seconds()
        if left > 0:
            return f"口述 {int(left) // 60}:{int(left) % 60:02d}"
        self._spoken = None
        self.app.bell()
        self.say("口述时间到。")
        return ""

    async def _keep_time(self) -> None:
        try:
            await asyncio.to_thread(self.running.keep_time)
        except UsageProblem as problem:
            self.say(str(problem), error=True)

    def action_speak(self) -> None:
        """30 seconds, two minutes, off."""
        seconds = _SPOKEN[self._spoken[0] if self._spoken else None]
        self._spoken = (seconds, self.services.clock()) if seconds else None
        self._tick()

    # --- answering --------------------------------------------------------------------------------------------------------

    @on(Edited)
    def _edited(self) -> None:
        self._wants_to_finish = False
        (self._reply if self.follow_up else self._draft).touched()

    @on(Submitted)
    async def action_submit(self) -> None:
        """Hand in: the answer first, then the reply to the follow-up."""
        if self.is_program:
            await self._open_program()
        elif self.follow_up:
            await self._record(self.query_one("#reply", Writing).draft)
        elif self.field.given is None:
            self.say(f"还没有作答：写几句再按 {key('模拟面试', '下一题')}，或者按 {key('模拟面试', '跳过')} 跳过。")
        else:
            await self._hand_in()

    async def _hand_in(self) -> None:
        given = self.field.given
        given = safe(given) if isinstance(given, str) else given
        await self._save()
        self._evaluation = await asyncio.to_thread(evaluate, self.asked, given)
        others = self.asked.question.follow_ups
        follow_up = self._evaluation.follow_up or (others[0] if others else "")
        if not follow_up:
            await self._record("")
            return
        self._reply = Draft(self, draft_key(self.question.id, follow_up), lambda: self.query_one("#reply", Writing).draft)
        self.query_one("#reply", Writing).restore(await self._reply.kept())
        self.query_one("#follow-up", Static).update(line(f"追问：{follow_up}"))
        self.field.disabled = True
        self.follow_up = follow_up
        self.query_one("#reply").focus()

    def watch_follow_up(self, follow_up: str) -> None:
        """The follow-up takes the place of the prompt."""
        self.set_class(bool(follow_up), "-follow")

    async def _record(self, reply: str) -> None:
        if (evaluation := self._evaluation) is None:
            return
        detail = dict(self.asked.detail)
        if self.follow_up:
            detail["follow_up"] = self.follow_up
            if reply:
                detail["follow_ups"] = [{"question": self.follow_up, "answer": safe(reply)}]
        try:
            await asyncio.to_thread(
                self.running.answer,
                text=evaluation.text,
                rating=evaluation.suggested,
                score=evaluation.score,
                points=evaluation.judged,
                seconds=(self.services.clock() - self.began).total_seconds(),
                detail=detail,
            )
        except UsageProblem as problem:
            self.say(str(problem), error=True)
            return
        self._draft.rest()
        if self.follow_up:
            await self._reply.drop()
        await show_next(self, self.running)

    async def _open_program(self) -> None:
        from quizapp.screens.coding import CodingScreen

        await self.app.push_screen(CodingScreen(self.services, self.question.id, self.running))

    async def on_screen_resume(self) -> None:
        """Back from the program: accepted, it is done."""
        if self.running.state.current != self.question.id:
            await show_next(self, self.running)

    # --- going on ---------------------------------------------------------------------------------------------------------

    async def action_skip(self) -> None:
        """Later, or without a reply to the follow-up."""
        if self.follow_up:
            await self._record("")
            return
        await self._save()
        await asyncio.to_thread(self.running.pass_over)
        await show_next(self, self.running)

    async def action_mark(self) -> None:
        """Mark, or take the mark away."""
        await asyncio.to_thread(self.running.mark)
        self._tick()

    async def action_finish(self) -> None:
        """Hand everything in; asked twice while something is open."""
        await self._save()
        left = len(set(self.running.state.queue))
        if left and not self._wants_to_finish:
            self._wants_to_finish = True
            self.say(f"还有 {left} 题没答：再按一次 {key('模拟面试', '交卷')} 就交卷。")
            return
        await show_report(self, self.running)

    async def action_leave(self) -> None:
        """Out; the clock stops, and what is half typed stays."""
        await self.keep()
        self.say("已保存，下次从模拟面试接着来。")
        self.app.pop_screen()  # not awaited: the screen would wait for its own end

    async def keep(self) -> None:
        """What is half typed, and the time used."""
        await self._save()
        await self._keep_time()

    async def _save(self) -> None:
        if not self.is_program:
            await (self._reply if self.follow_up else self._draft).save()


async def show_next(page: Page, running: Running) -> None:
    """The question in hand takes the place of `page`; after the last, the report. What the bank no longer has is left out."""
    while (current := running.state.current) is not None and current not in page.services.bank.shelf:
        await asyncio.to_thread(running.drop)
    if current is None:
        await show_report(page, running)
    else:
        page.app.switch_screen(MockScreen(page.services, running))  # not awaited: `page` would wait for its own end


async def show_report(page: Page, running: Running) -> None:
    """It is over."""
    from quizapp.screens.mock_report import MockReportScreen, reported

    try:
        await asyncio.to_thread(running.finish)
        made = await asyncio.to_thread(reported, page.services, running)
    except UsageProblem as problem:
        page.say(str(problem), error=True)
        return
    page.app.clear_notifications()  # they were about the questions
    page.app.switch_screen(MockReportScreen(page.services, made))
