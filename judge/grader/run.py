"""One submission from request to report: choose the framework and the box, load the file, run the checks, compute the verdict."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from judge.grader.failures import CheckFailed, JudgeProblem, UsageProblem
from judge.grader.link import Link
from judge.grader.plugin import GraderPlugin, Run, run_checks
from judge.grader.prepare import Plan
from judge.grader.rules import enforce
from judge.grader.slot import Slot
from judge.grader.submission import Submission
from judge.verdict import Artifact, CheckResult, Event, PhaseEvent, Report, Timings, Verdict
from question_bank.models import CheckGroup

CHECKS = Path(__file__).resolve().parent.parent / "checks"


def judge_on(slot: Slot, plan: Plan, emit: Callable[[Event], None], *, run_all: bool = False) -> tuple[Report, bool]:
    """Judge a planned submission on a slot. Returns the report and whether the slot may serve again."""
    began = time.monotonic()
    seed = plan.seed if plan.seed is not None else secrets.randbits(53)
    outcome = _Outcome(plan, slot, seed)
    link = Link(slot, plan.problem, emit)
    reusable = False
    try:
        link.start()
        emit(PhaseEvent(phase="import", title="加载你的代码"))
        outcome.import_s = link.load(plan.source, plan.filename, plan.entries, _worker_seed(seed))
        enforce(plan.source, plan.problem.rules)
        submission = Submission(link, framework=plan.framework, device=plan.device)
        plugin = GraderPlugin(submission, plan.problem, seed, emit, run_all=run_all)
        outcome.run = run_checks(checks_folder(plan.problem.topic, plan.problem.id), plugin)
        outcome.artifacts = tuple(plugin.check.artifacts)
        reusable = link.finish()
    except CheckFailed as failure:
        outcome.failure = failure
        reusable = link.broken is None and link.finish()
    except JudgeProblem as problem:
        outcome.run.internal = str(problem)
    outcome.total_s = time.monotonic() - began
    return outcome.report(link), reusable


def checks_folder(topic: str, problem: str) -> Path:
    """Where a problem's hidden checks lie."""
    folder = CHECKS / topic / problem
    if not folder.is_dir():
        raise UsageProblem(f"题目 {problem} 还没有判题检查")
    return folder


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


__all__ = ["Event", "checks_folder", "judge_on", "score"]
