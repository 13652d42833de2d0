"""The hidden checks: collected by pytest, run here, and counted."""

from __future__ import annotations

import contextlib
import functools
import itertools
import os
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from judge.clean import clean
from judge.grader.check import Check
from judge.grader.failures import CheckFailed, JudgeProblem, SubmissionFailed
from judge.grader.submission import Submission
from judge.verdict import CheckEvent, CheckResult, Event, Location, PhaseEvent, Verdict
from question_bank.models import Coding

_ROOT = Path(__file__).resolve().parents[2]
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


class Checks:
    """The plugin under which the checks of a problem are collected, once for all runs: it gives them their fixtures, from the run that goes on."""

    def __init__(self) -> None:
        self.items: list[pytest.Item] = []
        self.going: CheckRun

    @pytest.fixture(name="submission", scope="session")
    def _fixture_submission(self) -> Submission | None:
        return self.going.submission

    @pytest.fixture(name="problem", scope="session")
    def _fixture_problem(self) -> Coding:
        return self.going.problem

    @pytest.fixture(name="check")
    def _fixture_check(self) -> Check:
        return self.going.check

    @pytest.fixture(name="session_check", scope="session")
    def _fixture_session_check(self) -> Check:
        return self.going.check

    @pytest.fixture(name="rng")
    def _fixture_rng(self) -> np.random.Generator:
        # Not by `request`: pytest makes one for every fixture of a check that has one which asks.
        return np.random.default_rng([self.going.seed, zlib.crc32(self.going.name.encode())])

    @pytest.fixture(name="session_rng", scope="session")
    def _fixture_session_rng(self) -> np.random.Generator:
        return np.random.default_rng([self.going.seed])

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """These are all."""
        self.items = list(session.items)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self) -> bool:
        """None is run now."""
        return True


class CheckRun:
    """One submission and the checks of its problem: runs them, and keeps the only count of outcomes that the verdict is made of.

    `load` gives the submission once the checks are collected; `run_all` goes on after a failed group. A process runs the checks of a problem once:
    what their session fixtures found is kept.
    """

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
        self.submission: Submission | None = None
        self.problem = problem
        self.seed = seed
        self._load = load
        self._emit = emit
        self._run_all = run_all
        self._group: str | None = None
        self._failed_group: str | None = None
        self._fatal = False
        self._told: set[int] = set()
        self._failure: CheckFailed | None = None
        self._passed = False
        self.name = ""
        """Of the check that is on."""

    def go(self, checks: Checks) -> Run:
        """Load the submission, and run the checks on it. What cannot be loaded is not checked."""
        checks.going = self
        self.run.collected = [item.nodeid for item in checks.items]
        try:
            self.submission = self._load()
            self.check.device = self.submission.device if self.submission else "cpu"
        except (CheckFailed, JudgeProblem) as failure:
            self.refused = failure
            return self.run
        for item, following in itertools.zip_longest(checks.items, checks.items[1:]):
            self._one(item, following)
        return self.run

    def _one(self, item: pytest.Item, following: pytest.Item | None) -> None:
        """One check: announce its group, run it, record it. Skipped is what need not or cannot run any more."""
        group = self._group_of(item)
        if group != self._group:
            self._group = group
            self._emit(PhaseEvent(phase=group, title=self._group_title(group)))
        self.check.begin()
        self.name = item.name
        self._failure, self._passed = None, False
        blocked = self._failed_group is not None and self._failed_group != group and not self._run_all
        if not self._fatal and not blocked:
            self._passed = self._watched(item, lambda: _prepare_and_run(item))
            self._watched(item, lambda: _tear_down(item, following))
        self._record(item, group)

    def _watched(self, item: pytest.Item, step: Callable[[], None]) -> bool:
        """Whether it went through. Only exceptions of ours are findings; any other is a fault of the judge."""
        try:
            step()
        except CheckFailed as failure:
            self._failure = failure
        except JudgeProblem as problem:
            self.run.internal, self._fatal = str(problem), True
        except pytest.skip.Exception:
            pass
        except (Exception, pytest.fail.Exception) as error:
            self.run.internal = clean(f"{item.name}: {type(error).__name__}: {error}", 1000)
        else:
            return True
        return False

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
        return next((g.title for g in self.problem.groups if g.id == group), group)


def _title(item: pytest.Item) -> str:
    doc = getattr(getattr(item, "function", None), "__doc__", None) or item.name
    return " ".join(str(doc).split())


def _prepare_and_run(item: pytest.Item) -> None:
    """What `_pytest.runner` does in its phases, less a report of each: 29 checks of an operator took longer to report than to run."""
    item.session._setupstate.setup(item)
    item.runtest()


def _tear_down(item: pytest.Item, following: pytest.Item | None) -> None:
    """Of the fixtures those that the following check does not share."""
    item.session._setupstate.teardown_exact(following)


@functools.lru_cache
def collect(folder: Path, *, script: bool) -> Checks:
    """The hidden checks of one problem (those in `script/` for a plain script), seeing no configuration, cache or plugin but ours.

    Raises `JudgeProblem`.
    """
    arguments = [
        *([str(folder / "script")] if script else [str(folder), f"--ignore={folder / 'script'}"]),
        "-s",
        "--assert=plain",
        "--import-mode=importlib",
        f"--rootdir={_ROOT}",  # modules are named after their place below it: those of two problems must not have one name
        f"--confcutdir={folder}",
        "-c",
        "/dev/null",
        *(f"-pno:{name}" for name in (*_SLOW, *_OUTPUT, *_STYLES)),
    ]
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    checks = Checks()
    code = pytest.main(arguments, plugins=[checks])
    if code != pytest.ExitCode.OK:
        raise JudgeProblem(f"检查没有收集完（pytest 退出码 {int(code)}）")
    return checks


def rehearse() -> None:
    """Run one check of nothing, so that what pytest, NumPy and the comparisons load lazily is loaded."""
    nobody, no_problem = cast("Submission", None), cast("Coding", SimpleNamespace(groups=()))
    with open(os.devnull, "w") as null, contextlib.redirect_stdout(null), contextlib.redirect_stderr(null):
        run = CheckRun(lambda: nobody, no_problem, 0, lambda _: None).go(collect(_REHEARSAL, script=False))
    if [result.status for result in run.results] != [Verdict.AC]:
        raise JudgeProblem(f"判题机预演没有通过：{run.internal or run.results}")
