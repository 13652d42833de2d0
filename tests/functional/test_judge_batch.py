"""`judge batch` from the outside: a class of three, a table, and the second time nothing is judged."""

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOLUTIONS = ROOT / "solutions" / "architecture" / "scaled_dot_product_attention"
PROBLEM = "scaled_dot_product_attention"


def batch(*arguments):
    line = [sys.executable, "-m", "judge.cli", "batch", *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True, timeout=240, cwd=ROOT)


@pytest.mark.torch
def test_a_folder_is_judged_once_with_one_seed_and_a_table_is_written(tmp_path):
    shutil.copy(SOLUTIONS / "accepted" / "torch_matmul.py", tmp_path / "甲.py")
    shutil.copy(next(SOLUTIONS.glob("wrong_answer/torch_*.py")), tmp_path / "乙.py")
    (tmp_path / "丙.py").write_text("def f(:\n")
    done = batch(PROBLEM, tmp_path, "--json")
    rows = {row["file"]: row for row in map(json.loads, done.stdout.splitlines())}

    assert done.returncode == 1, done.stderr
    assert [rows[name]["report"]["verdict"] == "AC" for name in ("甲.py", "乙.py", "丙.py")] == [True, False, False]
    assert len({row["report"]["seed"] for row in rows.values()}) == 1
    assert "共 3 份，通过 1，未通过 2" in done.stderr
    with (tmp_path / f"判题结果-{PROBLEM}.csv").open(encoding="utf-8-sig", newline="") as table:
        assert {line["文件"]: line["判决"] for line in csv.DictReader(table)}["丙.py"] == "CE"

    again = batch(PROBLEM, tmp_path, "--json")
    assert all(json.loads(line)["kept"] for line in again.stdout.splitlines())
    assert again.returncode == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(["no_such_problem", "."], "没有编程题"), ([PROBLEM, "nowhere"], "不是文件夹"), ([PROBLEM, "empty"], "没有 .py 文件")],
)
def test_wrong_usage_is_one_sentence(tmp_path, arguments, says):
    (tmp_path / "empty").mkdir()
    done = batch(arguments[0], tmp_path / arguments[1])
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert says in done.stderr
