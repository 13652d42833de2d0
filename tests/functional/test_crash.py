"""A few rounds of `make crash` (benchmarks/crash.py) with every test run, and proof that it would see a loss."""

import importlib.util
import os
import sys
from pathlib import Path

import pytest

from quizapp.progress import Progress

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no SIGKILL")

_SPEC = importlib.util.spec_from_file_location("crash_benchmark", Path(__file__).parents[2] / "benchmarks/crash.py")
crash = importlib.util.module_from_spec(_SPEC)
sys.modules[_SPEC.name] = crash  # dataclasses look their module up
_SPEC.loader.exec_module(crash)


def test_killed_at_random_moments_nothing_that_was_told_is_lost(tmp_path):
    tally = crash.kills(6, tmp_path)
    assert (tally.kills, tally.lost, tally.unsound, tally.unequal, tally.torn_backups) == (6, 0, 0, 0, 0), tally.problems
    assert tally.told > 0


def test_a_full_disk_is_told_in_one_sentence(tmp_path):
    case = crash.file_limit(tmp_path)
    assert (case.lost, case.sound) == (0, True)
    assert "磁盘已满" in case.sentence


def test_a_loss_is_seen_even_when_its_number_was_given_away_again(tmp_path):
    path, tally = tmp_path / "progress.db", crash.Tally()
    with Progress.open(path, lambda: crash.START) as progress:
        number = progress.record_answer("q", text="owner-1", rating=3, score=None, points={}, mode="drill", seconds=0)
    crash.inspect(path, [f"{number} owner-1"], tally, 1)
    assert tally.lost == 0
    crash.inspect(path, [f"{number} guest-2", f"{number + 1} owner-1"], tally, 1)
    assert tally.lost == 2
