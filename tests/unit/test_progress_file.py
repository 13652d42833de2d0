"""The progress file: who may open it, what it refuses, and the copies that are kept of it."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sqlite3
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.progress import Damaged, NewerSchema, Progress, ProgressProblem, SecondInstance, backups
from quizapp.progress.opening import inspect, is_checked_first, migrate
from quizapp.progress.schema import MIGRATIONS

NOW = dt.datetime(2026, 3, 2, 1, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "home" / "progress.db"


def opened(path, **more):
    return Progress.open(path, lambda: NOW, **more)


def answer(progress, question="llm", rating=3):
    return progress.record_answer(question, text="大模型", rating=rating, score=80.0, points={}, mode="刷题", seconds=1)


def test_what_was_recorded_is_there_after_reopening(path):
    with opened(path) as progress:
        answer(progress)
        progress.save_draft("rope", "旋转位")
    with opened(path) as progress:
        assert [a.text for a in progress.answers()] == ["大模型"]
        assert progress.draft("rope") == "旋转位"


@contextlib.contextmanager
def not_root():
    """For a while somebody to whom permissions apply."""
    was = os.geteuid()
    if was == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(was)


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_file_where_nothing_can_be_written_is_read_and_examined():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with opened(folder / "progress.db") as progress:
            answer(progress)
        folder.chmod(0o555)
        (folder / "progress.db").chmod(0o444)
        with not_root():
            inspect(folder / "progress.db")
            with opened(folder / "progress.db", mode="read") as progress:
                assert progress.stats().answers == 1
        folder.chmod(0o755)


def test_an_answer_after_midnight_counts_for_the_evening(path):
    with opened(path) as progress:
        answer(progress)
        assert progress.today() == progress.answers()[0].day == dt.date(2026, 3, 1)


def test_a_second_owner_is_told_who_is_there_and_may_read(path):
    with opened(path) as first:
        answer(first)
        with pytest.raises(SecondInstance, match=str(os.getpid())):
            opened(path)
        with opened(path, mode="read") as reader:
            assert reader.stats().answers == 1
            with pytest.raises(ProgressProblem, match="只读"):
                answer(reader)
        with opened(path, mode="guest") as guest:
            answer(guest, "rope")
        assert {a.question for a in first.answers()} == {"llm", "rope"}


def test_the_lock_goes_with_a_killed_owner(path):
    code = (
        "import pathlib, time; from quizapp.progress import Progress\n"
        f"p = Progress.open(pathlib.Path({str(path)!r})); print('open', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as owner:
        owner.stdout.readline()
        with pytest.raises(SecondInstance):
            opened(path)
        owner.kill()
    with opened(path) as progress:
        assert progress.answers() == []


def test_the_log_cannot_be_rewritten(path):
    with opened(path) as progress:
        answer(progress)
    db = sqlite3.connect(path)
    for statement in ("DELETE FROM log", "UPDATE log SET body = '{}'"):
        with pytest.raises(sqlite3.IntegrityError, match="only grows"):
            db.execute(statement)
    db.close()


def test_a_newer_file_is_refused_and_left_as_it_is(path):
    with opened(path):
        pass
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    db.close()
    content = path.read_bytes()
    with pytest.raises(NewerSchema, match="请升级"):
        opened(path)

    assert path.read_bytes() == content


def test_anothers_database_is_refused(path):
    path.parent.mkdir()
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE theirs (x)")
    db.close()
    with pytest.raises(ProgressProblem, match="不是 quizapp"):
        opened(path)


def test_a_file_of_noise_is_called_damaged(path):
    path.parent.mkdir()
    path.write_bytes(os.urandom(8192))
    with pytest.raises(Damaged, match="--restore"):
        opened(path)


def test_a_torn_page_is_found_and_the_backup_restores(path):
    with opened(path) as progress:
        for _ in range(300):
            answer(progress)
        copy = progress.backup()
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 3 + 4096] = os.urandom(4096)
    path.write_bytes(content)
    with pytest.raises(Damaged):
        opened(path)
    aside = backups.restore(path, copy)
    assert aside.read_bytes() == bytes(content)
    with opened(path) as progress:
        assert progress.stats().answers == 300


def test_a_migration_backs_up_first_and_is_all_or_nothing(path):
    with opened(path) as progress:
        answer(progress)
    db = sqlite3.connect(path, isolation_level=None)
    broken = (*MIGRATIONS, "CREATE TABLE extra (x) STRICT;\nCREATE TABLE extra (x INTEGER) STRICT;\n")
    with pytest.raises(sqlite3.OperationalError):
        migrate(db, path, broken)
    assert db.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS)
    good = (*MIGRATIONS, "CREATE TABLE extra (x INTEGER) STRICT;\n")
    backup = migrate(db, path, good)
    assert db.execute("PRAGMA user_version").fetchone()[0] == len(good)
    db.close()
    with sqlite3.connect(backup) as kept:
        assert kept.execute("SELECT count(*) FROM log").fetchone()[0] == 1
        assert kept.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS)


def test_one_backup_a_day(path):
    with opened(path) as progress:
        answer(progress)
        assert progress.backup().name == "progress-2026-03-01.db"
        assert progress.backup() is None


def test_a_command_that_records_makes_the_days_backup_too(path):
    with opened(path) as progress:
        answer(progress)
    assert backups.dated(path) == {}
    with opened(path, mode="guest") as progress:
        answer(progress)

    assert [day.isoformat() for day in backups.dated(path)] == ["2026-03-01"]


def test_a_backup_somebody_renamed_is_no_day(path):
    with opened(path) as progress:
        answer(progress)
        copy = progress.backup()
    copy.rename(copy.with_name("progress-2026-13-99.db"))

    assert backups.dated(path) == {}
    with opened(path) as progress:
        assert progress.trouble == ""


@given(st.sets(st.dates(dt.date(2024, 1, 1), dt.date(2026, 12, 31)), max_size=400))
def test_kept_backups_are_few_and_reach_far_back(days):
    kept, newest = backups.keep(days), sorted(days, reverse=True)

    assert kept <= days
    assert len(kept) <= backups.DAILY + backups.WEEKLY + backups.MONTHLY
    assert set(newest[: backups.DAILY]) <= kept
    months = sorted({(day.year, day.month) for day in days}, reverse=True)[: backups.MONTHLY]
    assert {(day.year, day.month) for day in kept} >= set(months)


def test_thinning_is_stable(path):
    """Backing up every day for a year never throws away what a later thinning would have wanted of the months."""
    have: set[dt.date] = set()
    for offset in range(365):
        have = backups.keep(have | {dt.date(2026, 1, 1) + dt.timedelta(days=offset)})

    assert {day.month for day in have} == set(range(1, 13))


def test_a_large_file_is_looked_through_in_the_background_and_damage_is_told_and_not_copied(path, monkeypatch):
    with opened(path) as progress:
        for _ in range(300):
            answer(progress)
    content = bytearray(path.read_bytes())
    content[4096 * 20 : 4096 * 21] = os.urandom(4096)
    path.write_bytes(content)
    monkeypatch.setattr("quizapp.progress.opening.LARGE", 1024)
    progress = opened(path)
    progress.close()

    assert "已损坏" in progress.trouble
    assert backups.dated(path) == {}


def test_after_a_crash_even_a_large_file_is_looked_through_first(path, monkeypatch):
    monkeypatch.setattr("quizapp.progress.opening.LARGE", 0)
    progress = opened(path)
    answer(progress)
    assert is_checked_first(path)
    progress.close()
    assert not is_checked_first(path)


def test_threads_share_one_progress(path):
    with opened(path) as progress, ThreadPoolExecutor(6) as pool:
        ids = list(pool.map(lambda n: answer(progress, f"q{n % 3}"), range(60)))
        assert len(set(ids)) == 60
        assert sum(state.attempts for state in progress.states().values()) == 60


def test_progress_of_a_question_that_left_the_bank_is_kept(path):
    with opened(path) as progress:
        answer(progress, "gone_from_the_bank")
        assert progress.rebuild() == ()
        assert progress.state("gone_from_the_bank").attempts == 1


def test_more_answers_are_read_than_sqlite_takes_parameters(path):
    with opened(path) as progress:
        ids = [answer(progress, f"q{number % 7}") for number in range(60)]
        progress.overrule(ids[3], {"p": "命中"}, score=100.0, rating=3)
        progress._db.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 20)
        found = progress.answers(limit=1000)
        assert [one.id for one in found] == ids[::-1]
        assert [one.id for one in found if one.overruled] == [ids[3]]


def test_an_undone_answer_does_not_push_out_what_is_half_typed(path):
    with opened(path) as progress:
        for text in ("第一次", "第二次"):
            progress.record_answer("llm", text=text, rating=3, score=80.0, points={}, mode="刷题", seconds=1)
        progress.save_draft("llm", "写了一半")
        progress.undo()
        assert progress.draft("llm") == "第二次\n写了一半"
        progress.save_draft("llm", "")
        progress.record_answer("llm", text="第三次", rating=3, score=80.0, points={}, mode="刷题", seconds=1)
        assert [progress.undo().text for _ in range(2)] == ["第三次", "第一次"]
        assert progress.draft("llm") == "第一次"


def test_forty_answers_are_undone_one_by_one_after_a_restart(path):
    with opened(path) as progress:
        for number in range(40):
            answer(progress, f"q{number % 7}")
    with opened(path) as progress:
        assert all(progress.undo() for _ in range(40))
        assert progress.undo() is None
        assert progress.stats().answers == 0
        assert progress.count() == 80
