"""The pytest plugin: gives checks their fixtures and keeps the only count of outcomes that the verdict is made of."""

from __future__ import annotations

import contextlib
import os
import re
import zlib
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from judge.clean import clean
from judge.grader.check import Check
from judge.grader.failures import CheckFailed, JudgeProblem, SubmissionFailed
from judge.grader.submission import Submission
from judge.verdict import CheckEvent, CheckResult, Event, Location, PhaseEvent, Verdict
from question_bank.models import Coding

_REHEARSAL = Path(__file__).resolve().parent / "rehearsal"
_FILE = re.compile(r"^test_\d+_(\w+)\.py$")
# What takes longer than the checks of an operator (garbage collections, a log handler per phase), and what a verdict has no use for.
_SLOW = ("unraisableexception", "threadexception", "logging", "warnings", "faulthandler")
_OUTPUT = ("terminal", "junitxml", "cacheprovider", "pastebin", "debugging")
_STYLES = (
    "doctest",
    "unittest",
    "skipping",
    "stepwise",
    "setuponly",
    "setupplan",
    "legacypath",
    "recwarn",
    "tmpdir",
    "monkeypatch",
)


@dataclass
class Run:
    """What one pytest run found out."""

    collected: list[str] = field(default_factory=list)
    results: list[CheckResult] = field(default_factory=list)
    location: Location | None = None
    detail: str | None = None
    internal: str | None = None
    """Why the judge itself failed, if it did."""


class GraderPlugin:
    """Fixtures and bookkeeping of one run. `load` gives the submission once the checks are collected; `run_all` goes on after a failed group."""

    def __init__(
        self,
        load: Callable[[], Submission],
        problem: Coding,
        seed: int,
        emit: Callable[[Event], None],
        *,
        run_all: bool = False,
    ) -> None:
        self.run = Run()
        self.check = Check()
        self.refused: CheckFailed | JudgeProblem | None = None
        """Why no check was run, if none was."""
        self._load = load
        self._submission: Submission | None = None
        self._problem = problem
        self._seed = seed
        self._emit = emit
        self._run_all = run_all
        self._group: str | None = None
        self._failed_group: str | None = None
        self._fatal = False
        self._told: set[int] = set()
        self._failure: CheckFailed | None = None
        self._passed = False

    @pytest.fixture(name="submission", scope="session")
    def _fixture_submission(self) -> Submission | None:
        return self._submission

    @pytest.fixture(name="problem", scope="session")
    def _fixture_problem(self) -> Coding:
        return self._problem

    @pytest.fixture(name="check")
    def _fixture_check(self) -> Check:
        return self.check

    @pytest.fixture(name="session_check", scope="session")
    def _fixture_session_check(self) -> Check:
        return self.check

    @pytest.fixture(name="rng")
    def _fixture_rng(self, request: pytest.FixtureRequest) -> np.random.Generator:
        return np.random.default_rng([self._seed, zlib.crc32(request.node.name.encode())])

    @pytest.fixture(name="session_rng", scope="session")
    def _fixture_session_rng(self) -> np.random.Generator:
        return np.random.default_rng([self._seed])

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """The number of checks a run must account for."""
        self.run.collected = [item.nodeid for item in session.items]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self) -> bool | None:
        """Load the submission. What cannot be loaded is not checked."""
        try:
            self._submission = self._load()
            self.check.device = self._submission.device if self._submission else "cpu"
        except (CheckFailed, JudgeProblem) as failure:
            self.refused = failure
            return True
        return None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Around one check: announce its group, run it, record it."""
        group = self._group_of(item)
        if group != self._group:
            self._group = group
            self._emit(PhaseEvent(phase=group, title=self._group_title(group)))
        self.check.begin()
        self._failure, self._passed = None, False
        try:
            return (yield)
        finally:
            self._record(item, group)

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Skip what need not or cannot run any more."""
        blocked = self._failed_group is not None and self._failed_group != self._group_of(item) and not self._run_all
        if self._fatal or blocked:
            pytest.skip("earlier failure")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
        """Only exceptions of ours are findings; any other is a fault of the judge."""
        error = call.excinfo.value if call.excinfo else None
        if isinstance(error, CheckFailed):
            self._failure = error
        elif isinstance(error, JudgeProblem):
            self.run.internal, self._fatal = str(error), True
        elif error is not None and not isinstance(error, pytest.skip.Exception):
            self.run.internal = clean(f"{item.name}: {type(error).__name__}: {error}", 1000)
        elif call.when == "call" and error is None:
            self._passed = True
        return (yield)

    def _record(self, item: pytest.Item, group: str) -> None:
        failure = self._failure
        if failure is not None and id(failure) not in self._told:
            result = self._failed(item, group, failure)
        else:
            status = Verdict.AC if self._passed and failure is None else Verdict.SK
            result = CheckResult(
                id=item.name, group=group, title=_title(item), status=status, metrics=tuple(self.check.metrics)
            )
        self.run.results.append(result)
        self._emit(CheckEvent(result=result))

    def _failed(self, item: pytest.Item, group: str, failure: CheckFailed) -> CheckResult:
        # A session fixture that failed is raised again for every check that wants it: only the first is told.
        self._told.add(id(failure))
        if self._failed_group is None:
            self._failed_group = group
            self.run.location, self.run.detail = failure.location, failure.detail
        self._fatal = self._fatal or (isinstance(failure, SubmissionFailed) and failure.fatal)
        return CheckResult(
            id=item.name,
            group=group,
            title=_title(item),
            status=failure.verdict,
            metrics=tuple(self.check.metrics),
            diagnosis=clean(failure.diagnosis, 500) if failure.diagnosis else None,
            message=clean(failure.message, 1000) if failure.message else None,
        )

    def _group_of(self, item: pytest.Item) -> str:
        match = _FILE.match(Path(item.path).name)
        return match.group(1) if match else "other"

    def _group_title(self, group: str) -> str:
        return next((g.title for g in self._problem.groups if g.id == group), group)


def _title(item: pytest.Item) -> str:
    doc = getattr(getattr(item, "function", None), "__doc__", None) or item.name
    return " ".join(str(doc).split())


def run_checks(folder: Path, plugin: GraderPlugin, *, script: bool = False) -> Run:
    """Run the hidden checks of one problem (those in `script/` for a plain script), seeing no configuration, cache or plugin but ours."""
    arguments = [
        *([str(folder / "script")] if script else [str(folder), f"--ignore={folder / 'script'}"]),
        "-s",
        "--assert=plain",
        "--import-mode=importlib",
        f"--rootdir={folder}",
        f"--confcutdir={folder}",
        "-c",
        "/dev/null",
        *(f"-pno:{name}" for name in (*_SLOW, *_OUTPUT, *_STYLES)),
    ]
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    code = pytest.main(arguments, plugins=[plugin])
    run = plugin.run
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) and run.internal is None:
        run.internal = f"检查没有跑完（pytest 退出码 {int(code)}）"
    return run


def rehearse() -> None:
    """Run one check of nothing, so that what pytest, NumPy and the comparisons load lazily is loaded."""
    nobody, no_problem = cast("Submission", None), cast("Coding", SimpleNamespace(groups=()))
    plugin = GraderPlugin(lambda: nobody, no_problem, 0, lambda _: None)
    with open(os.devnull, "w") as null, contextlib.redirect_stdout(null), contextlib.redirect_stderr(null):
        run = run_checks(_REHEARSAL, plugin)
    if [result.status for result in run.results] != [Verdict.AC]:
        raise JudgeProblem(f"判题机预演没有通过：{run.internal or run.results}")
