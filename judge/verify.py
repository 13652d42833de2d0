"""Proving a problem package: every file under `solutions/` gets the verdict, from the check and with the diagnosis, that its author named.

Rules: accepted files are AC on every fresh seed; a wrong file fails first in its named check with its named diagnosis; every check function
is failed by at least one wrong file; the starter is never AC.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, field_validator

from judge.grader.engine import Engine
from judge.grader.failures import UsageProblem
from judge.grader.single import find_problem
from judge.verdict import CheckResult, Event, FrameworkName, Report, Request, TierName, Verdict
from question_bank.models import Coding

SOLUTIONS = Path(__file__).resolve().parent.parent / "solutions"


class Expectation(BaseModel):
    """What one file must get. Where the seed decides how a mistake shows, `check` and `diagnosis` are lists of what it may look like."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    framework: FrameworkName
    verdict: Verdict
    check: tuple[str, ...] = ()
    diagnosis: tuple[str, ...] = ()
    detail: str | None = None
    why: str | None = None

    @field_validator("check", "diagnosis", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value


@dataclass(frozen=True)
class Job:
    """One file to judge, and what it must get."""

    file: str
    source: bytes
    expectation: Expectation


@dataclass(frozen=True)
class Outcome:
    """One file on one seed: the report and what is not as expected."""

    file: str
    expectation: Expectation
    report: Report
    faults: tuple[str, ...]


@dataclass
class Proof:
    """All outcomes of one problem."""

    problem: Coding
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        """Every broken rule, one sentence each."""
        return self.broken_promises + [f"检查 {name} 没有任何错误提交能触发" for name in self.unkilled()]

    @property
    def broken_promises(self) -> list[str]:
        """Files that did not get what `submissions.yaml` says."""
        return [f"{o.file}（种子 {o.report.seed}）：{fault}" for o in self.outcomes for fault in o.faults]

    def checks(self) -> list[str]:
        """Check ids in order, from a run that reached them all."""
        return list(dict.fromkeys(c.id for o in self.outcomes for c in o.report.checks))

    def kills(self) -> dict[str, dict[str, bool]]:
        """Check id to the wrong files, and whether the check failed them."""
        wrong = [o for o in self.outcomes if o.expectation.verdict is not Verdict.AC]
        return {
            check: {o.file: any(c.id == check and failed(c) for c in o.report.checks) for o in wrong} for check in self.checks()
        }

    def unkilled(self) -> list[str]:
        """Checks that no wrong file fails."""
        return [check for check, row in self.kills().items() if not any(row.values())]


def failed(check: CheckResult) -> bool:
    """Whether a check was reached and did not hold."""
    return check.status not in (Verdict.AC, Verdict.SK)


def folder_of(problem: Coding) -> Path:
    """`solutions/<topic>/<slug>`."""
    folder = SOLUTIONS / problem.topic / problem.id
    if not (folder / "submissions.yaml").is_file():
        raise UsageProblem(f"题目 {problem.id} 没有 solutions/{problem.topic}/{problem.id}/submissions.yaml")
    return folder


def expectations(folder: Path) -> dict[str, Expectation]:
    """Read `submissions.yaml`. Every file must be listed, and every listed file must be there."""
    raw = yaml.load((folder / "submissions.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    try:
        listed = TypeAdapter(dict[str, Expectation]).validate_python(raw)
    except ValidationError as error:
        raise UsageProblem(
            f"{folder.name}/submissions.yaml 不合格式：{error.errors()[0]['loc']} {error.errors()[0]['msg']}"
        ) from None
    present = {str(p.relative_to(folder)) for p in folder.glob("*/*.py") if p.name != "__init__.py"}
    if missing := sorted(set(listed) - present):
        raise UsageProblem(f"submissions.yaml 里的文件不存在：{'、'.join(missing)}")
    if unlisted := sorted(present - set(listed)):
        raise UsageProblem(f"这些文件没有写进 submissions.yaml：{'、'.join(unlisted)}")
    return listed


async def verify(
    name: str,
    *,
    seeds: int = 1,
    only: Callable[[str], bool] | None = None,
    tier: TierName | None = None,
    engine: Engine | None = None,
    on_outcome: Callable[[Outcome], None] | None = None,
) -> Proof:
    """Run every file (and the starters) on fresh seeds, as many at once as the engine has slots."""
    problem = find_problem(name)
    folder = folder_of(problem)
    own = engine or Engine()
    jobs = [job for job in [*solution_jobs(folder), *_starter_jobs(problem)] if only is None or only(job.file)]
    proof = Proof(problem)

    async def run(job: Job) -> None:
        outcome = await judge_job(own, name, job, tier=tier)
        proof.outcomes.append(outcome)
        if on_outcome:
            on_outcome(outcome)

    try:
        await asyncio.gather(*(run(job) for job in jobs for _ in range(seeds)))
    finally:
        if engine is None:
            own.close()
    proof.outcomes.sort(key=lambda outcome: outcome.file)
    return proof


async def judge_job(engine: Engine, problem: str, job: Job, *, tier: TierName | None = None, run_all: bool = False) -> Outcome:
    """One file on one fresh seed. `run_all` goes on after a failed group, as in `judge run --all`."""
    wanted = job.expectation
    request = Request(problem=problem, source=job.source, filename=Path(job.file).name, framework=wanted.framework, tier=tier)
    report = await engine.judge(request, _ignore, run_all=run_all)
    return Outcome(job.file, wanted, report, tuple(compare(wanted, report)))


def _ignore(event: Event) -> None:
    del event


def solution_jobs(folder: Path) -> list[Job]:
    """Every file that `submissions.yaml` lists."""
    return [Job(file, (folder / file).read_bytes(), wanted) for file, wanted in expectations(folder).items()]


def _starter_jobs(problem: Coding) -> list[Job]:
    starters: Iterable[tuple[FrameworkName, str]] = problem.starters.items()
    return [Job(f"starter_{fw}.py", text.encode(), Expectation(framework=fw, verdict=Verdict.SK)) for fw, text in starters]


def compare(wanted: Expectation, report: Report) -> list[str]:
    """What is not as named. A starter (expected `SK`) must only not be accepted, nor break the judge."""
    if wanted.verdict is Verdict.SK:
        bad = report.verdict in (Verdict.AC, Verdict.IE)
        return [f"起始代码得到 {report.verdict}"] if bad else []
    if report.verdict is not wanted.verdict:
        return [f"应为 {wanted.verdict}，得到 {report.verdict}（{report.message}）"]
    faults = []
    first = next((check for check in report.checks if failed(check)), None)
    if wanted.check and (first is None or first.id not in wanted.check):
        faults.append(f"应先败在 {' 或 '.join(wanted.check)}，实际败在 {first.id if first else '加载阶段'}（{report.message}）")
    if wanted.diagnosis and not any(part in (report.message or "") for part in wanted.diagnosis):
        faults.append(f"诊断应含「{'」或「'.join(wanted.diagnosis)}」，实际是「{report.message}」")
    if wanted.detail and wanted.detail != report.detail:
        faults.append(f"应为 {wanted.detail} 类，实际是 {report.detail}")
    return faults


def matrix(proof: Proof) -> list[str]:
    """The kill matrix as lines: a check, how many wrong files it fails, and which."""
    lines = []
    for check, row in proof.kills().items():
        killed = [Path(file).stem for file, hit in row.items() if hit]
        lines.append(f"{check:<40} {len(set(killed)):>3}  {'、'.join(dict.fromkeys(killed))}")
    return lines


def as_json(proof: Proof) -> dict[str, Any]:
    """For `judge verify --json`."""
    return {
        "problem": proof.problem.id,
        "ok": not proof.faults,
        "faults": proof.faults,
        "files": [
            {"file": o.file, "verdict": o.report.verdict, "seed": o.report.seed, "faults": o.faults} for o in proof.outcomes
        ],
        "kills": {check: [file for file, hit in row.items() if hit] for check, row in proof.kills().items()},
    }
