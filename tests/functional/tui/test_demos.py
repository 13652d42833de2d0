"""Every widget that says it runs alone does so, without an argument."""

import runpy
import sys
import tempfile
from pathlib import Path

import pytest

import quizapp.widgets
from quizapp.widgets.stage import Stage

FOLDER = Path(quizapp.widgets.__file__).parent
SOURCES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.py"))}
DEMOS = [name for name, source in SOURCES.items() if "__main__" in source]


def test_only_what_runs_alone_says_so():
    assert [name for name, source in SOURCES.items() if "Run it alone" in source] == DEMOS
    assert "picture" in DEMOS


@pytest.mark.filterwarnings("ignore:.*found in sys.modules:RuntimeWarning")
@pytest.mark.parametrize("name", DEMOS)
async def test_a_widget_runs_alone(monkeypatch, tmp_path, text, name):
    built = []
    monkeypatch.setattr(Stage, "run", lambda stage: built.append(stage))
    monkeypatch.setattr(sys, "argv", [name])
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    runpy.run_module(f"quizapp.widgets.{name}", run_name="__main__")

    async with built[0].run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.2)
        assert text(pilot.app).strip()
