"""How the progress file grows on the learner: `python benchmarks/progress.py [--rounds N] [--markdown docs/progress.md]`.

Two files over the same 300 questions, one with 2,000 log entries and one with 200,000 (three hundred answers a day for two years).
Every operation is timed on both in turn, in one run, so that a busy machine slows both alike: read the last column. An operation that
looks at the whole log would show 100. Undoing replays one question: some 7 entries in the small file and 667 in the large one, far more
than anybody answers one question.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from quizapp.progress import Progress
from quizapp.progress.derived import rebuild
from quizapp.progress.events import Event, Kind
from quizapp.progress.opening import check, connect, transaction
from quizapp.progress.store import FILENAME, add

SIZES = (2_000, 200_000)
QUESTIONS = [f"question_{n}" for n in range(300)]
START = dt.datetime(2024, 1, 1, 9, tzinfo=dt.timezone(dt.timedelta(hours=8)))
TEXT = "大模型是参数量很大、用海量文本自监督预训练的语言模型，靠提示完成多种任务。" * 4


def filled(path: Path, rows: int) -> Path:
    """A progress file with `rows` entries spread over two years."""
    rng = random.Random(1)
    step = dt.timedelta(days=730) / rows
    db = connect(path, "owner")
    with transaction(db):
        for number in range(rows):
            at = START + step * number
            question = rng.choice(QUESTIONS)
            if number % 40 == 0:
                kind, body = Kind.SUBMISSION, submission(rng)
            elif number % 50 == 1:
                kind, body = Kind.FAVOURITE, {"on": rng.random() < 0.5}
            else:
                kind, body = Kind.ANSWER, answer(rng)
            add(db, Event(0, f"{rows}-{number}", at, at.date(), kind, body, question))
        rebuild(db)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    return path


def answer(rng: random.Random) -> dict[str, object]:
    rating = rng.choice((1, 2, 3, 3, 3, 4))
    points = {f"p{n}": "命中" for n in range(6)}
    return {
        "text": TEXT,
        "rating": rating,
        "score": 25.0 * rating,
        "points": points,
        "mode": "review",
        "seconds": 40.0,
        "confidence": 2,
    }


def submission(rng: random.Random) -> dict[str, object]:
    verdict = rng.choice(("AC", "WA"))
    return {
        "filename": "solution_torch.py", "verdict": verdict, "score": 50.0, "framework": "torch", "device": "cpu", "seed": 1,
        "message": None, "diagnoses": [],
    }  # fmt: skip


def now() -> dt.datetime:
    return START + dt.timedelta(days=731)


def operations() -> dict[str, Callable[[Path], object]]:
    """Name to what is timed. Each gets the file's path and an open `Progress` of its own where it needs one."""
    return {
        "open as owner": opened,
        "open to read": lambda path: Progress.open(path, now, mode="read"),
        "integrity check (large files: in the background)": integrity,
    }


def inside() -> dict[str, Callable[[Progress], object]]:
    """What a running app asks."""
    return {
        "states of all questions": lambda progress: progress.states(),
        "state of one question": lambda progress: progress.state(QUESTIONS[7]),
        "totals and streak": lambda progress: progress.stats(),
        "last 50 answers": lambda progress: progress.answers(limit=50),
        "last 50 answers to one question": lambda progress: progress.answers(QUESTIONS[7], limit=50),
        "record an answer": lambda progress: progress.record_answer(
            QUESTIONS[7], text=TEXT, rating=3, score=75.0, points={}, mode="review", seconds=1.0
        ),
        "undo it (replays one question)": lambda progress: progress.undo(),
        "save a draft": lambda progress: progress.save_draft(QUESTIONS[7], TEXT),
        "rebuild everything": lambda progress: progress.rebuild(),
    }


def opened(path: Path) -> Progress:
    return Progress.open(path, now)


def integrity(path: Path) -> None:
    db = sqlite3.connect(path)
    check(db, path)
    db.close()


def timed(work: Callable[[], object]) -> float:
    """Seconds until `work` returns; closing what it opened (which waits for the background check) is not counted."""
    began = time.perf_counter()
    result = work()
    taken = time.perf_counter() - began
    if isinstance(result, Progress):
        result.close()
    return taken


def measure(paths: list[Path], rounds: int) -> dict[str, list[float]]:
    """Median seconds of each operation on each file, the files taking turns."""
    seen = {name: in_turn(work, paths, rounds) for name, work in operations().items()}
    running = [opened(path) for path in paths]
    for name, work in inside().items():
        seen[name] = in_turn(work, running, 1 if name.startswith("rebuild") else rounds)
    for progress in running:
        progress.close()
    return seen


def in_turn(work: Callable[[Any], object], subjects: Sequence[Any], rounds: int) -> list[float]:
    taken: list[list[float]] = [[] for _ in subjects]
    for _ in range(rounds):
        for one, subject in zip(taken, subjects, strict=True):
            one.append(timed(partial(work, subject)))
    return [statistics.median(one) for one in taken]


def command(homes: list[Path], rounds: int) -> list[float]:
    """Median seconds of `quizapp due --porcelain`, as a prompt would run it."""
    line = [sys.executable, "-m", "quizapp.cli", "due", "--porcelain"]

    def prompt(home: Path) -> None:
        subprocess.run(line, env={"QUIZAPP_HOME": str(home), "PATH": ""}, check=True, capture_output=True)

    return in_turn(prompt, homes, rounds)


def page(rows: dict[str, list[float]], sizes: list[int]) -> str:
    lines = [f"| operation | {SIZES[0]:,} entries | {SIZES[1]:,} entries | ratio |", "|---|---:|---:|---:|"]
    for name, (small, large) in rows.items():
        lines.append(f"| {name} | {small * 1000:.2f} ms | {large * 1000:.2f} ms | {large / small:.1f} |")
    grown = f"Files: {sizes[0] / 1e6:.1f} MB and {sizes[1] / 1e6:.1f} MB, ratio {sizes[1] / sizes[0]:.0f}."
    body = __doc__.split("\n\n", 1)[1]
    return f"# Growth of the progress file\n\n{body.strip()}\n\n" + "\n".join(lines) + f"\n\n{grown}\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--markdown", type=Path)
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="progress-"))
    try:
        homes = [folder / str(size) for size in SIZES]
        paths = [filled(home / FILENAME, size) for home, size in zip(homes, SIZES, strict=True)]
        sizes = [path.stat().st_size for path in paths]
        for path in paths:
            opened(path).close()  # the day's backup is made once, not in the measured openings
        rows = {
            "`quizapp due --porcelain` (whole process)": command(homes, max(3, arguments.rounds // 3)),
            **measure(paths, arguments.rounds),
        }
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    text = page(rows, sizes)
    print(text)
    if arguments.markdown:
        arguments.markdown.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
