"""Many submissions, few boxes: keeps warm slots, and forks a grader per submission from a process that has pytest and NumPy imported.

The process that runs an engine never loads a framework and never starts a thread, so forking it is safe. Used by the service (one per
user, behind a socket), by `judge verify` and by batches.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gc
import json
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from judge.clean import clean
from judge.client import EVENTS
from judge.grader.failures import CheckFailed, JudgeProblem, UsageProblem
from judge.grader.link import Link
from judge.grader.plugin import rehearse
from judge.grader.prepare import Plan, make_plan
from judge.grader.run import NOT_READY, judge_on, load_checks
from judge.grader.single import choose_tier, find_problem, refusal, require_data
from judge.grader.slot import Slot
from judge.sandbox import launch
from judge.verdict import CheckEvent, Event, FrameworkName, PhaseEvent, Report, ReportEvent, Request, TierName, Verdict
from question_bank.models import Coding

Key = tuple[TierName, FrameworkName, str]
Emit = Callable[[Event], None]
_LINE_LIMIT = 64 << 20
_TOGETHER_S = 0.05  # less than anybody sees


@dataclass
class _Idle:
    slot: Slot
    since: float = field(default_factory=time.monotonic)


class Engine:
    """At most `size` submissions at once; an idle slot gives its memory back after `idle_s` seconds."""

    def __init__(self, *, size: int | None = None, idle_s: float = 300.0) -> None:
        self._busy = asyncio.Semaphore(size or os.cpu_count() or 1)
        self._idle: dict[Key, list[_Idle]] = {}
        self._warming: dict[Key, asyncio.Task[None]] = {}
        self._idle_s = idle_s
        self._closed = False
        # The bank does not change under a running engine: the client asks for a new one when it did (see `fingerprint`).
        self._find = functools.lru_cache(_find_and_load)
        self.last_used = time.monotonic()
        self.running = 0

    async def judge(self, request: Request, emit: Emit, *, run_all: bool = False) -> Report:
        """Judge one submission; the report is the last event. Raises `UsageProblem`, `JudgeProblem`; cancelling ends its process tree."""
        problem = self._find(request.problem)
        try:
            plan = make_plan(request, problem)
        except CheckFailed as failure:
            report = refusal(request, failure)
            emit(ReportEvent(report=report))
            return report
        require_data(problem)
        key: Key = (choose_tier(request.tier), plan.framework, plan.device)
        async with self._turn():
            emit(PhaseEvent(phase="start", title=f"准备判题盒（{key[0]}）与 {plan.framework}"))
            report = await self._judge_on(key, await self._take(key), plan, _unless_run_again(emit), run_all)
            if why := _why_again(report):
                emit(PhaseEvent(phase="start", title=f"{why}：换一个新的判题盒再跑一次"))
                report = await self._judge_on(key, await _start(key), plan, emit, run_all)
            return report

    @contextlib.asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        async with self._busy:
            self.running += 1
            try:
                yield
            finally:
                self.running -= 1
                self.last_used = time.monotonic()

    async def _judge_on(self, key: Key, slot: Slot, plan: Plan, emit: Emit, run_all: bool) -> Report:
        reusable = False
        try:
            report, reusable = await _in_fork(slot, plan, emit, run_all=run_all)
            return report
        finally:
            if reusable and not self._closed and slot.box.alive():
                slot.start_s = 0.0
                self._idle.setdefault(key, []).append(_Idle(slot))
            else:
                slot.close()

    def warm(self, key: Key) -> None:
        """Have a slot waiting. Nothing happens when one is, or is on its way."""
        self.last_used = time.monotonic()
        if not self._closed and not self._idle.get(key) and key not in self._warming:
            task = asyncio.create_task(self._warm(key))
            self._warming[key] = task
            task.add_done_callback(lambda _: self._warming.pop(key, None))

    async def _warm(self, key: Key) -> None:
        with contextlib.suppress(UsageProblem, JudgeProblem):  # whoever submits will meet it again, and be told
            slot = await _start(key)
            self._idle.setdefault(key, []).append(_Idle(slot))

    async def _take(self, key: Key) -> Slot:
        if task := self._warming.get(key):
            await asyncio.wait({task})
        while idle := self._idle.get(key):
            slot = idle.pop().slot
            if slot.box.alive():
                return slot
            slot.close()
        return await _start(key)

    def drop_idle(self) -> None:
        """Give back slots nobody used for a while."""
        now = time.monotonic()
        for key, idle in self._idle.items():
            old = [entry for entry in idle if now - entry.since > self._idle_s or not entry.slot.box.alive()]
            for entry in old:
                entry.slot.close()
            self._idle[key] = [entry for entry in idle if entry not in old]

    def close(self) -> None:
        """End every idle slot; busy ones end with their run."""
        self._closed = True
        for idle in self._idle.values():
            for entry in idle:
                entry.slot.close()
        self._idle.clear()


def _why_again(report: Report) -> str | None:
    """Why a run is no word about the code, and worth another box; None when it is one.

    On a crowded machine TensorFlow's threads have been seen to wait for each other, in right code too and never twice: nobody is charged
    for the first time. Who really sleeps will sleep again.
    """
    if report.verdict is Verdict.IE and report.detail == NOT_READY:
        return "判题进程没有起来"
    if report.framework == "tensorflow" and report.verdict is Verdict.TLE and report.detail == "wall":
        return "TensorFlow 停住不动了"
    return None


def _unless_run_again(emit: Emit) -> Emit:
    def emit_or_hold(event: Event) -> None:
        if not (isinstance(event, ReportEvent) and _why_again(event.report)):
            emit(event)

    return emit_or_hold


def _find_and_load(name: str) -> Coding:
    """The problem, with its checks already loaded and collected: a fork need not do that again."""
    problem = find_problem(name)
    with contextlib.suppress(JudgeProblem):  # whoever submits will meet it again, and be told
        load_checks(problem)
    return problem


async def _start(key: Key) -> Slot:
    """Launch a slot and wait for its framework without blocking the loop."""
    tier, framework, device = key
    began = time.monotonic()
    slot = Slot(launch(tier, framework=framework, device=device), framework, device)
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()
    loop.add_reader(slot.box.control, lambda: None if ready.done() else ready.set_result(None))
    try:
        async with asyncio.timeout(180):
            await ready
        loop.remove_reader(slot.box.control)
        slot.await_ready()
    except BaseException as error:
        loop.remove_reader(slot.box.control)
        slot.close()
        if isinstance(error, TimeoutError):
            raise JudgeProblem(f"{framework} 三分钟还没有导入完") from None
        raise
    slot.start_s = time.monotonic() - began
    return slot


async def _in_fork(slot: Slot, plan: Plan, emit: Emit, *, run_all: bool) -> tuple[Report, bool]:
    """Grade in a forked child. What it learns comes back as lines on a pipe that only it can write to."""
    link = Link(slot, plan.problem)
    link.start()  # first, so that the box takes it up while we fork
    report: Report | None = None
    reusable, internal = False, "判题进程意外退出"
    async with _grader(link, plan, run_all=run_all) as lines:
        async for line in lines:
            head, _, body = line.partition(b" ")
            if head == b"event":
                event = EVENTS.validate_json(body)
                report = event.report if isinstance(event, ReportEvent) else report
                emit(event)
            else:
                done = json.loads(body)
                internal, reusable = done["internal"], done["reusable"]
    if report is None:
        raise JudgeProblem(internal)
    return report, reusable


@contextlib.asynccontextmanager
async def _grader(link: Link, plan: Plan, *, run_all: bool) -> AsyncIterator[asyncio.StreamReader]:
    """A forked grader on a started link, and what it says. It ends with the block, also when that is never entered."""
    try:
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            ours.close()
            _grade_and_exit(link, plan, theirs, run_all=run_all)
        theirs.close()
    finally:
        link.let_go()
    try:
        reader, writer = await asyncio.open_connection(sock=ours, limit=_LINE_LIMIT)  # cancelled, it closes its end itself
        with contextlib.closing(writer):
            yield reader
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


class _Teller:
    """Sends events on. Checks that take no time go together: every line sent wakes three processes up, on the learner's clock."""

    def __init__(self, out: socket.socket) -> None:
        self._out = out
        self._held = b""
        self._since = 0.0

    def __call__(self, event: Event) -> None:
        self._held += b"event " + event.model_dump_json().encode() + b"\n"
        now = time.monotonic()
        if not isinstance(event, CheckEvent) or now - self._since > _TOGETHER_S:
            self._out.sendall(self._held)
            self._held, self._since = b"", now


def _grade_and_exit(link: Link, plan: Plan, out: socket.socket, *, run_all: bool) -> None:
    """The forked grader. Never returns."""
    # The parent's tasks stand still in here. A collection that took one would run its `finally`, which ends a box that is not ours.
    gc.freeze()
    try:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        null = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(null, fd)

        emit = _Teller(out)
        done: dict[str, Any] = {"reusable": False, "internal": None}
        try:
            report, finish = judge_on(link, plan, emit, run_all=run_all)
            emit(ReportEvent(report=report))
            done["reusable"] = finish()
        except (JudgeProblem, UsageProblem) as problem:
            done["internal"] = clean(str(problem))
        except Exception as error:
            done["internal"] = clean(f"{type(error).__name__}: {error}")
        out.sendall(b"done " + json.dumps(done).encode() + b"\n")
    finally:
        os._exit(0)


def preload() -> None:
    """Load what every grader needs before the first fork, and keep its pages shared."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    rehearse()
    gc.collect()
    gc.freeze()
