"""docs/study.md says what is there: every command it shows is known, every type and mode has its line; the script beside it runs."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from judge.cli import cli as judge
from question_bank.loader import load_bank
from quizapp.cli import quizapp
from quizapp.study.sessions import Mode

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "study.md").read_text(encoding="utf-8")
COMMANDS = sorted(set(re.findall(r"\b(quizapp|judge) ([a-z]+)\b([^`\n]*)", PAGE)))


@pytest.mark.parametrize(("program", "name", "rest"), COMMANDS)
def test_every_command_of_the_page_is_known_with_its_options(program, name, rest):
    group = {"quizapp": quizapp, "judge": judge}[program]
    command = group.get_command(click.Context(group), name)
    assert command is not None
    known = {option for param in command.params for option in [*param.opts, *param.secondary_opts]}
    assert set(re.findall(r"(?<!\S)--?[a-z][a-z-]*", rest.split("|")[0].split("#")[0])) <= known


def test_every_type_and_mode_has_its_line():
    types = {outline.type for outline in load_bank().outlines}
    assert types == set(re.findall(r"^\| \S+ `(\w+)` \|", PAGE, re.MULTILINE))
    assert all(f"`{mode}`" in PAGE for mode in Mode if mode is not Mode.MOCK)


@pytest.mark.skipif(os.name == "nt", reason="a shell script")
def test_the_script_takes_a_mock_and_prints_one_report(tmp_path):
    (tmp_path / "answers.txt").write_text("参数量大\n数据多\n.\n:skip\n低秩矩阵\n.\n", encoding="utf-8")
    program = tmp_path / "quizapp"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m quizapp.cli "$@"\n')
    program.chmod(0o755)
    line = ["sh", str(ROOT / "scripts" / "mock_interview.sh"), str(tmp_path / "answers.txt"), "basics", "10"]
    home = {**os.environ, "QUIZAPP": str(program), "QUIZAPP_HOME": str(tmp_path / "home")}
    done = subprocess.run(line, capture_output=True, text=True, env=home, cwd=ROOT)
    report = json.loads(done.stdout)

    assert done.returncode == 0, done.stderr
    assert (report["minutes"], report["questions"]) == (10, 3)
    assert {line["status"] for line in report["lines"]} <= {"answered", "skipped", "unanswered"}
    assert subprocess.run(line[:2], capture_output=True, env=home).returncode == 2
