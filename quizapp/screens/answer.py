"""答题: answer a theory question, see what was hit, say how well it went."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Final, Literal, cast

from textual import on
from textual.reactive import var
from textual.widget import Widget
from textual.widgets import Static

from quizapp.commands.command import bindings
from quizapp.commands.table import ANSWER
from quizapp.problems import UsageProblem
from quizapp.screens.asking import ask, field_for
from quizapp.screens.drafting import Draft
from quizapp.screens.evaluation import Evaluation, evaluate, overruled
from quizapp.screens.follow_up import FollowUpScreen, drop_replies, replies
from quizapp.screens.marking import Marking
from quizapp.screens.opening import show_session
from quizapp.screens.review import Review, headline
from quizapp.screens.rows import KINDS
from quizapp.study.follow_up import follow_ups_of
from quizapp.study.sessions import Mode
from quizapp.text.plain import line, safe
from quizapp.widgets.answers.field import Edited, Given, Submitted
from quizapp.widgets.answers.writing import Writing
from quizapp.widgets.choice_bar import Choice, ChoiceBar
from quizapp.widgets.key_points import KeyPoints
from quizapp.widgets.pane import Pane
from quizapp.widgets.prose import Prose

if TYPE_CHECKING:
    from question_bank.models import Theory
    from quizapp.services import Services
    from quizapp.study.running import Running
    from quizapp.study.schedule import Rating

Stage = Literal["writing", "sure", "review"]
_READ_WELL: Final = 3
"""The rating that is lit after 背题, where only the learner knows how it went."""
_SURE: Final = (Choice("没把握"), Choice("有点把握"), Choice("有把握"))
_RATINGS: Final = ("重来", "困难", "良好", "轻松")


class AnswerScreen(Marking):
    """One question; the ids behind it in the queue follow."""

    CSS_PATH = "answer.tcss"
    BINDINGS = bindings(ANSWER)
    AUTO_FOCUS = ""  # only when the draft stands there: what is typed before would be written over

    stage: var[Stage] = var("writing")

    def __init__(self, services: Services, queue: tuple[str, ...], done: int = 0, session: Running | None = None) -> None:
        super().__init__(services)
        self._session = session
        """The session it is asked in, which then says what follows."""
        self._reads = session is not None and session.state.mode is Mode.READ
        self.question = cast("Theory", services.bank.shelf[queue[0]])
        self.following, self.done = queue[1:], done
        self.asked = ask(self.question, services.progress.state(self.question.id).attempts)
        self.field = field_for(self.asked)
        self.began = services.clock()
        self.seconds = 0.0
        self.confidence: int | None = None
        self.evaluation: Evaluation | None = None
        self.judged: Evaluation | None = None
        """As the grader judged it; `evaluation` is as the learner sees it."""
        self._recorded: int | None = None
        self._draft = Draft(self, self.question.id, lambda: self.field.draft)

    @property
    def marked(self) -> str:
        """The question."""
        return self.question.id

    def body(self) -> Iterable[Widget]:
        """Title, prompt, answer, and below them the bars of the later stages."""
        self.field.display = not (self._reads and isinstance(self.field, Writing))
        with Pane(id="sheet", classes="-writing" if isinstance(self.field, Writing) and not self._reads else ""):
            yield Static(line(self.question.title), id="title")
            yield Static(line(self._meta()), id="meta")
            with Pane(id="ask"):
                yield Prose(self.asked.prompt)
            yield self.field
        yield ChoiceBar("对答案之前：有多大把握？", _SURE, lit=1, id="sure")
        yield ChoiceBar("掌握得怎么样？", [Choice(name) for name in _RATINGS], lit=2, id="rate")

    async def on_mount(self) -> None:
        """Go on where the last attempt at it was left."""
        self.set_context(self._place())
        if self._reads:
            self.query_one("#sheet").focus()
            return
        if draft := await self._draft.kept():
            self.field.restore(draft)
            self.set_context("接着上次没写完的答案")
        self.field.focus()

    def _place(self) -> str:
        if self._session is not None:
            at, total = self._session.state.position
            return f"{self._session.state.mode.label}  第 {at} / {total} 题"
        total = self.done + 1 + len(self.following)
        return f"第 {self.done + 1} / {total} 题" if total > 1 else ""

    def _meta(self) -> str:
        question, topic = self.question, self.services.bank.topic.get(self.question.topic)
        parts = [
            topic.title if topic else "",
            KINDS[question.type],
            f"难度 {question.difficulty}",
            "高频" if question.frequency == 3 else "",
        ]
        if question.as_of:
            parts.append(f"内容截至 {question.as_of:%Y-%m}")
        return "  ".join(part for part in parts if part)

    # --- writing ----------------------------------------------------------------------------------------------------------

    @on(Edited)
    def _edited(self) -> None:
        if self.stage != "review":
            self._draft.touched()

    async def keep(self) -> None:
        """What is there, unless it is answered already, and the time used."""
        if self.stage != "review":
            await self._draft.save()
        if self._session is not None and not self.services.read_only:
            await asyncio.to_thread(self._session.keep_time)

    @on(Submitted)
    async def action_reveal(self) -> None:
        """First how sure one is, then the answer; at once where nothing is written."""
        if self._reads:
            await self._reveal()
        elif self.stage == "writing":
            await self._draft.save()
            self.stage = "sure"
            self.query_one("#sure").focus()
            # the patterns of this question compile (100 ms) while the learner thinks of that
            self.run_worker(asyncio.to_thread(evaluate, self.asked, self._given()), exit_on_error=False)
        elif self.stage == "sure":
            await self._reveal()

    @on(ChoiceBar.Chosen, "#sure")
    async def _sure(self, message: ChoiceBar.Chosen) -> None:
        self.confidence = message.index + 1
        await self._reveal()

    # --- review -----------------------------------------------------------------------------------------------------------

    def _given(self) -> Given:
        return safe(self.field.given) if isinstance(self.field.given, str) else self.field.given

    async def _reveal(self) -> None:
        self.seconds = (self.services.clock() - self.began).total_seconds()
        given = self._given()
        self._draft.rest()
        self.judged = self.evaluation = await asyncio.to_thread(evaluate, self.asked, given)
        self.field.reveal(self.evaluation.marks)
        self.stage = "review"
        self.set_context(self._place())
        await self._show_review(given, self.evaluation)
        await self._offer_ratings(_READ_WELL if self._reads else self.evaluation.suggested)
        points = self.query(KeyPoints)
        (points.first() if points else self.query_one("#rate")).focus(scroll_visible=False)

    async def _show_review(self, given: Given, evaluation: Evaluation) -> None:
        sheet = self.query_one("#sheet")
        if isinstance(self.field, Writing):
            self.field.display = False  # it stands in the review, with its evidence
        elif not self._reads:
            await sheet.mount(Static(headline(evaluation), id="verdict"), before=self.field)
        await sheet.mount(Review(self.asked, given, evaluation, judged=not self._reads))
        await self._show_note()

    async def _offer_ratings(self, suggested: int) -> None:
        days = await asyncio.to_thread(self._intervals)
        bar = self.query_one("#rate", ChoiceBar)
        bar.choices = tuple(Choice(name, f"{after} 天") for name, after in zip(_RATINGS, days.values(), strict=True))
        bar.lit = suggested - 1

    def _intervals(self) -> dict[Rating, int]:
        from quizapp.study.schedule import preview

        progress = self.services.progress
        standing = progress.standings().get(self.question.id)
        memory = standing.memory if standing else None
        return preview(self.question.id, memory, progress.today(), progress.policy())

    @on(KeyPoints.Overruled)
    def _overruled(self, message: KeyPoints.Overruled) -> None:
        if self.evaluation is not None:
            self.evaluation = overruled(self.evaluation, message.point)
            self.query_one(Review).rescore(self.evaluation)
            self.query_one("#rate", ChoiceBar).lit = self.evaluation.suggested - 1

    @on(KeyPoints.Done)
    def _points_done(self) -> None:
        self.query_one("#rate").focus()

    @on(ChoiceBar.Chosen, "#rate")
    async def _rated(self, message: ChoiceBar.Chosen) -> None:
        await self.action_rate(message.index + 1)

    async def action_rate(self, rating: int) -> None:
        """Record the answer, then the next question."""
        if self.evaluation is None:
            return
        if not self.services.read_only:
            try:
                await asyncio.to_thread(self._record, rating, self.evaluation)
            except UsageProblem as problem:
                self.say(str(problem), error=True)
                return
        await self._next(1)

    def _record(self, rating: int, evaluation: Evaluation) -> None:
        """The answer as the grader judged it, then what the learner judged otherwise; a second try repeats neither."""
        progress, judged = self.services.progress, self.judged or evaluation
        if self._recorded is None:
            told = replies(progress, self.question.id, self._follow_ups())
            session = self._session
            record = session.answer if session else partial(progress.record_answer, self.question.id, mode="practice")
            self._recorded = record(
                text=judged.text,
                rating=rating,
                score=None if self._reads else judged.score,
                points={} if self._reads else judged.judged,
                seconds=self.seconds,
                confidence=self.confidence,
                detail=self.asked.detail | ({"follow_ups": told} if told else {}),
            )
            drop_replies(progress, self.question.id, told)
        if not self._reads and (changed := evaluation.changed_from(judged)):
            progress.overrule(self._recorded, changed, score=evaluation.score, rating=rating)

    # --- going on ---------------------------------------------------------------------------------------------------------

    async def _next(self, done: int) -> None:
        if self._session is not None:
            if not await show_session(self.app, self.services, self._session, instead=True):
                self.say(f"这一组做完了，共 {len(self._session.state.questions)} 题。")
                self.app.pop_screen()
            return
        if self.following:
            # Not awaited: this handler runs in the screen that goes, and would wait for its own end.
            self.app.switch_screen(AnswerScreen(self.services, self.following, self.done + done))
            return
        if self.done + done > 1:
            self.say(f"这一组做完了，共 {self.done + done} 题。")
        self.app.pop_screen()

    async def action_skip(self) -> None:
        """The next question; the draft stays."""
        await self._draft.save()
        if self._session is not None:
            await asyncio.to_thread(self._session.pass_over)
        await self._next(0)

    async def action_leave(self) -> None:
        """Back from the bar to the answer, or out; the draft stays."""
        if self.stage == "sure":
            self.stage = "writing"
            self.field.focus()
            return
        await self.keep()
        self.app.pop_screen()

    def action_scroll(self, direction: int) -> None:
        """By pages, from wherever the focus is: the bars have no use for these keys."""
        sheet = self.query_one("#sheet", Pane)
        (sheet.scroll_page_down if direction > 0 else sheet.scroll_page_up)(animate=False)

    def _follow_ups(self) -> tuple[str, ...]:
        evaluation = self.evaluation
        return follow_ups_of(self.question, evaluation.judged, evaluation.follow_up) if evaluation else ()

    async def action_follow_up(self) -> None:
        """Go on as an interviewer would."""
        await self.app.push_screen(FollowUpScreen(self.services, self.question, self._follow_ups()))

    async def on_screen_resume(self) -> None:
        """The note may have been written meanwhile."""
        await self._show_note()

    async def _show_note(self) -> None:
        state = await asyncio.to_thread(self.services.progress.state, self.question.id)
        for review in self.query(Review):
            review.show_note(state.note)

    def watch_stage(self, stage: Stage) -> None:
        """Show the bar that belongs to the stage."""
        for name in ("writing", "sure", "review"):
            self.set_class(stage == name, f"-stage-{name}")
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Rating comes after the answer, and not before."""
        if action == "rate":
            return self.stage == "review"
        if action == "follow_up":
            return self.stage == "review" and bool(self._follow_ups())
        if action in ("reveal", "skip"):
            return self.stage != "review"
        return True
