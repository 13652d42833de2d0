"""One submission from request to report: choose the framework and the box, load the file, run the checks, compute the verdict."""

from __future__ import annotations

import base64
import functools
import hashlib
import importlib
import json
import secrets
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from judge.clean import clean_line
from judge.grader.failures import CheckFailed, JudgeProblem, NotReady, UsageProblem
from judge.grader.link import Link
from judge.grader.plugin import CheckRun, Run, collect
from judge.grader.prepare import Plan
from judge.grader.rules import enforce
from judge.grader.slot import Slot
from judge.grader.submission import Submission
from judge.verdict import Artifact, CheckResult, Event, PhaseEvent, ProgressEvent, Report, Timings, Verdict
from question_bank.models import CheckGroup, Coding

_PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_CURVE_POINTS = 200
NOT_READY = "start"
"""`Report.detail` of a run in which nothing of the learner's was read."""
CHECKS = Path(__file__).resolve().parent.parent / "checks"


Finish = Callable[[], bool]


def judge_on(link: Link, plan: Plan, emit: Callable[[Event], None], *, run_all: bool = False) -> tuple[Report, Finish]:
    """Judge a planned submission over a started link.

    Returns the report, and what is left to do once it is on its way: hang up, and say whether the slot may serve again.
    """
    began = time.monotonic()
    seed = plan.seed if plan.seed is not None else secrets.randbits(53)
    outcome = _Outcome(plan, link.slot, seed)
    link.emit = emit
    try:
        emit(PhaseEvent(phase="import", title="运行你的脚本" if plan.script else "加载你的代码"))
        # The box forks meanwhile; what an engine judges with has its checks collected before.
        load = functools.partial(_load, link, plan, _worker_seed(seed), outcome)
        checks = CheckRun(load, plan.problem, seed, emit, run_all=run_all)
        outcome.run = checks.go(collect(checks_folder(plan.problem.topic, plan.problem.id), script=plan.script))
        if checks.refused:
            raise checks.refused
        if plan.script and link.broken is None:
            checks.check.artifacts.extend([*_curve(link.curve), *_pictures(link)])
        outcome.artifacts = tuple(checks.check.artifacts)
        link.settle()
    except CheckFailed as failure:
        outcome.failure = failure
        link.settle()
    except JudgeProblem as problem:
        outcome.run.internal = str(problem)
        outcome.run.detail = NOT_READY if isinstance(problem, NotReady) else None
    outcome.total_s = time.monotonic() - began
    return outcome.report(link), link.finish


def _load(link: Link, plan: Plan, seed: int, outcome: _Outcome) -> Submission:
    """Load the file and enforce the rules; a script is run to its end here."""
    link.confirm()
    if not plan.script:
        outcome.import_s = link.load(plan.source, plan.filename, plan.entries, seed)
        enforce(plan.source, plan.problem.rules)
        return Submission(link, framework=plan.framework, device=plan.device)
    data = importlib.import_module(f"judge.checks.{plan.problem.topic}.{plan.problem.id}.script_data")
    model = link.run_script(plan.source, plan.filename, data.training_data(), seed)
    enforce(plan.source, plan.problem.rules)
    return Submission(link, framework=plan.framework, device=plan.device, script_model=model)


def _pictures(link: Link) -> list[Artifact]:
    """What the script drew. Only the first bytes are looked at here; whoever shows a picture decodes it under its own caps."""
    found = link.request("pictures")
    kept = []
    for entry in found if isinstance(found, list) else []:
        if isinstance(entry, tuple) and len(entry) == 2 and isinstance(entry[0], str) and isinstance(entry[1], np.ndarray):
            data = entry[1].tobytes()
            kind = next((media for magic, media in _PICTURES.items() if data.startswith(magic)), None)
            if kind:
                name = clean_line(Path(entry[0]).name, 60)
                kept.append(Artifact(name=name, kind="image", media_type=kind, data=base64.b64encode(data).decode()))
    return kept


def _curve(points: Sequence[ProgressEvent]) -> list[Artifact]:
    """A script hands no history over: the curve is what the worker's hooks saw, by epochs where there were any, thinned out where it is long."""
    chosen = [point for point in points if point.unit == "epoch"] or list(points)
    series: dict[str, list[float]] = {}
    for point in chosen[:: len(chosen) // _CURVE_POINTS + 1]:
        for name, value in point.values.items():
            series.setdefault(clean_line(name, 40), []).append(value)
    return [Artifact(name="训练曲线", kind="curve", media_type="application/json", data=json.dumps(series))] if series else []


def checks_folder(topic: str, problem: str) -> Path:
    """Where a problem's hidden checks lie."""
    folder = CHECKS / topic / problem
    if not folder.is_dir():
        raise UsageProblem(f"题目 {problem} 还没有判题检查")
    return folder


def load_checks(problem: Coding) -> None:
    """Import what the checks of a problem import from beside them (oracles, generators), and collect them. Raises `JudgeProblem`."""
    folder = checks_folder(problem.topic, problem.id)
    for path in sorted(folder.glob("*.py")):
        if not path.name.startswith(("test_", "conftest", "__")):
            importlib.import_module(f"judge.checks.{problem.topic}.{problem.id}.{path.stem}")
    collect(folder, script=False)
    if problem.script_mode:
        collect(folder, script=True)


def _worker_seed(seed: int) -> int:
    """The learner's own generators are seeded from the run's seed, in a way that does not give it away."""
    return int.from_bytes(hashlib.sha256(b"worker:%d" % seed).digest()[:4], "little")


class _Outcome:
    """Gathers what is known while a run goes on; `report` turns it into the verdict."""

    def __init__(self, plan: Plan, slot: Slot, seed: int) -> None:
        self._plan = plan
        self._slot = slot
        self._seed = seed
        self.run = Run()
        self.failure: CheckFailed | None = None
        self.artifacts: tuple[Artifact, ...] = ()
        self.import_s = 0.0
        self.total_s = 0.0

    def report(self, link: Link) -> Report:
        """The report. AC only when every collected check is accounted for and passed."""
        verdict, message = self._verdict()
        tier = self._slot.box.tier
        failure = self.failure
        return Report(
            verdict=verdict,
            score=100.0 if verdict is Verdict.AC else score(self.run.results, self._plan.problem.groups),
            problem=self._plan.problem.id,
            framework=self._plan.framework,
            device=self._plan.device,
            sandbox=tier,
            isolated=tier != "process",
            seed=self._seed,
            versions=self._slot.versions,
            timings=Timings(
                total_s=round(self.total_s + self._slot.start_s, 3),
                start_s=round(self._slot.start_s, 3),
                import_s=round(self.import_s, 3),
                run_s=round(max(0.0, self.total_s - self.import_s), 3),
                cpu_s=round(link.cpu_s, 3),
                peak_mib=round(link.peak_mib, 1),
            ),
            artifacts=self.artifacts,
            checks=tuple(self.run.results),
            detail=failure.detail if failure else self.run.detail,
            message=message,
            location=failure.location if failure else self.run.location,
            output=link.output,
        )

    def _verdict(self) -> tuple[Verdict, str | None]:
        if self.run.internal:
            return Verdict.IE, f"判题机自身出错，不算你的一次提交：{self.run.internal}"
        if self.failure:
            return self.failure.verdict, _sentence(self.failure.diagnosis, self.failure.message)
        results = self.run.results
        first = next((r for r in results if r.status not in (Verdict.AC, Verdict.SK)), None)
        if first:
            return first.status, _sentence(first.diagnosis, first.message)
        passed = sum(r.status is Verdict.AC for r in results)
        if not self.run.collected or passed != len(self.run.collected):
            return Verdict.IE, f"判题机自身出错：{len(self.run.collected)} 项检查只有 {passed} 项有结果"
        return Verdict.AC, None


def score(results: Sequence[CheckResult], groups: Sequence[CheckGroup]) -> float:
    """0..100: each group's weight times the share of its checks that passed. Below 100 unless all passed."""
    total = sum(group.weight for group in groups) or 1.0
    points = 0.0
    for group in groups:
        own = [r for r in results if r.group == group.id]
        points += group.weight * (sum(r.status is Verdict.AC for r in own) / len(own) if own else 0.0)
    return round(min(100.0 * points / total, 99.0), 1)


def _sentence(diagnosis: str | None, message: str | None) -> str | None:
    return "。".join(part.rstrip("。") for part in (diagnosis, message) if part) or None


__all__ = ["Event", "checks_folder", "judge_on", "load_checks", "score"]
