"""Settings and the learner's own files: mistakes are told, nothing is overwritten."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.models import Coding, Entry, Limits
from quizapp.clock import learning_day
from quizapp.problems import UsageProblem
from quizapp.settings import Settings, changed, load_settings, save_settings
from quizapp.workspace import create_solution, read_source, solution_path


def test_a_missing_file_means_the_defaults(tmp_path):
    assert load_settings(tmp_path / "none.toml") == Settings()


def test_settings_survive_being_written(tmp_path):
    path = tmp_path / "deep" / "settings.toml"
    chosen = changed(
        Settings(), interview_date=dt.date(2026, 12, 1), timezone="Asia/Shanghai", editor='vim "-n"', desired_retention=0.85
    )
    save_settings(chosen, path)

    assert load_settings(path) == chosen
    assert "theme" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("desired_retention = 2.0", "desired_retention 应不大于 0.97"),
        ("intervew_date = 2026-01-01", "interview_date"),
        ('timezone = "Beijing"', "Asia/Shanghai"),
        ('new_per_day = "5"', "应是整数"),
        ("new_per_day = ", "不是有效的 TOML"),
    ],
)
def test_a_mistake_is_one_sentence_with_the_file(tmp_path, text, said):
    path = tmp_path / "settings.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageProblem, match=said) as caught:
        load_settings(path)

    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@given(
    st.integers(1_500_000_000, 1_900_000_000).map(lambda second: dt.datetime.fromtimestamp(second, dt.UTC)),
    st.sampled_from(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"]),
)
def test_a_learning_day_begins_at_four_on_the_wall(moment, zone):
    """Also on the nights when clocks are changed."""
    local = moment.astimezone(ZoneInfo(zone))
    day = learning_day(local)
    begins = dt.datetime.combine(day, dt.time(4))
    wall = local.replace(tzinfo=None)

    assert begins <= wall < begins + dt.timedelta(days=1)


def problem(**starters):
    return Coding(
        id="mnist_digits", title="t", topic="classic_ml", difficulty=1, type="coding", frameworks=("torch",),
        entries=(Entry(name="f", signature="f()", returns="x"),), limits=Limits(cpu_s=1.0, wall_s=1.0),
        groups=({"id": "gg", "title": "t"},), starters=starters,
    )  # fmt: skip


def test_a_solution_is_created_once_and_never_overwritten(tmp_path, monkeypatch):
    monkeypatch.setenv("QUIZAPP_WORKSPACE", str(tmp_path / "work"))
    question = problem(torch="import torch\n")
    path, created = create_solution(question, "torch")
    assert (created, path, path.read_text()) == (True, solution_path("mnist_digits", "torch"), "import torch\n")
    path.write_text("mine")

    assert create_solution(question, "torch") == (path, False)
    assert path.read_text() == "mine"
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_a_framework_without_starter_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("QUIZAPP_WORKSPACE", str(tmp_path))
    with pytest.raises(UsageProblem, match="tensorflow"):
        create_solution(problem(torch="x"), "tensorflow")


@pytest.mark.parametrize(("name", "said"), [("nowhere.py", "找不到文件"), ("", "是文件夹"), ("large.py", "1 MiB")])
def test_what_cannot_be_submitted_is_told(tmp_path: Path, name, said):
    (tmp_path / "large.py").write_bytes(b"x" * ((1 << 20) + 1))
    with pytest.raises(UsageProblem, match=said):
        read_source(tmp_path / name)
