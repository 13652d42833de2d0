"""How long a verdict takes, side by side in one run: `python benchmarks/judge_latency.py [--rounds N] [--markdown docs/latency.md]`.

(a) bare: a fresh `python` that imports the framework and does the work the checks ask for, in-process, no isolation;
(b) cold: a judge started for this one submission; (c) warm: the service with a slot waiting;
(d) in-process: the same checks on the same code by exec in a process that already has the framework (the lower bound).
The four take turns, so that a busy machine slows them alike; read the ratios, not the seconds.
"""

import argparse
import asyncio
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

CASES = [
    ("scaled_dot_product_attention", "torch", 8),
    ("scaled_dot_product_attention", "tensorflow", 5),
    ("mnist_digits", "torch", 2),
    ("mnist_digits", "tensorflow", 2),
]
TABLE = [
    "| problem | framework | way | p50 s | p95 s | ratio to bare (p50) | over in-process |",
    "| --- | --- | --- | --- | --- | --- | --- |",
]
ENV = {
    **os.environ,
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "MPLBACKEND": "Agg",
    "CUDA_VISIBLE_DEVICES": "-1",
}


def accepted(problem, framework):
    """One accepted file of the problem."""
    prefix = {"torch": ("torch",), "tensorflow": ("tensorflow", "tf", "keras")}[framework]
    files = [p for p in sorted((ROOT / "solutions").glob(f"*/{problem}/accepted/*.py")) if p.name.startswith(prefix)]
    return files[0]


def print_nothing(event):
    del event


def timed(call):
    began = time.monotonic()
    result = call()
    return time.monotonic() - began, result


def bare(problem, path, framework):
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "inprocess.py"), problem, str(path), framework],
        env=ENV,
        cwd="/tmp",
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]


async def by_client(problem, path, framework, *, warm):
    from judge.client import judge, judge_cold
    from judge.verdict import Request

    request = Request(problem=problem, source=path.read_bytes(), filename=path.name, framework=framework)
    report = await (judge if warm else judge_cold)(request, print_nothing)
    assert report.verdict == "AC", report.message
    return report


INPROCESS = """
import sys, time, os
sys.path.insert(0, {root!r}); sys.path.insert(0, {bench!r})
from inprocess import judge_here
if {framework!r} == "torch":
    import torch; torch.set_num_threads(1); torch.optim.Adam([torch.nn.Parameter(torch.zeros(1))])
else:
    import tensorflow, keras
import matplotlib.pyplot
from judge.grader.engine import preload
from judge.grader.run import load_checks
from judge.grader.single import find_problem
preload()
problem = find_problem({problem!r})
load_checks(problem)
for line in sys.stdin:
    read, write = os.pipe()
    began = time.monotonic()
    if os.fork() == 0:
        ok = judge_here(problem, {path!r}, {framework!r})
        os.write(write, b"1" if ok else b"0"); os._exit(0)
    ok = os.read(read, 1); took = time.monotonic() - began
    os.wait(); os.close(read); os.close(write)
    print(f"{{took if ok == b'1' else -1}}", file=sys.stderr, flush=True)
"""


class InProcess:
    """A process with the framework imported that forks and judges in-process for every line it is sent."""

    def __init__(self, problem, path, framework):
        code = INPROCESS.format(
            root=str(ROOT), bench=str(ROOT / "benchmarks"), problem=problem, path=str(path), framework=framework
        )
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=ENV,
            cwd=tempfile.gettempdir(),
        )

    def __call__(self):
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        while True:
            line = self._process.stderr.readline()
            try:
                took = float(line)
            except ValueError:
                assert line, "the in-process judge died"
                continue
            assert took >= 0, "the in-process judge did not accept"
            return took

    def close(self):
        self._process.stdin.close()
        self._process.wait()


def measure(problem, framework, rounds):
    """Seconds per way, and the peak memory of the warm run."""
    path = accepted(problem, framework)
    here = InProcess(problem, path, framework)
    seconds = {"bare": [], "cold": [], "warm": [], "in-process": []}
    peak = 0.0
    asyncio.run(by_client(problem, path, framework, warm=True))
    here()
    for _ in range(rounds):
        seconds["in-process"].append(here())
        took, report = timed(lambda: asyncio.run(by_client(problem, path, framework, warm=True)))
        seconds["warm"].append(took)
        peak = max(peak, report.timings.peak_mib)
        seconds["bare"].append(timed(lambda: bare(problem, path, framework))[0])
        seconds["cold"].append(timed(lambda: asyncio.run(by_client(problem, path, framework, warm=False)))[0])
    here.close()
    return seconds, peak


def p95(values):
    return sorted(values)[min(len(values) - 1, round(0.95 * (len(values) - 1)))]


def ratios(problem, framework, seconds, peak):
    """The rows of the big table, and those that hold the figures against what was aimed at."""
    middle = {way: statistics.median(values) for way, values in seconds.items()}
    base, floor = middle["bare"], middle["in-process"]
    rows = []
    for way, values in seconds.items():
        cells = [
            f"{middle[way]:.3f}",
            f"{p95(values):.3f}",
            f"{middle[way] / base:.3f}",
            f"{(middle[way] - floor) * 1000:+.0f} ms",
        ]
        rows.append(f"| {problem} | {framework} | {way} | {' | '.join(cells)} |")
    rows.append(f"| {problem} | {framework} | peak of the submission | {peak:.0f} MiB | | | |")
    is_operator = problem == CASES[0][0]
    share = f"| {problem}, {framework} | warm / bare | {'0.1' if is_operator else '1.0'} | {middle['warm'] / base:.3f} |"
    if not is_operator:
        return rows, [share]
    absolute = f"| {problem}, {framework} | warm, s | 0.15 | {middle['warm']:.3f} (in-process {floor:.3f}, bare {base:.1f}) |"
    over = f"| {problem}, {framework} | warm over in-process, ms | 50 | {(middle['warm'] - floor) * 1000:.0f} |"
    return rows, [share, absolute, over]


def page(command, rows, aims):
    """docs/latency.md."""
    return "\n".join(
        [
            "# Judge latency",
            "",
            f"Made by `{command}`; the four ways take turns in one run. Read the ratios: the seconds are those of the machine it ran on.",
            "",
            "| what | figure | at most, it was aimed at | measured |",
            "| --- | --- | --- | --- |",
            *aims,
            "",
            *TABLE,
            *rows,
            "",
        ]
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--only", default="")
    parser.add_argument("--markdown", type=Path)
    options = parser.parse_args()
    rows, aims = [], []
    for problem, framework, rounds in CASES:
        if options.only not in f"{problem}:{framework}":
            continue
        seconds, peak = measure(problem, framework, options.rounds or rounds)
        new, held = ratios(problem, framework, seconds, peak)
        rows += new
        aims += held
        print("\n".join(new), flush=True)
    if options.markdown:
        chosen = [f"--rounds {options.rounds}"] if options.rounds else []
        chosen += [f"--only {options.only}"] if options.only else []
        options.markdown.write_text(
            page(" ".join(["python benchmarks/judge_latency.py", *chosen]), rows, aims), encoding="utf-8"
        )
    print(f"peak RSS of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
