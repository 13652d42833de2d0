"""Measuring a problem package: the accepted files on many fresh seeds, the wrong ones on a few, every metric kept.

A run takes long and may be stopped at any time: each report goes into a log outside the repository, and what is there is not judged again.
The log is keyed by what the result depends on (the file, the checks, the limits), so an edited check starts anew by itself.
What the committed page was made of is committed beside it, packed: elsewhere, and after one file was edited, only the rest is judged.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import lzma
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_dir
from pydantic import ValidationError

from judge.grader.engine import Engine
from judge.grader.failures import UsageProblem
from judge.grader.run import checks_folder
from judge.grader.single import find_problem
from judge.verdict import Report, Verdict
from judge.verify import Job, Outcome, Proof, compare, folder_of, judge_job, solution_jobs
from judge.whole import written_whole
from question_bank.models import Coding


@dataclass(frozen=True)
class Seeds:
    """How many fresh seeds a file gets."""

    accepted: int = 20
    wrong: int = 5

    def of(self, job: Job) -> int:
        """A file that runs into a limit does so on every seed, and takes the whole limit to do it: one is enough."""
        match job.expectation.verdict:
            case Verdict.AC:
                return self.accepted
            case Verdict.TLE | Verdict.MLE:
                return min(1, self.wrong)
            case _:
                return self.wrong


class Log:
    """The reports so far of one problem: a line each, appended whole, so that several runs may share it; and those of the folder `runs`."""

    def __init__(self, problem: Coding, folder: Path | None = None, runs: Path | None = None) -> None:
        self._path = (folder or default_folder()) / f"{problem.id}.jsonl"
        self._packed = runs / f"{problem.id}.jsonl.xz" if runs else None
        self._checks = _checks_digest(problem)

    def key(self, job: Job) -> str:
        """What a result depends on."""
        return hashlib.sha256(self._checks + job.source).hexdigest()[:24]

    def read(self) -> dict[str, list[Report]]:
        """Reports by key. A line that a stopped run left unfinished is passed over. Raises `UsageProblem` when the packed ones are no xz."""
        found: dict[str, list[Report]] = {}
        for line in self._lines():
            try:
                entry = json.loads(line)
                found.setdefault(entry["key"], []).append(Report.model_validate(entry["report"]))
            except (ValueError, KeyError, TypeError, ValidationError):
                continue
        return found

    def _lines(self) -> list[bytes]:
        """Packed and new ones, each once."""
        try:
            packed = lzma.decompress(self._packed.read_bytes()) if self._packed and self._packed.exists() else b""
        except lzma.LZMAError:
            raise UsageProblem(f"{self._packed} 不是完整的 xz 文件：从版本库取回，或删掉它从头再测") from None
        new = self._path.read_bytes() if self._path.exists() else b""
        return list(dict.fromkeys([*packed.splitlines(), *new.splitlines()]))

    def pack(self, jobs: Sequence[Job]) -> None:
        """Keep the reports of these files in `runs`, and of no other: what an edit made obsolete goes. Raises `OSError`."""
        if self._packed is None:
            return
        current = tuple(f'{{"key": "{self.key(job)}"'.encode() for job in jobs)
        kept = sorted(line for line in self._lines() if line.startswith(current) and line.endswith(b"}"))
        self._packed.parent.mkdir(parents=True, exist_ok=True)
        with written_whole(self._packed) as draft:
            draft.write_bytes(lzma.compress(b"".join(line + b"\n" for line in kept)))

    def add(self, job: Job, report: Report) -> None:
        """Keep a report, without its pictures and output."""
        slim = report.model_copy(update={"artifacts": (), "output": ""})
        entry = {"key": self.key(job), "file": job.file, "report": slim.model_dump(mode="json")}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fd = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            size = os.fstat(fd).st_size
            torn = size > 0 and os.pread(fd, 1, size - 1) != b"\n"
            os.write(fd, b"\n" * torn + json.dumps(entry, ensure_ascii=False).encode() + b"\n")
        finally:
            os.close(fd)


def default_folder() -> Path:
    """`$QUIZAPP_CACHE/calibration`, else in the user's cache folder."""
    chosen = os.environ.get("QUIZAPP_CACHE")
    return (Path(chosen).expanduser() if chosen else Path(user_cache_dir("quizapp", appauthor=False))) / "calibration"


def _checks_digest(problem: Coding) -> bytes:
    """Of the check files and of what `problem.yaml` says about a run; not of its prose."""
    folder = checks_folder(problem.topic, problem.id)
    digest = hashlib.sha256(problem.limits.model_dump_json().encode())
    digest.update(os.environ.get("QUIZAPP_MNIST", "").encode())  # other data, other results
    for part in (*problem.entries, *problem.rules, *problem.groups):
        digest.update(part.model_dump_json().encode())
    for path in sorted(folder.rglob("*.py")):
        digest.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return digest.digest()


async def calibrate(
    name: str,
    *,
    seeds: Seeds,
    jobs: int = 1,
    only: Callable[[str], bool] | None = None,
    seconds: float | None = None,
    short: bool = False,
    log_folder: Path | None = None,
    runs: Path | None = None,
    on_outcome: Callable[[Outcome, int], None] | None = None,
) -> Proof:
    """Judge what is not in the log yet, for at most `seconds`, and return everything that is. `on_outcome` also hears how many are left.

    `short`: wrong files stop where they fail from the first seed on. `runs`: the folder of the committed reports, read first and rewritten.
    """
    problem = find_problem(name)
    files = solution_jobs(folder_of(problem))
    log = Log(problem, log_folder, runs)
    known = log.read()
    chosen = [job for job in files if only is None or only(job.file)]
    ahead = list(_missing(chosen, seeds, Counter({key: len(reports) for key, reports in known.items()}), log.key))
    deadline = None if seconds is None else time.monotonic() + seconds
    engine = Engine(size=jobs)

    async def work(queue: Iterator[tuple[int, Job, bool]]) -> None:
        for left, job, run_all in queue:
            if deadline is not None and time.monotonic() > deadline:
                return
            outcome = await judge_job(engine, name, job, run_all=run_all and not short)
            if outcome.report.verdict is not Verdict.IE:
                log.add(job, outcome.report)
            if on_outcome:
                on_outcome(outcome, left)

    try:
        shared = iter([(len(ahead) - number - 1, job, run_all) for number, (job, run_all) in enumerate(ahead)])
        await asyncio.gather(*(work(shared) for _ in range(jobs)))
    finally:
        engine.close()
    log.pack(files)
    return _proof(problem, files, log)


def _missing(files: Sequence[Job], seeds: Seeds, have: Counter[str], key: Callable[[Job], str]) -> Iterator[tuple[Job, bool]]:
    """What is to be judged, seed by seed over all files, so that a stopped run has measured them evenly.

    A wrong file goes through all groups once, to see which later checks see its bug too; after that it stops where `judge verify` does.
    """
    for turn in range(max((seeds.of(job) for job in files), default=0)):
        for job in files:
            if have[key(job)] <= turn < seeds.of(job):
                yield job, turn == 0 and job.expectation.verdict is Verdict.WA


def _proof(problem: Coding, files: Sequence[Job], log: Log) -> Proof:
    """Everything in the log, held against what is expected today."""
    known = log.read()
    outcomes = [
        Outcome(job.file, job.expectation, report, tuple(compare(job.expectation, report)))
        for job in files
        for report in known.get(log.key(job), [])
    ]
    return Proof(problem, outcomes)
