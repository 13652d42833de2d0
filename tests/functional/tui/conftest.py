"""A small bank, a fixed clock, a real progress file and a scripted judge: enough to run any screen."""

import asyncio
import datetime as dt
import difflib
import functools
import os
from pathlib import Path

import pytest

from judge import verdict
from question_bank.loader import load_bank
from quizapp.app import QuizApp
from quizapp.commands.in_use import use
from quizapp.progress import Progress
from quizapp.services import Opened, Services

HERE = Path(__file__).parent
GOLDEN = Path(__file__).parents[2] / "snapshots"
EAST_8 = dt.timezone(dt.timedelta(hours=8))


class Clock:
    """Stands still until told otherwise."""

    def __init__(self):
        self.now = dt.datetime(2026, 7, 3, 22, 10, tzinfo=EAST_8)

    def __call__(self):
        return self.now

    def advance(self, **span):
        self.now += dt.timedelta(**span)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(scope="session")
def bank():
    return load_bank(HERE / "bank")


@pytest.fixture
def progress(tmp_path, clock):
    with Progress.open(tmp_path / "progress.db", clock) as opened:
        yield opened


@pytest.fixture(autouse=True)
def usual_keys():
    yield
    use({})


@pytest.fixture(autouse=True)
def workspace(tmp_path, monkeypatch):
    folder = tmp_path / "ws"
    monkeypatch.setenv("QUIZAPP_WORKSPACE", str(folder))
    monkeypatch.setenv("QUIZAPP_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.delenv("VISUAL", raising=False)
    return folder


CHECKS = (
    ("contract", "输出形状是 (N, 10)", "AC"),
    ("training", "损失下降", "AC"),
    ("training", "测试准确率", "WA"),
)


def report(request, checks=(), result="WA", **more):
    score = {"AC": 100}.get(result, 40)
    return verdict.Report(
        verdict=result, score=score, problem=request.problem, framework=request.framework, device="cpu", sandbox="bwrap",
        isolated=True, seed=7, timings=verdict.Timings(total_s=12.3, peak_mib=612), checks=tuple(checks), **more,
    )  # fmt: skip


class ScriptedJudge:
    """Emits a short training run; `hold` keeps it running until released, `fail` makes it raise."""

    def __init__(self):
        self.requests = []
        self.hold = asyncio.Event()
        self.hold.set()
        self.fail = None
        self.cancelled = False
        self.result = "WA"
        self.more = {"output": "epoch 1 loss 2.1 [bold]x[/bold]", "location": verdict.Location(line=3, text="    x = y[0]")}

    async def __call__(self, request, on_event):
        self.requests.append(request)
        if self.fail is not None:
            raise self.fail
        checks = []
        on_event(verdict.PhaseEvent(phase="import", title="加载代码"))
        for number, (group, title, status) in enumerate(CHECKS):
            on_event(verdict.PhaseEvent(phase=group, title=group))
            for step in range(20):
                on_event(
                    verdict.ProgressEvent(unit="step", step=step, values={"loss": 2.3 * 0.9**step, "accuracy": 1 - 0.9**step})
                )
            on_event(verdict.UsageEvent(elapsed_s=number + 1, cpu_s=number + 0.5, memory_mib=412))
            checks.append(self._check(number, group, title, status))
            on_event(verdict.CheckEvent(result=checks[-1]))
        try:
            await self.hold.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        done = report(request, checks, self.result, **self.more)
        on_event(verdict.ReportEvent(report=done))
        return done

    def _check(self, number, group, title, status):
        if status == "AC" or self.result == "AC":
            return verdict.CheckResult(id=f"c{number}", group=group, title=title, status="AC")
        metric = verdict.Metric(name="准确率", value=0.913, op=">=", threshold=0.97)
        return verdict.CheckResult(
            id=f"c{number}", group=group, title=title, status=status, metrics=(metric,), diagnosis="每步没有清零梯度"
        )


@pytest.fixture
def judge():
    return ScriptedJudge()


async def no_warming(problem, framework):
    """A judge that has nothing to warm."""


@pytest.fixture
def make_app(bank, progress, judge, clock):
    def make(**options):
        opened = Opened(options.pop("bank", bank), progress, clock, read_only=options.pop("read_only", ""))
        services = Services(
            lambda: opened, judge, no_warming, **{key: options.pop(key) for key in ("public",) if key in options}
        )
        app = QuizApp(services, **options)
        app.animation_level = "none"
        app.run_test = functools.partial(app.run_test, notifications=True)
        return app

    return make


def shown(app):
    """What stands on the screen, line by line."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


@pytest.fixture
def text():
    return shown


async def settle(pilot, condition=None, tries=500):
    """Wait until workers and messages are through, or until `condition` holds; long enough for a machine that is busy."""
    for _ in range(tries):
        await pilot.pause()
        if condition is not None and condition():
            return
        if condition is None and all(worker.is_finished for worker in pilot.app.workers):
            await pilot.pause()
            return
        await asyncio.sleep(0.02)
    assert condition is None or condition(), shown(pilot.app)


@pytest.fixture
def wait():
    return settle


@pytest.fixture
def golden(request):
    """Compare with the file of that name in tests/snapshots; `QUIZAPP_UPDATE_SNAPSHOTS=1` writes it anew."""

    def check(content, name):
        path = GOLDEN / name
        if os.environ.get("QUIZAPP_UPDATE_SNAPSHOTS"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content + "\n", encoding="utf-8")
            return
        assert path.exists(), f"{path} 还没有：用 QUIZAPP_UPDATE_SNAPSHOTS=1 生成"
        expected = path.read_text(encoding="utf-8").removesuffix("\n")
        diff = "\n".join(difflib.unified_diff(expected.splitlines(), content.splitlines(), "expected", "shown", lineterm=""))
        assert not diff, f"\n{diff}"

    return check
