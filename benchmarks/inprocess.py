"""An in-process exec judge: the same checks on the same submission, with no box, no wire and no second process.

It is what the best-known judges do, and the lower bound that ours is measured against. Never use it to judge: the code it runs owns it.
Run alone it is also the bare program: `python benchmarks/inprocess.py PROBLEM FILE FRAMEWORK` imports the framework, runs the file, and does the work
that the checks ask for.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from judge.grader.link import Handle
from judge.grader.plugin import CheckRun, collect
from judge.grader.prepare import make_plan
from judge.grader.run import checks_folder
from judge.grader.single import find_problem
from judge.grader.submission import Submission
from judge.verdict import Request, Verdict
from judge.wire import pack, unpack
from judge.worker.serve import Worker, make_adapter


class Nowhere:
    """A wire to nobody: progress reports go here."""

    def send(self, *args, **kwargs):
        pass


class LocalLink:
    """The grader's link with the worker's operations called directly."""

    curve = ()

    def __init__(self, framework, plan):
        self._worker = Worker(Nowhere(), make_adapter(framework, "cpu"))
        self.request("load", source=plan.source, filename=plan.filename, entries=plan.entries, forbidden=[], seed=1)

    def request(self, op, **args):
        arrays, out = [], []
        tree = pack(args, arrays, lambda value, _: {"handle": value.number})
        value = self._worker._operations[op](**unpack(tree, arrays, self._worker._object))
        tree = pack(value, out, self._worker._special)
        out = [array.copy() for array in out]  # the wire copies; without it a state would follow the weights it was read from
        return unpack(tree, out, lambda tag: Handle(tag["handle"], tag["kind"], tag["type"]))


def print_nothing(event):
    del event


def judge_here(problem, path, framework):
    """Judge in this process; True when accepted."""
    plan = make_plan(
        Request(problem=problem.id, source=Path(path).read_bytes(), filename=Path(path).name, framework=framework), problem
    )
    link = LocalLink(framework, plan)
    checks = CheckRun(lambda: Submission(link, framework=framework, device="cpu"), problem, 1, print_nothing)
    run = checks.go(collect(checks_folder(problem.topic, problem.id), script=False))
    return bool(run.results) and all(result.status is Verdict.AC for result in run.results)


if __name__ == "__main__":
    if sys.argv[3] == "torch":
        import torch

        torch.set_num_threads(1)
    sys.exit(0 if judge_here(find_problem(sys.argv[1]), *sys.argv[2:4]) else 1)
