"""Imports go one way, and the heavy ones stay where they belong: proved in fresh interpreters, from `sys.modules`."""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import quizapp

ROOT = Path(__file__).parents[2]
FRAMEWORKS = {"torch", "tensorflow", "keras", "jieba", "matplotlib"}
NEVER_IN_THE_UI = {"numpy", "pytest", "hypothesis", *FRAMEWORKS}


def loaded_by(statement: str) -> set[str]:
    """Every module in a fresh interpreter after `statement`."""
    code = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def everything_in(package_path: list[str], prefix: str) -> list[str]:
    """The modules of a package, found without importing any."""
    names = []
    for module in pkgutil.iter_modules(package_path, prefix):
        if module.name.endswith("__main__"):
            continue
        names.append(module.name)
        if module.ispkg:
            names += everything_in([str(Path(package_path[0]) / module.name.rpartition(".")[2])], f"{module.name}.")
    return names


def test_import_contracts_hold():
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_whole_ui_loads_no_framework_no_numpy_and_no_test_runner():
    modules = everything_in(list(quizapp.__path__), "quizapp.")
    assert {"quizapp.app", "quizapp.screens.coding", "quizapp.progress.store"} <= set(modules)
    loaded = loaded_by("import " + ", ".join(modules))
    assert "textual" in loaded
    assert loaded & NEVER_IN_THE_UI == set()


@pytest.mark.parametrize("module", ["judge.client", "judge.verdict", "judge.datasets.catalog", "judge.cli"])
def test_the_way_to_the_judge_is_light(module):
    assert loaded_by(f"import {module}") & {"textual", *NEVER_IN_THE_UI} == set()


def test_the_bank_knows_neither_screen_nor_judge():
    loaded = loaded_by("from question_bank.loader import load_bank; load_bank()")
    assert loaded & {"textual", "judge", "quizapp", *NEVER_IN_THE_UI} == set()


def test_the_grader_is_ready_to_fork_for_it_holds_no_framework():
    loaded = loaded_by("from judge.grader.engine import preload; preload()")
    assert {"numpy", "pytest"} <= loaded
    assert loaded & {"textual", *FRAMEWORKS} == set()


def test_the_untrusted_side_holds_nothing_of_the_trusted_side():
    loaded = loaded_by("import judge.worker.zygote, judge.worker.serve, judge.worker.script")
    assert "judge.worker.zygote" in loaded
    trusted = ("judge.grader", "judge.sandbox", "judge.datasets", "judge.checks", "judge.verdict", "question_bank", "quizapp")
    assert {name for name in loaded if name.startswith(trusted)} == set()


def test_the_loader_of_data_reads_no_pickle():
    for path in (ROOT / "judge" / "datasets").glob("*.py"):
        source = path.read_text(encoding="utf-8")
        assert "import pickle" not in source
        assert source.count("np.load(") == source.count("allow_pickle=False")
