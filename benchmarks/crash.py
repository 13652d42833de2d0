"""Kill the learner's program at random moments and count what is lost: `make crash`.

Two writers work on one progress file as fast as they can: the owner (answers, submissions, drafts, undo, policy changes, rebuilds, a
backup each round) and a guest beside it. Each tells the parent what it has recorded as soon as the call has returned. Then both get
SIGKILL. After every kill the file must pass its integrity check and hold everything that was told, number and content (every entry carries a
token of its own, so that an entry written later under a lost one's number is not taken for it); every tenth time the derived tables must
equal a replay of the log. The disk-full and read-only cases must end in one sentence and lose nothing either.

SIGKILL shows that the program may die anywhere. It says nothing of a power cut, where `synchronous = FULL` and the disk must do their part.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import os
import random
import resource
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from judge.verdict import Report, Verdict
from quizapp.progress import Progress, ProgressProblem, backups
from quizapp.progress.opening import check
from quizapp.study.schedule import Policy

QUESTIONS = [f"question_{n}" for n in range(40)]
START = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
LONGEST_S = 0.08
NOBODY = 65534


@dataclass
class Tally:
    """What was seen over all rounds."""

    kills: int = 0
    told: int = 0
    lost: int = 0
    busy: int = 0
    unsound: int = 0
    unequal: int = 0
    torn_backups: int = 0
    problems: list[str] = field(default_factory=list)


class Ticking:
    """A clock that goes on by a minute whenever it is read: no two events at one time, days passing."""

    def __init__(self, start: dt.datetime) -> None:
        self.now = start

    def __call__(self) -> dt.datetime:
        self.now += dt.timedelta(minutes=1)
        return self.now


def work(path: Path, mode: str, seed: int, tell: Callable[[str], None]) -> None:
    """Record for ever; tell each event's number after its call returned."""
    rng = random.Random(seed)
    progress = Progress.open(path, Ticking(START + dt.timedelta(days=seed)), mode=mode)
    while True:
        try:
            record_something(progress, rng, mode, tell)
        except ProgressProblem:
            tell("busy")  # the other writer held the file for longer than a writer waits: refused, and told so


def record_something(progress: Progress, rng: random.Random, mode: str, tell: Callable[[str], None]) -> None:
    """One call; what it recorded is told when it has returned."""
    kind = rng.random()
    question = rng.choice(QUESTIONS)
    token = f"{mode}-{rng.getrandbits(64):016x}"
    if kind < 0.70:
        rating = rng.randint(1, 4)
        number = progress.record_answer(
            question,
            text=token + "答" * rng.randint(0, 400),
            rating=rating,
            score=25.0 * rating,
            points={},
            mode="drill",
            seconds=1.0,
        )
        tell(f"{number} {token}")
    elif kind < 0.80:
        report = Report(
            verdict=rng.choice([Verdict.AC, Verdict.WA, Verdict.IE]), score=50, problem=question, framework="torch",
            device="cpu", sandbox="bwrap", isolated=True, seed=1, output="x" * rng.randint(0, 5_000),
        )  # fmt: skip
        number = progress.record_submission(question, source=rng.randbytes(2000), filename=f"{token}.py", report=report)
        tell(f"{number} {token}")
    elif kind < 0.88:
        progress.save_draft(question, "草稿" * rng.randint(1, 200))
    elif kind < 0.94:
        progress.undo()
    elif kind < 0.97:
        progress.configure(Policy(leave_wrong_after=rng.randint(1, 5), desired_retention=rng.choice([0.8, 0.9])))
    elif kind < 0.975 and mode == "owner":
        progress.rebuild()
    else:
        progress.set_favourite(question, rng.random() < 0.5)


def fork(job: Callable[[Callable[[str], None]], None]) -> tuple[int, int]:
    """Run `job` in a child that tells through a pipe. Returns its process id and the end to read from."""
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return process, reading
    os.close(reading)
    try:
        job(lambda text: os.write(writing, f"{text}\n".encode()) and None)
    except BaseException:  # the child must never return into the parent's code
        os.write(writing, f"!{traceback.format_exc()}".encode())
    finally:
        os._exit(1)


def heard(reading: int) -> list[str]:
    """Everything the dead child had told."""
    parts = []
    while part := os.read(reading, 1 << 16):
        parts.append(part)
    os.close(reading)
    text = b"".join(parts).decode()
    said, _, crash = text.partition("!")
    if crash:
        raise RuntimeError(crash)
    return said.splitlines()


def kill_round(path: Path, seed: int, tally: Tally) -> None:
    """Two writers, a random moment, SIGKILL, and a look at what is left."""
    rng = random.Random(f"moment {seed}")
    children = [fork(lambda tell, m=mode: work(path, m, seed, tell)) for mode in ("owner", "guest")]
    if rng.random() < 0.7:
        select.select([children[0][1]], [], [], 5)  # the owner has opened the file and recorded something
    time.sleep(rng.random() * LONGEST_S)
    for process, _ in children:
        os.kill(process, signal.SIGKILL)
    told = []
    for process, reading in children:
        os.waitpid(process, 0)
        told += heard(reading)
    tally.kills += 1
    tally.busy += told.count("busy")
    told = [name for name in told if name != "busy"]
    tally.told += len(told)
    inspect(path, told, tally, seed)


def inspect(path: Path, told: list[str], tally: Tally, seed: int) -> None:
    """Count what is lost, unsound or unequal."""
    try:
        with Progress.open(path, lambda: START) as progress:
            with contextlib.closing(sqlite3.connect(path)) as db:
                check(db, path)
                bodies = dict(db.execute("SELECT seq, body FROM log"))
            tally.lost += sum(token not in bodies.get(int(number), "") for number, token in map(str.split, told))
            if seed % 10 == 0:
                tally.unequal += bool(progress.rebuild())
    except ProgressProblem as problem:
        tally.unsound += 1
        tally.problems.append(f"round {seed}: {problem}")
    for copy in list(backups.dated(path).values())[-1:]:  # the older ones were looked at in the rounds that made them
        with contextlib.closing(sqlite3.connect(copy)) as db:
            tally.torn_backups += db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok"


def kills(rounds: int, folder: Path) -> Tally:
    """All rounds on one file, so that what one kill left is what the next one hits."""
    tally, path = Tally(), folder / "progress.db"
    with Progress.open(path, lambda: START) as progress:
        progress.record_answer("first", text="", rating=3, score=None, points={}, mode="drill", seconds=0)
    for seed in range(1, rounds + 1):
        kill_round(path, seed, tally)
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{seed}/{rounds} kills, {tally.told} events told, {tally.lost} lost ")
    return tally


# --- a disk that is full, a disk that is read-only -------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """What happened when the disk would not take it."""

    name: str
    told: int
    lost: int
    sound: bool
    sentence: str


def fill(path: Path, tell: Callable[[str], None]) -> None:
    """Record until the disk refuses; tell the sentence at the end."""
    progress = Progress.open(path, Ticking(START), mode="guest")
    try:
        for number in range(100_000):
            tell(
                str(
                    progress.record_answer(
                        f"q{number % 40}", text="满" * 300, rating=3, score=None, points={}, mode="drill", seconds=0
                    )
                )
            )
    except ProgressProblem as problem:
        tell(f"={problem}")


def refused(
    name: str, path: Path, job: Callable[[Callable[[str], None]], None], after: Callable[[], None] = lambda: None
) -> Case:
    """Run `job`, which must end in a sentence, and look at the file."""
    process, reading = fork(job)
    os.waitpid(process, 0)
    said = heard(reading)
    sentences = [line[1:] for line in said if line.startswith("=")]
    told = [line for line in said if not line.startswith("=")]
    after()
    with Progress.open(path, lambda: START) as progress:
        present = {str(event.seq) for event in progress.events()}
        sound = not progress.rebuild()
        progress.record_answer("afterwards", text="", rating=3, score=None, points={}, mode="drill", seconds=0)
    sentence = sentences[0].replace(str(path), "progress.db").replace(str(path.parent), "DATA") if sentences else "(none)"
    return Case(name, len(told), len(set(told) - present), sound, sentence)


def file_limit(folder: Path) -> Case:
    """A file may not grow beyond 1 MiB."""
    path = folder / "limit" / "progress.db"
    Progress.open(path, lambda: START).close()

    def job(tell: Callable[[str], None]) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, resource.RLIM_INFINITY))
        fill(path, tell)

    return refused("file size limit of 1 MiB", path, job)


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """A disk of 2 MiB; None where one may not be mounted."""
    place = folder / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", place], capture_output=True).returncode == 0
    try:
        yield place if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", place], check=False)


def full_disk(folder: Path) -> Case | None:
    """A file system with no room left; some is made again afterwards."""
    with small_disk(folder) as place:
        if place is None:
            return None
        ballast = place / "ballast"
        ballast.write_bytes(bytes(1 << 19))
        path = place / "home" / "progress.db"
        Progress.open(path, lambda: START).close()
        return refused("full file system (2 MiB tmpfs)", path, lambda tell: fill(path, tell), ballast.unlink)


def read_only(folder: Path) -> Case:
    """File and folder without write permission."""
    path = folder / "fixed" / "progress.db"
    with Progress.open(path, lambda: START) as progress:
        progress.record_answer("q", text="", rating=3, score=None, points={}, mode="drill", seconds=0)
    folder.chmod(0o755)  # for whoever runs as another user; never anything above what is ours
    for part in path.parent.iterdir():
        part.chmod(0o444)
    path.parent.chmod(0o555)

    def job(tell: Callable[[str], None]) -> None:
        if os.geteuid() == 0:
            os.setuid(NOBODY)
        with Progress.open(path, lambda: START, mode="read") as progress:
            tell(str(progress.answers()[0].id))
        try:
            Progress.open(path, lambda: START)
        except ProgressProblem as problem:
            tell(f"={problem}")

    def writable() -> None:
        path.parent.chmod(0o755)
        for part in path.parent.iterdir():
            part.chmod(0o644)

    return refused("read-only folder (reading works)", path, job, writable)


# --- report ----------------------------------------------------------------------------------------------------------------


def report(tally: Tally, cases: list[Case], seconds: float) -> str:
    """The page."""
    rows = [
        ("kills (SIGKILL)", str(tally.kills)),
        ("events told as recorded", str(tally.told)),
        ("told events lost", str(tally.lost)),
        ("calls refused with a sentence because the other writer was busy", str(tally.busy)),
        ("files unsound or unopenable", str(tally.unsound)),
        ("derived tables unequal to a replay", str(tally.unequal)),
        ("backups torn", str(tally.torn_backups)),
    ]
    lines = ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows), ""]
    lines += ["| case | told | lost | sound | what the learner reads |", "|---|---|---|---|---|"]
    lines += [f"| {c.name} | {c.told} | {c.lost} | {'yes' if c.sound else 'NO'} | {c.sentence} |" for c in cases]
    return (
        f"# Crash test\n\n`make crash`, {seconds:.0f} s. {__doc__.split(chr(10) * 2, 1)[1].strip()}\n\n"
        + "\n".join(lines)
        + "\n"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--markdown", type=Path)
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="crash-"))
    began = time.monotonic()
    try:
        tally = kills(arguments.kills, folder)
        cases = [case for case in (file_limit(folder), full_disk(folder), read_only(folder)) if case is not None]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    text = report(tally, cases, time.monotonic() - began)
    print("\n" + text)
    for problem in tally.problems:
        print(problem)
    if arguments.markdown:
        arguments.markdown.write_text(text, encoding="utf-8")
    bad = tally.lost or tally.unsound or tally.unequal or tally.torn_backups or any(c.lost or not c.sound for c in cases)
    return 1 if bad or any(case.sentence == "(none)" for case in cases) else 0


if __name__ == "__main__":
    raise SystemExit(main())
