"""`judge run` from the outside: exit statuses, one JSON object, one clear sentence for bad input."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).resolve().parents[2]
SOLUTIONS = ROOT / "solutions" / "architecture" / "scaled_dot_product_attention"
PROBLEM = "scaled_dot_product_attention"
ACCEPTED = sorted(SOLUTIONS.glob("accepted/torch_*.py"))

pytestmark = pytest.mark.torch


def judge(*arguments, timeout=240, **kwargs):
    return subprocess.run(
        [sys.executable, "-m", "judge.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout,
        cwd=ROOT,
        **kwargs,
    )


def run(*arguments, **kwargs):
    return judge("run", PROBLEM, *arguments, **kwargs)


@pytest.fixture
def submission(tmp_path):
    """A file with the given text."""

    def write(text):
        path = tmp_path / "mine.py"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_an_accepted_file_exits_0_and_prints_one_object_that_fits_the_schema():
    done = run(ACCEPTED[0], "--json")

    report = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    jsonschema.validate(report, json.loads((ROOT / "docs" / "schema" / "report.json").read_text(encoding="utf-8")))
    assert report["verdict"] == "AC"
    assert report["isolated"] is True
    assert {
        "verdict",
        "score",
        "problem",
        "framework",
        "device",
        "sandbox",
        "seed",
        "versions",
        "timings",
        "artifacts",
        "checks",
    } <= set(report)


def test_several_files_print_one_object_each_and_any_wrong_one_exits_1():
    wrong = next(SOLUTIONS.glob("wrong_answer/torch_*.py"))
    done = run(ACCEPTED[0], wrong, "--json")

    assert done.returncode == 1
    assert [json.loads(line)["verdict"] == "AC" for line in done.stdout.splitlines()] == [True, False]


def test_the_same_seed_measures_the_same_numbers():
    first, second = (json.loads(run(ACCEPTED[0], "--json", "--seed", "7").stdout) for _ in range(2))

    assert first["checks"] == second["checks"]
    assert first["seed"] == second["seed"] == 7


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run", "no_such_problem", ACCEPTED[0] if ACCEPTED else "x.py"], "no_such_problem"),
        (["run", PROBLEM, "no_such_file.py"], "找不到文件"),
        (["run", PROBLEM, ROOT], "文件夹"),
        (["run", PROBLEM, ACCEPTED[0] if ACCEPTED else "x.py", "--device", "cuda"], "GPU"),
        (["run", PROBLEM, ACCEPTED[0] if ACCEPTED else "x.py", "--device", "tpu"], "--device 只能是 auto、cpu、cuda、mps"),
        (["run", PROBLEM, "/dev/zero"], "超过 4 MiB"),
        (["verify", PROBLEM, "--only", "no_such_file*"], "什么也没有证明"),
        (["rum"], "是不是 run"),
        (["run", PROBLEM], "缺少参数"),
        (["run", PROBLEM, ACCEPTED[0] if ACCEPTED else "x.py", "--device", "mps"], "Mac"),
    ],
)
def test_wrong_usage_exits_2_with_a_sentence(arguments, says):
    if "cuda" in arguments and os.path.exists("/dev/nvidia0"):
        pytest.skip("this machine has a GPU")
    done = judge(*arguments)

    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("", "空"),
        (b"\x00\x01\x02", "二进制"),
        ("def f(:\n  pass", "第 1 行"),
        ("import no_such_module_here\n", "no_such_module_here"),
        ("import torch\ndef scaled_dot_product_atention(q, k, v, mask=None):\n    return v\n", "scaled_dot_product_atention"),
        ("import torch\ndef scaled_dot_product_attention(q):\n    return q\n", "参数不符"),
        ("x = 1\n", "没有找到"),
        ("变量 = '中文'.encode('gbk')\n".encode("gbk"), "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_loaded_is_ce_with_a_sentence(submission, source, says):
    done = run(submission(source), "--json", "--framework", "torch")
    report = json.loads(done.stdout)

    assert done.returncode == 1
    assert report["verdict"] == "CE"
    assert says in report["message"]


def test_an_exception_is_told_with_the_learners_own_line(submission):
    done = run(
        submission(
            "import torch\ndef scaled_dot_product_attention(query, key, value, mask=None):\n    return query @ torch.zeros(9, 9)\n"
        ),
        "--json",
    )
    report = json.loads(done.stdout)

    assert report["verdict"] == "RTE"
    assert report["location"]["line"] == 3


def test_an_endless_loop_is_ended(submission):
    done = run(
        submission(
            "import torch\ndef scaled_dot_product_attention(query, key, value, mask=None):\n    while True:\n        pass\n"
        ),
        "--json",
    )
    report = json.loads(done.stdout)

    assert (report["verdict"], report["detail"]) == ("TLE", "cpu")


def test_the_text_report_names_the_verdict_and_the_mistake():
    wrong = next(SOLUTIONS.glob("wrong_answer/torch_no_scale*.py"), None) or next(SOLUTIONS.glob("wrong_answer/torch_*.py"))
    done = run(wrong)

    assert done.returncode == 1
    assert "答案错误" in done.stdout


def test_ctrl_c_leaves_nothing_running(submission, tmp_path):
    path = submission(
        "import torch, time\ndef scaled_dot_product_attention(query, key, value, mask=None):\n    time.sleep(300)\n"
    )
    env = {**os.environ, "QUIZAPP_NO_SERVICE": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "judge.cli", "run", PROBLEM, str(path)], cwd=ROOT, env=env, start_new_session=True
    )
    deadline = time.monotonic() + 90
    while len(grader := children(process.pid)) < 4 and time.monotonic() < deadline:  # grader, bubblewrap, its init, the zygote
        time.sleep(0.2)
    os.killpg(process.pid, signal.SIGINT)

    assert process.wait(60) == 130  # not 1: nothing is known of the submission
    deadline = time.monotonic() + 30
    while any(alive(pid) for pid in grader) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert grader
    assert not any(alive(pid) for pid in grader)


def children(pid):
    """All descendants of a process."""
    import psutil

    return [child.pid for child in psutil.Process(pid).children(recursive=True)]


def alive(pid):
    import psutil

    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
