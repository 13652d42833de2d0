"""`judge calibrate`: measures what is missing, goes on where it stopped, and writes the page."""

import os
import subprocess
import sys

import pytest

from judge.calibrate import Log, Seeds
from judge.grader.failures import UsageProblem
from judge.grader.single import find_problem
from judge.verdict import Report, Verdict
from judge.verify import Expectation, Job

PROBLEM = "scaled_dot_product_attention"


def report(seed):
    return Report(
        verdict=Verdict.AC, score=100, problem=PROBLEM, framework="torch", device="cpu", sandbox=None, isolated=True, seed=seed
    )


def job(source=b"x = 1", verdict=Verdict.AC):
    return Job("accepted/a.py", source, Expectation(framework="torch", verdict=verdict))


def test_a_log_gives_back_what_was_added_and_survives_a_torn_line(tmp_path):
    log = Log(find_problem(PROBLEM), tmp_path)
    log.add(job(), report(1))
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole + whole[: len(whole) // 2])
    log.add(job(), report(2))
    assert [r.seed for r in log.read()[log.key(job())]] == [1, 2]


def test_packed_reports_are_found_elsewhere_without_those_of_files_that_are_gone(tmp_path):
    problem, runs = find_problem(PROBLEM), tmp_path / "runs"
    here = Log(problem, tmp_path / "here", runs)
    here.add(job(b"a"), report(1))
    here.add(job(b"gone"), report(2))
    here.pack([job(b"a")])
    there = Log(problem, tmp_path / "there", runs)
    assert [r.seed for reports in there.read().values() for r in reports] == [1]
    there.add(job(b"a"), report(3))
    there.pack([job(b"a")])
    assert [r.seed for r in here.read()[here.key(job(b"a"))]] == [1, 3]


def test_packed_reports_that_cannot_be_read_are_one_sentence(tmp_path):
    (tmp_path / f"{PROBLEM}.jsonl.xz").write_bytes(b"half a file")
    with pytest.raises(UsageProblem, match="不是完整的 xz 文件"):
        Log(find_problem(PROBLEM), tmp_path / "new", tmp_path).read()


def test_another_file_or_another_check_is_another_key(tmp_path, monkeypatch):
    problem = find_problem(PROBLEM)
    key = Log(problem, tmp_path).key
    assert key(job(b"a")) != key(job(b"b"))
    stricter = problem.model_copy(update={"limits": problem.limits.model_copy(update={"cpu_s": 1.0})})
    assert key(job()) != Log(stricter, tmp_path).key(job())
    reworded = problem.model_copy(update={"title": "别的题目"})
    assert key(job()) == Log(reworded, tmp_path).key(job())


@pytest.mark.parametrize(("verdict", "count"), [("AC", 20), ("WA", 5), ("RTE", 5), ("TLE", 1), ("MLE", 1)])
def test_a_file_that_runs_into_a_limit_is_run_once(verdict, count):
    assert Seeds().of(job(verdict=Verdict(verdict))) == count


def calibrate(cache, *arguments):
    command = [sys.executable, "-m", "judge.cli", "calibrate", PROBLEM, *arguments]
    environment = {**os.environ, "QUIZAPP_CACHE": str(cache)}
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment)


@pytest.mark.torch
def test_a_second_run_measures_only_what_is_missing(tmp_path):
    pytest.importorskip("torch")
    page, file = tmp_path / "page.md", "wrong_answer/torch_no_scale.py"
    first = calibrate(tmp_path, "--only", file, "--wrong", "1", "--minutes", "0")
    assert f"  {file} " not in first.stderr
    assert calibrate(tmp_path, "--only", file, "--wrong", "1").stderr.count(f"  {file} ") == 1
    more = calibrate(tmp_path, "--only", file, "--wrong", "3", "--markdown", str(page))
    assert more.stderr.count(f"  {file} ") == 2
    assert "错误的文件 1 个，各 3 次，共 3 次" in page.read_text(encoding="utf-8")
    assert "| test_values |" in page.read_text(encoding="utf-8")


def test_an_unknown_problem_is_one_sentence(tmp_path):
    command = [sys.executable, "-m", "judge.cli", "calibrate", "no_such_problem"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "没有编程题 no_such_problem" in done.stderr
    assert "Traceback" not in done.stderr
