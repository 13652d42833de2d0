"""A thousand submissions through the service: `python benchmarks/judge_soak.py [--count 1000] [--markdown docs/soak.md]`.

Good, wrong and hostile files of the operator-level problem, mixed by a fixed seed, judged the way the app does it: by a client of a service
of its own. One client in twenty hangs up in the middle. After every block the service's own memory, file descriptors, processes, files in the
temporary folder and in /dev/shm are counted: none may grow. Every verdict must be the expected one.
"""

import argparse
import asyncio
import os
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

import psutil
import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

PROBLEM = "scaled_dot_product_attention"


HANGS_UP = 0.05


def print_nothing(event):
    del event


def cases():
    """(kind, name, source, framework, allowed verdicts)."""
    from judge.grader.single import find_problem
    from judge.verify import expectations, folder_of

    folder = folder_of(find_problem(PROBLEM))
    found = []
    for name, wanted in expectations(folder).items():
        kind = "good" if wanted.verdict == "AC" else "wrong"
        if wanted.verdict not in ("TLE",):
            found.append((kind, name, (folder / name).read_bytes(), wanted.framework, {wanted.verdict.value}))
    for case in sorted((ROOT / "tests" / "judge_corpus").glob("*/expect.yaml")):
        wanted = yaml.safe_load(case.read_text(encoding="utf-8"))
        verdicts = wanted["verdict"] if isinstance(wanted["verdict"], list) else [wanted["verdict"]]
        if wanted.get("problem") == PROBLEM and "TLE" not in verdicts:
            source = (case.parent / "submission.py").read_bytes()
            found.append(("hostile", case.parent.name, source, wanted["framework"], set(verdicts)))
    return found


def service():
    """The process that this run's clients talk to."""
    alive = [child for child in psutil.Process().children() if child.status() != psutil.STATUS_ZOMBIE]
    found = [child for child in alive if "judge.service" in " ".join(child.cmdline())]
    if len(found) != 1:
        raise SystemExit(f"expected one service, found {found}")
    return found[0]


def sample():
    """What may not grow."""
    one = service()
    everyone = [one, *one.children(recursive=True)]
    shm = len(os.listdir("/dev/shm")) if os.path.isdir("/dev/shm") else 0
    return {
        "rss_mib": one.memory_info().rss / 2**20,
        "fds": one.num_fds(),
        "processes": len(everyone),
        "zombies": sum(p.status() == psutil.STATUS_ZOMBIE for p in everyone),
        "tmp": len(os.listdir(tempfile.gettempdir())),
        "shm": shm,
    }


async def soak(count, block):
    """Yields (judged so far, seconds, sample, surprises)."""
    from judge.client import judge, stop_service
    from judge.verdict import Request

    rng = random.Random(20261123)
    pool = cases()
    kinds = {kind: [case for case in pool if case[0] == kind] for kind in ("good", "wrong", "hostile")}
    turns = asyncio.Semaphore(4)  # two are judged, two wait
    surprises = []

    async def one(number):
        kind = rng.choices(["good", "wrong", "hostile"], weights=[55, 35, 10])[0]
        _, name, source, framework, allowed = rng.choice(kinds[kind] or kinds["good"])
        patience = rng.uniform(0.05, 1.5) if rng.random() < HANGS_UP else None
        async with turns:
            try:
                request = Request(problem=PROBLEM, source=source, framework=framework)
                report = await asyncio.wait_for(judge(request, print_nothing), patience)
            except TimeoutError:
                return
        if report.verdict not in allowed:
            surprises.append(f"{number} {name}: {report.verdict} {report.message}")

    began = time.monotonic()
    rows = []
    for start in range(0, count, block):
        await asyncio.gather(*(one(number) for number in range(start, min(start + block, count))))
        rows.append((min(start + block, count), time.monotonic() - began, sample()))
        print(rows[-1], len(surprises), flush=True)
    await stop_service()
    return rows, surprises, {kind: len(found) for kind, found in kinds.items()}


def table(rows, surprises, kinds, command):
    lines = [
        "# Soak",
        "",
        f"Made by `{command}`: {kinds['good']} good, {kinds['wrong']} wrong and {kinds['hostile']} hostile files",
        f"of `{PROBLEM}`, drawn 55 : 35 : 10, through the service; one client in {round(1 / HANGS_UP)} hung up in the middle.",
        "",
        "| judged | per minute | service RSS MiB | fds | processes | zombies | files in tmp | files in /dev/shm |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for judged, seconds, seen in rows:
        counts = [f"{seen['rss_mib']:.0f}", *(str(seen[key]) for key in ("fds", "processes", "zombies", "tmp", "shm"))]
        lines.append(f"| {judged} | {judged / seconds * 60:.0f} | {' | '.join(counts)} |")
    lines += ["", f"Verdicts not as expected: {len(surprises)}.", *(f"- {line}" for line in surprises[:50])]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--block", type=int, default=100)
    parser.add_argument("--markdown", type=Path)
    options = parser.parse_args()
    home = tempfile.mkdtemp(prefix="quizapp-soak-")  # a shared one is filled and emptied by others
    tempfile.tempdir = os.environ["TMPDIR"] = f"{home}/tmp"
    os.environ["QUIZAPP_RUNTIME"] = home
    os.mkdir(tempfile.tempdir)
    text = table(*asyncio.run(soak(options.count, options.block)), f"python benchmarks/judge_soak.py --count {options.count}")
    print(text)
    if options.markdown:
        options.markdown.write_text(text, encoding="utf-8")
    os.rmdir(tempfile.tempdir)  # fails when anything was left
    shutil.rmtree(home)


if __name__ == "__main__":
    main()
