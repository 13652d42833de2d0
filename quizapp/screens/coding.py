"""编程题: read the statement, write the solution, watch it being judged, read the report."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual import on
from textual.app import SuspendNotSupported
from textual.containers import Horizontal, Vertical
from textual.reactive import var
from textual.widget import Widget
from textual.widgets import ContentSwitcher, Static
from textual.worker import Worker

from judge.verdict import Report, Request
from quizapp import workspace
from quizapp.commands.command import bindings
from quizapp.commands.in_use import key
from quizapp.commands.table import CODING
from quizapp.problems import UsageProblem
from quizapp.public_tests import public_test
from quizapp.references import references
from quizapp.screens.coding_text import first_framework, footing, hints_text, missing_framework, past, preferences
from quizapp.screens.compare import CompareScreen
from quizapp.screens.earlier import comparisons, own_solution
from quizapp.screens.external_editor import edit, editor_command
from quizapp.screens.judging import Finished, Happened, run
from quizapp.screens.page import Page
from quizapp.screens.reference import ReferenceScreen
from quizapp.text.plain import line
from quizapp.widgets.code_editor import CodeEditor
from quizapp.widgets.history import History
from quizapp.widgets.live_panel import LivePanel
from quizapp.widgets.pane import Pane
from quizapp.widgets.prose import Prose
from quizapp.widgets.report import ReportView
from quizapp.widgets.tab_strip import TabStrip
from quizapp.widgets.watch_panel import WatchPanel

if TYPE_CHECKING:
    from question_bank.models import Framework
    from quizapp.services import Services
    from quizapp.study.running import Running

TABS: Final = (("statement", "题面"), ("hints", "提示"), ("code", "代码"), ("run", "运行"), ("history", "提交记录"))


class CodingScreen(Page):
    """Tabs over panes; from 100 columns on the statement stays beside them."""

    CSS_PATH = "coding.tcss"
    BINDINGS = bindings(CODING)
    AUTO_FOCUS = "#statement"

    tab: var[str] = var("statement")
    framework: var[Framework] = var("torch")
    hints_shown: var[int] = var(0)
    running: var[bool] = var(False)

    def __init__(self, services: Services, problem_id: str, session: Running | None = None) -> None:
        super().__init__(services)
        self.problem = services.bank.coding(problem_id)
        self._session = session
        """The mock interview it is written in, if it is."""
        self.set_reactive(CodingScreen.framework, first_framework(self.problem, preferences().framework))
        self._run: Worker[None] | None = None
        self._gave_up = False

    def body(self) -> Iterable[Widget]:
        """Title, tabs, statement and panes."""
        groups = [(group.id, group.title) for group in self.problem.groups]
        yield Static(line(self.problem.title), id="title")
        yield Static(id="footing")
        yield TabStrip(TABS, "statement")
        with Horizontal(id="desk"):
            with Pane(id="statement"):
                yield Prose(id="statement-text")
            with ContentSwitcher(initial="code", id="panes"):
                with Pane(id="hints"):
                    yield Prose(id="hints-text")
                with Vertical(id="code"):
                    write, edit = key("编程题", "在这里写"), key("编程题", "编辑")
                    yield Static(
                        line(f"还没有解答文件。按 {write} 从初始代码创建并在这里写，按 {edit} 用外部编辑器打开。"), id="no-file"
                    )
                    yield CodeEditor()
                with ContentSwitcher(initial="report", id="run"):
                    yield LivePanel(groups, id="live")
                    yield ReportView(groups, id="report")
                yield History(id="history")
        yield WatchPanel()

    async def on_mount(self) -> None:
        """Show what there is already, and let the judge warm up. A long statement follows the first frame: it takes four times as long."""
        self.call_after_refresh(self.query_one("#statement-text", Prose).show, self.problem.statement)
        self.watch_hints_shown()
        await self._show_file()
        await self._show_history()
        self.run_worker(self.services.warm(self.problem.id, self.framework), exit_on_error=False)

    # --- the file ---------------------------------------------------------------------------------------------------------

    @property
    def path(self) -> Path:
        """Where the solution for the chosen framework lies."""
        return workspace.solution_path(self.problem.id, self.framework)

    async def _show_file(self) -> None:
        exists = await asyncio.to_thread(self.path.is_file)
        self.query_one("#no-file").display = not exists
        self.query_one(CodeEditor).display = exists
        if exists:
            await self.query_one(CodeEditor).open(self.path)
        self.query_one("#footing", Static).update(line(footing(self.framework, self.path, exists)))
        self.refresh_bindings()

    async def _ensure_file(self) -> bool:
        try:
            _, created = await asyncio.to_thread(workspace.create_solution, self.problem, self.framework)
        except UsageProblem as problem:
            self.say(str(problem), error=True)
            return False
        if created:
            self.say(f"已从初始代码创建 {self.path.name}。")
        await self._show_file()
        return True

    async def action_write(self) -> None:
        """Write in the built-in editor."""
        if await self._ensure_file():
            self.tab = "code"
            self.query_one(CodeEditor).focus()

    async def action_edit(self) -> None:
        """Write in the learner's own editor."""
        command = editor_command(preferences().editor)
        if not await self._ensure_file() or not await self.query_one(CodeEditor).save():
            return
        if not command:
            self.say("没有找到外部编辑器（在设置里填，或设环境变量 EDITOR），先在这里写。")
            await self.action_write()
            return
        try:
            with self.app.suspend():
                problem = edit(self.path, command)
        except SuspendNotSupported:
            self.say("这个环境打不开外部编辑器，先在这里写。")
            await self.action_write()
            return
        if problem:
            self.say(problem, error=True)
        await self._show_file()

    async def action_save(self) -> None:
        """Save now, over whatever the file holds."""
        if await self.query_one(CodeEditor).save(force=True):
            self.say("已保存。")

    @on(CodeEditor.Saved)
    def _saved(self, message: CodeEditor.Saved) -> None:
        if message.problem:
            self.say(message.problem, error=True)

    def action_watch(self) -> None:
        """On each save the public tests run; once more ends it."""
        panel = self.query_one(WatchPanel)
        test = public_test(self.services.bank, self.problem.id)
        if panel.path is not None:
            panel.stop()
            self.say("不再监视。")
        elif test is None:
            self.say(f"这道题没有公开测试；按 {key('编程题', '提交')} 直接跑隐藏检查。")
        else:
            panel.follow(self.path, partial(self.services.public, test))

    @on(WatchPanel.FileChanged)
    async def _changed_elsewhere(self, message: WatchPanel.FileChanged) -> None:
        if message.exists and not self.query_one(CodeEditor).dirty:
            await self._show_file()

    # --- the run ----------------------------------------------------------------------------------------------------------

    async def action_submit(self) -> None:
        """Judge the file as it is on disk."""
        if self.running:
            self.say(f"正在判题；要重新提交，先按 {key('编程题', '取消运行')} 取消。")
            return
        if missing := missing_framework(self.framework):
            self.say(missing, error=True)
            return
        if not await self.query_one(CodeEditor).save():
            return
        if not await asyncio.to_thread(self.path.exists):
            self.say(f"还没有解答文件：按 {key('编程题', '在这里写')} 从初始代码创建，写好再提交。")
            return
        await self._show_file()  # it may have come from elsewhere
        try:
            source = await asyncio.to_thread(workspace.read_source, self.path)
        except UsageProblem as problem:
            self.say(str(problem), error=True)
            return
        await self._start(Request(problem=self.problem.id, source=source, filename=self.path.name, framework=self.framework))

    async def _start(self, request: Request) -> None:
        self.running = True
        self.tab = "run"
        self.query_one("#run", ContentSwitcher).current = "live"
        await self.query_one(LivePanel).begin()
        self._run = self.run_worker(
            run(self.services, request, self.post_message, self._record), group="judge", exclusive=True, exit_on_error=False
        )

    def _record(self, request: Request, report: Report) -> None:
        session, progress = self._session, self.services.progress
        is_asked = session is not None and session.state.current == self.problem.id
        record = session.submit if session and is_asked else partial(progress.record_submission, self.problem.id)
        record(source=request.source, filename=request.filename, report=report, related=self.problem.related)

    @on(Happened)
    async def _happened(self, message: Happened) -> None:
        await self.query_one(LivePanel).show(message.event)

    @on(Finished)
    async def _finished(self, message: Finished) -> None:
        self.running = False
        self.query_one(LivePanel).finish()
        if message.problem:
            self.say(message.problem, error=True)
        if message.report is not None:
            await self.query_one(ReportView).show(message.report)
            self.query_one("#run", ContentSwitcher).current = "report"
            if self.tab == "run":
                self.query_one(ReportView).focus()
        await self._show_history()

    def action_cancel(self) -> None:
        """End the run."""
        if self._run is not None:
            self._run.cancel()

    async def _show_history(self) -> None:
        found = await asyncio.to_thread(self.services.progress.submissions, self.problem.id)
        self.query_one(History).show([past(entry, self.services.clock()) for entry in found])

    @on(History.Chosen)
    async def _show_past(self, message: History.Chosen) -> None:
        report = await asyncio.to_thread(self.services.progress.report, message.id)
        await self.query_one(ReportView).show(report)
        self.query_one("#run", ContentSwitcher).current = "report"
        self.tab = "run"

    async def action_compare(self) -> None:
        """What changed with the submission under the cursor."""
        if (submission := self.query_one(History).current) is None:
            return
        found = await asyncio.to_thread(comparisons, self.services, self.problem, submission, self.path)
        if found:
            await self.app.push_screen(CompareScreen(self.services, found))

    async def action_reference(self) -> None:
        """The answer: at once when the problem is solved, else only when asked twice."""
        earlier = await asyncio.to_thread(self.services.progress.submissions, self.problem.id)
        if not self._gave_up and all(entry.verdict != "AC" for entry in earlier):
            self._gave_up = True
            self.say(
                f"还没有通过：先看看提示（{key('编程题', '提示')}）。决定放弃的话，再按一次 {key('编程题', '参考答案')} 看参考答案。"
            )
            return
        found = await asyncio.to_thread(references, self.problem, self.framework)
        own = await asyncio.to_thread(own_solution, self.path, self.framework)
        await self.app.push_screen(ReferenceScreen(self.services, self.problem, found, own))

    # --- tabs, hints, framework -------------------------------------------------------------------------------------------

    def watch_tab(self, tab: str) -> None:
        """Show the pane, and put the focus where keys do something."""
        self.query_one(TabStrip).current = tab
        self.query_one("#desk").set_class(tab == "statement", "-reading")
        if tab != "statement":
            self.query_one("#panes", ContentSwitcher).current = tab
        if tab == "run":
            self.query_one(ReportView if not self.running else "#checks").focus()
        elif tab in ("statement", "hints", "history"):
            self.query_one(f"#{tab}").focus()
        else:
            self.set_focus(None)
        self.refresh_bindings()

    @on(TabStrip.Chosen)
    def _tab_clicked(self, message: TabStrip.Chosen) -> None:
        self.tab = message.tab

    def action_tab(self, step: int) -> None:
        """The next tab."""
        self.tab = self.query_one(TabStrip).neighbour(step)

    def watch_hints_shown(self) -> None:
        """One more hint is open."""
        self.query_one("#hints-text", Prose).update(hints_text(self.problem.hints, self.hints_shown))
        self.query_one(TabStrip).rename("hints", f"提示 {self.hints_shown}/{len(self.problem.hints)}")
        self.query_one("#hints", Pane).scroll_end(animate=False)

    def action_hint(self) -> None:
        """Open one more hint."""
        if self.tab == "hints" or not self.hints_shown:
            self.hints_shown = min(self.hints_shown + 1, len(self.problem.hints))
        self.tab = "hints"

    async def action_framework(self) -> None:
        """The other framework; its solution is another file."""
        if not await self.query_one(CodeEditor).save():
            return
        names = self.problem.frameworks
        self.framework = names[(names.index(self.framework) + 1) % len(names)]
        self.query_one(WatchPanel).stop()
        await self._show_file()
        if missing := missing_framework(self.framework):
            self.say(missing)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what makes sense now is offered."""
        if action == "cancel":
            return self.running
        if action == "submit":
            return None if self.running else True
        if action == "write":
            return self.tab in ("code", "statement") and not isinstance(self.focused, CodeEditor)
        if action == "compare":
            return self.tab == "history" and self.query_one(History).current is not None
        if action == "framework":
            return len(self.problem.frameworks) > 1 and not self.running
        return True

    def watch_running(self) -> None:
        """Other keys work while it runs."""
        self.refresh_bindings()

    async def action_leave(self) -> None:
        """Out of the editor first, then back to the list."""
        if isinstance(self.focused, CodeEditor):
            self.set_focus(None)
        elif self.running:
            self.say(f"还在判题：按 {key('编程题', '取消运行')} 取消，或按 {key('到处', '题库')} 去题库看看，判完再回来。")
        elif await self.query_one(CodeEditor).let_go():
            self.app.pop_screen()

    async def keep(self) -> None:
        """What was typed."""
        await self.query_one(CodeEditor).let_go(at_once=True)
