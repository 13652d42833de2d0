"""Every submission of the judge corpus gets its verdict, leaks nothing, leaves nothing, and does not disturb the one after it.

One process and one warm slot per tier judge all selected cases (tests/judge_corpus/run.py); each case is a test of its own.
"""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from judge.sandbox import probe

if not hasattr(os, "fork"):
    pytest.skip("the judge needs fork", allow_module_level=True)

RUN = Path(__file__).resolve().parents[1] / "judge_corpus" / "run.py"
spec = importlib.util.spec_from_file_location("judge_corpus_run", RUN)
corpus = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = corpus  # its annotations are resolved through here
spec.loader.exec_module(corpus)

CASES = corpus.load()
SECONDARY = ("control_*", "answers_*", "escape_*", "persist_*", "resource_ram_*", "verdict_exit_*", "rule_exec*")


# The whole corpus is `make corpus`; a default run has to end in minutes, so it takes the quick families.
QUICK = ("control_*", "answers_*", "escape_*", "fake_*", "rule_*", "replay_*", "inputs_*", "framework_*")


def selected(tier, case):
    """The best tier judges every chosen case; a weaker one only what depends on the tier."""
    if os.environ.get("JUDGE_CORPUS") != "all" and not any(Path(case.name).match(pattern) for pattern in QUICK):
        return False
    return tier == next(iter(corpus.offered()), None) or any(Path(case.name).match(pattern) for pattern in SECONDARY)


PAIRS = [(tier, case) for tier in ("bwrap", "landlock") for case in CASES if selected(tier, case)]


@pytest.fixture(scope="module")
def results(request):
    """Runs what was selected, once per tier; frameworks that are not installed are left out."""
    wanted = {}
    for item in request.session.items:
        if item.fspath == request.node.fspath and hasattr(item, "callspec"):
            tier, case = item.callspec.params["tier"], item.callspec.params["case"]
            if corpus.impossible(case) is None and tier in corpus.offered():
                wanted.setdefault(tier, []).append(case.name)
    runs = {tier: started(tier, names) for tier, names in wanted.items()}  # the tiers side by side
    found = {}
    for tier, run in runs.items():
        out, errors = run.communicate()
        told = {result.case: result for result in map(corpus.Result.model_validate_json, out.splitlines())}
        assert set(told) == set(wanted[tier]), errors[-3000:]
        found |= {(tier, case): result for case, result in told.items()}
    return found


def started(tier, names):
    user = "root" if os.geteuid() == 0 else "user"
    command = [sys.executable, str(RUN), *names, "--json", "--tier", tier, "--user", user]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize(("tier", "case"), PAIRS, ids=[f"{tier}-{case.name}" for tier, case in PAIRS])
def test_the_case_gets_its_verdict_and_nothing_else(results, tier, case):
    if tier not in corpus.offered():
        pytest.skip(f"{tier}: {probe().tiers[tier].reason}")
    if reason := corpus.impossible(case):
        pytest.skip(reason)
    assert results[tier, case.name].faults == ()


def test_the_corpus_is_large_and_says_why():
    controls = [case for case in CASES if case.expect.family == "control"]
    assert len(controls) >= 10
    assert len(CASES) - len(controls) >= 70
    for case in CASES:
        assert len(case.expect.verdict) == 1 or case.expect.because, case.name
        assert (case in controls) == (case.expect.verdict == ("AC",)), case.name


BROKEN = """
from judge.grader import single
from judge.verdict import Request

find = single.find_problem


def with_a_limit_no_kernel_takes(name):
    problem = find(name)
    return problem.model_copy(update={"limits": problem.limits.model_copy(update={"memory_mib": 1024.5})})


single.find_problem = with_a_limit_no_kernel_takes
request = Request(problem="scaled_dot_product_attention", framework=FRAMEWORK, source=b"print('the code was read')")
print(single.judge_request(request, lambda event: None).model_dump_json())
"""


def test_confinement_that_fails_is_the_judges_own_fault():
    """A limit that cannot be set ends the run before any of the learner's code is read."""
    framework = next((name for name in ("torch", "tensorflow") if importlib.util.find_spec(name)), None)
    if framework is None or not corpus.tiers():
        pytest.skip("needs a framework and a tier that isolates")
    done = subprocess.run(
        [sys.executable, "-c", BROKEN.replace("FRAMEWORK", repr(framework))], capture_output=True, text=True, check=True
    )
    report = corpus.Report.model_validate_json(done.stdout)
    assert report.verdict == "IE"
    assert "收紧权限" in report.message
    assert "the code was read" not in report.output
