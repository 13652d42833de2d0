"""`make`: what it installs, and that it does so once. A stand-in for Python records what it is asked to do."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="needs make")

PYTHON = """#!/bin/sh
case "$*" in
  "-c import sys; print"*) echo "$0"; exit 0 ;;
  "-c "*) exit 0 ;;
esac
echo "$*" >> "$LOG"
case "$1 $2" in
  "-m venv")
    mkdir -p "$3/bin" && cp "$0" "$3/bin/python"
    [ ! -e "$LOG.stop" ] || exit 1 ;;
  "-m pip") [ ! -e "$LOG.stop" ] || exit 1 ;;
esac
"""


class Clone:
    """A clone with only what `make` reads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("Makefile", "pyproject.toml", "constraints.txt"):
            shutil.copy(ROOT / name, folder)
        shutil.copytree(ROOT / "scripts", folder / "scripts")
        self.python = folder / "python"
        self.python.write_text(PYTHON)
        self.python.chmod(0o755)
        self.log = folder / "log"

    def make(self, *arguments: str, python: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run make; `self.log` then holds what this call asked of Python."""
        self.log.unlink(missing_ok=True)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
        return subprocess.run(
            ["make", f"PYTHON={python or self.python}", *arguments],
            cwd=self.folder,
            env={**environment, "LOG": str(self.log)},
            capture_output=True,
            text=True,
            check=False,
        )

    def asked(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []

    def installs(self) -> list[str]:
        return [line for line in self.asked() if " pip install " in line]

    def stop(self, on: bool) -> None:
        """Let what comes next fail half-way, as an interruption would."""
        flag = Path(f"{self.log}.stop")
        flag.touch() if on else flag.unlink()


@pytest.fixture
def clone(tmp_path) -> Clone:
    return Clone(tmp_path)


@pytest.mark.parametrize(
    ("frameworks", "what"),
    [
        ("all", ".[torch,tensorflow]"),
        ("torch", ".[torch]"),
        ("tensorflow", ".[tensorflow]"),
        ("none", "."),
    ],
)
def test_installs_what_is_asked_for_once(clone, frameworks, what):
    assert clone.make("setup", f"FRAMEWORKS={frameworks}").returncode == 0
    assert clone.asked() == ["-m venv .venv", f"-m pip install -c constraints.txt -e {what}"]
    assert clone.make("setup", f"FRAMEWORKS={frameworks}").returncode == 0
    assert clone.asked() == []


def test_both_frameworks_and_the_data_by_default(clone):
    assert clone.make("data").returncode == 0
    assert clone.asked()[1:] == [
        "-m pip install -c constraints.txt -e .[torch,tensorflow]",
        "-m judge.datasets ensure",
    ]


def test_the_choice_of_frameworks_stands_until_another_is_made(clone):
    clone.make("setup", "FRAMEWORKS=torch")
    assert clone.make("data").returncode == 0
    assert clone.asked() == ["-m judge.datasets ensure"]
    clone.make("setup", "FRAMEWORKS=all")
    assert clone.installs() == ["-m pip install -c constraints.txt -e .[torch,tensorflow]"]


def test_without_a_framework_no_data_is_fetched(clone):
    assert clone.make("data", "FRAMEWORKS=none").returncode == 0
    assert not any("judge.datasets" in line for line in clone.asked())


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_installs_again_when_what_decides_it_has_changed(clone, name):
    clone.make("setup")
    with (clone.folder / name).open("a") as file:
        file.write("\n# changed\n")
    clone.make("setup")
    assert len(clone.installs()) == 1


def test_installs_again_where_the_clone_was_moved_to(clone, tmp_path_factory):
    clone.make("setup")
    clone.folder = clone.folder.rename(tmp_path_factory.mktemp("moved") / "clone")
    clone.log = clone.folder / "log"
    clone.make("setup", python=str(clone.folder / "python"))
    assert len(clone.installs()) == 1


def test_takes_up_an_interrupted_install(clone):
    clone.make("setup")
    clone.stop(True)
    assert clone.make("setup", "FRAMEWORKS=none").returncode != 0
    clone.stop(False)
    assert clone.make("setup", "FRAMEWORKS=none").returncode == 0
    assert clone.asked() == ["-m pip install -c constraints.txt -e ."]


def test_takes_up_an_interrupted_venv(clone):
    clone.stop(True)
    assert clone.make("setup").returncode != 0
    assert (clone.folder / ".venv/bin/python").exists()
    clone.stop(False)
    assert clone.make("setup").returncode == 0
    assert clone.asked()[0] == "-m venv .venv"


def test_tests_get_their_tools_on_top_and_then_nothing_more(clone):
    assert clone.make("test").returncode == 0
    assert [line.split(" -e ")[1] for line in clone.installs()] == [".[torch,tensorflow]", ".[torch,tensorflow,dev]"]
    assert clone.asked()[-1].startswith("-m pytest")
    assert clone.make("test", "TESTS=tests/unit -k wire").returncode == 0
    assert clone.asked() == ["-m judge.datasets ensure", "-m pytest -n 2 --dist loadfile tests/unit -k wire"]


def test_pip_arguments_pass_through(clone):
    clone.make("setup", "PIP_ARGS=--index-url https://mirror.example/simple")
    assert clone.installs() == [
        "-m pip install -c constraints.txt --index-url https://mirror.example/simple -e .[torch,tensorflow]"
    ]


def test_unknown_framework_is_refused_before_anything_is_done(clone):
    done = clone.make("quiz", "FRAMEWORKS=jax")
    assert done.returncode == 2
    assert "FRAMEWORKS 只能是 all、torch、tensorflow 或 none，现在是 jax" in done.stderr
    assert clone.asked() == []


def test_no_suitable_python_is_one_sentence(clone):
    old = clone.folder / "old"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = clone.make("quiz", python=str(old))
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == f"PYTHON={old} 用不了：请给出 Python 3.11、3.12 或 3.13"


def test_a_python_without_venv_is_told_how_to_get_it(clone):
    clone.python.write_text('#!/bin/sh\ncase "$*" in *ensurepip*) exit 1 ;; esac\nexit 0\n')
    done = clone.make("setup")
    assert "缺少 venv" in done.stderr
    assert not (clone.folder / ".venv").exists()


def test_help_names_every_target_that_may_be_asked_for(clone):
    text = clone.make("help").stdout
    phony = next(line for line in (ROOT / "Makefile").read_text().splitlines() if line.startswith(".PHONY:"))
    assert all(f"make {target} " in text for target in phony.split()[1:])


def test_every_program_a_target_runs_exists():
    lines = (ROOT / "Makefile").read_text().splitlines()
    programs = [word for line in lines if line.startswith("\t") for word in line.split() if word.endswith((".py", ".sh"))]
    assert programs
    assert [program for program in programs if not (ROOT / program).is_file()] == []
