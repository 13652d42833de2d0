"""The wheel holds everything the app reads, and what it installs runs away from the source tree."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from question_bank.loader import load_bank

ROOT = Path(__file__).parents[2]
PACKAGES = ("quizapp", "question_bank", "judge", "solutions")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True, stdout=subprocess.PIPE
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory) -> Path:
    """A venv with our wheel installed and the dependencies borrowed; an editable install in the lender is not seen from here."""
    venv = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    python = venv / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel]
    subprocess.run([str(part) for part in pip], check=True)
    paths = sysconfig.get_paths(vars={"base": str(venv), "platbase": str(venv)})
    Path(paths["purelib"], "borrowed.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return venv


def run(environment: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [environment / "bin" / program, *arguments], cwd=environment, capture_output=True, text=True, check=False, timeout=120
    )


def test_every_file_of_the_packages_is_in_the_wheel(wheel):
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    wanted = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }
    assert {".yaml", ".md", ".tcss", ".py"} <= {Path(name).suffix for name in wanted}
    assert wanted - held == set()


def test_nothing_else_is_in_the_wheel(wheel):
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


@pytest.mark.parametrize("program", ["quizapp", "judge"])
def test_the_installed_command_says_how_it_is_used(environment, program):
    done = run(environment, program, "--help")
    assert done.returncode == 0, done.stderr
    assert "Usage:" in done.stdout or "用法" in done.stdout


def test_the_installed_bank_is_the_bank(environment):
    code = (
        "import json, question_bank; from question_bank.loader import load_bank; bank = load_bank();"
        "print(json.dumps([question_bank.__file__, len(bank.questions), [str(p) for p in bank.problems]]))"
    )
    done = run(environment, "python", "-c", code)
    assert done.returncode == 0, done.stderr
    where, count, problems = json.loads(done.stdout)
    assert Path(where).is_relative_to(environment)
    assert count == len(load_bank().questions) > 0
    assert problems == []
