"""The engine's own decisions, without a box."""

import asyncio
import gc
import os
import socket
import time
from types import SimpleNamespace

import psutil
import pytest

from judge.grader import engine
from judge.grader.failures import JudgeProblem
from judge.verdict import PhaseEvent, Report, ReportEvent, Request, Verdict
from question_bank.models import Limits

SOURCE = b"def scaled_dot_product_attention(query, key, value, mask=None):\n    return value\n"


class Slot:
    """A slot that is never reused."""

    def close(self):
        self.closed = True


def told(verdict, framework, detail=None):
    return Report(
        verdict=verdict, score=0, problem="scaled_dot_product_attention", framework=framework, device="cpu", sandbox="bwrap",
        isolated=True, seed=1, detail=detail,
    )  # fmt: skip


async def judged(monkeypatch, framework, *reports):
    """What a submission gets when its runs end like `reports`, and the events that were told."""
    runs, events = list(reports), []

    async def in_fork(slot, plan, emit, *, run_all):
        report = runs.pop(0)
        emit(ReportEvent(report=report))
        return report, False

    async def start(key):
        return Slot()

    monkeypatch.setattr(engine, "_in_fork", in_fork)
    monkeypatch.setattr(engine, "_start", start)
    monkeypatch.setattr(engine, "choose_tier", lambda tier: "bwrap")
    monkeypatch.setattr(engine, "require_data", lambda problem: None)
    request = Request(problem="scaled_dot_product_attention", source=SOURCE, framework=framework)
    report = await engine.Engine(size=1).judge(request, events.append)
    assert not runs
    return report, events


async def test_tensorflow_that_stood_still_is_run_once_more_and_told_once(monkeypatch):
    pytest.importorskip("tensorflow")
    stalled, right = told(Verdict.TLE, "tensorflow", "wall"), told(Verdict.AC, "tensorflow")

    report, events = await judged(monkeypatch, "tensorflow", stalled, right)

    assert report.verdict is Verdict.AC
    assert [event.report.verdict for event in events if isinstance(event, ReportEvent)] == [Verdict.AC]
    assert "再跑一次" in [event.title for event in events if isinstance(event, PhaseEvent)][-1]


@pytest.mark.parametrize("framework", ["torch", "tensorflow"])
async def test_a_process_that_did_not_come_up_is_tried_in_another_box(monkeypatch, framework):
    pytest.importorskip(framework)
    unready, right = told(Verdict.IE, framework, "start"), told(Verdict.AC, framework)

    report, events = await judged(monkeypatch, framework, unready, right)

    assert report.verdict is Verdict.AC
    assert [event.report.verdict for event in events if isinstance(event, ReportEvent)] == [Verdict.AC]


async def test_a_process_that_never_comes_up_is_the_judges_fault(monkeypatch):
    pytest.importorskip("torch")
    unready = told(Verdict.IE, "torch", "start")

    report, _ = await judged(monkeypatch, "torch", unready, unready)

    assert report.verdict is Verdict.IE


async def test_who_stands_still_twice_sleeps(monkeypatch):
    pytest.importorskip("tensorflow")
    stalled = told(Verdict.TLE, "tensorflow", "wall")

    report, events = await judged(monkeypatch, "tensorflow", stalled, stalled)

    assert report.verdict is Verdict.TLE
    assert sum(isinstance(event, ReportEvent) for event in events) == 1


@pytest.mark.parametrize(("framework", "detail"), [("torch", "wall"), ("tensorflow", "cpu"), ("torch", "start")])
async def test_nothing_else_is_run_again(monkeypatch, framework, detail):
    pytest.importorskip(framework)

    report, _ = await judged(monkeypatch, framework, told(Verdict.TLE, framework, detail))

    assert report.verdict is Verdict.TLE


class Link:
    """A link to nobody."""

    def __init__(self, slot, problem):
        pass

    def start(self):
        pass

    def let_go(self):
        pass


class Ring:
    """Garbage that only a collection finds, and that says so: it stands for a task of the parent's that waits in the fork for ever."""

    def __init__(self, told):
        self.me, self.told = self, told

    def __del__(self):
        with open(self.told, "a") as file:
            file.write(f"{os.getpid()}\n")


async def test_a_forked_grader_leaves_what_is_its_parents_alone(monkeypatch, tmp_path):
    """A task collected there would run its `finally`, and end the box of another submission."""
    seen = tmp_path / "collected"
    report = told(Verdict.AC, "torch")

    def judge_on(link, plan, emit, *, run_all):
        gc.collect()
        return report, lambda: True

    monkeypatch.setattr(engine, "judge_on", judge_on)
    monkeypatch.setattr(engine, "Link", Link)
    gc.disable()
    try:
        Ring(seen)
        found, reusable = await engine._in_fork(Slot(), SimpleNamespace(problem=None), lambda _: None, run_all=False)
    finally:
        gc.enable()
        gc.collect()

    assert (found, reusable) == (report, True)
    assert seen.read_text().split() == [str(os.getpid())]


async def test_who_hangs_up_at_once_leaves_no_grader(monkeypatch):
    """Cancelled after the fork, before the first thing was heard."""
    before = set(psutil.Process().children())
    monkeypatch.setattr(engine, "judge_on", lambda link, plan, emit, *, run_all: time.sleep(60))
    monkeypatch.setattr(engine, "Link", Link)
    run = asyncio.create_task(engine._in_fork(Slot(), SimpleNamespace(problem=None), lambda _: None, run_all=False))
    while not (graders := set(psutil.Process().children()) - before):
        await asyncio.sleep(0)
    run.cancel()

    with pytest.raises(asyncio.CancelledError):
        await run
    assert not [grader for grader in graders if grader.is_running()]


async def test_a_box_that_ended_is_said_and_nothing_stays_open():
    ours, theirs = socket.socketpair()
    theirs.close()
    box = SimpleNamespace(
        own=lambda: [-1],
        host_folder=None,
        scratch="/nowhere",
        clean=(),
        confinement={},
        control=ours,
        stderr_tail=lambda: "killed",
    )
    slot, problem = SimpleNamespace(box=box), SimpleNamespace(limits=Limits(cpu_s=1, wall_s=1))
    gc.collect()
    before = psutil.Process().num_fds()

    with pytest.raises(JudgeProblem, match="killed"):
        await engine._in_fork(slot, SimpleNamespace(problem=problem), lambda _: None, run_all=False)
    assert psutil.Process().num_fds() == before
    ours.close()
