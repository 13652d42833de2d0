"""A folder of submissions: each source judged once, nothing done again, no file stops the others."""

import asyncio
import csv
import io
import os

import pytest

from judge import batch
from judge.client import Broken, Unavailable
from judge.verdict import CheckResult, Report, Verdict


def report(verdict=Verdict.WA, diagnosis="忘了缩放", **more):
    check = CheckResult(id="a", group="values", title="数值", status=verdict, diagnosis=diagnosis)
    values = {"verdict": verdict, "score": 40, "problem": "p", "framework": "torch", "device": "cpu", "sandbox": "bwrap"}
    return Report(**{**values, "isolated": True, "seed": 7, "checks": (check,), **more})


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "class"
    for name, text in {
        "s10.py": "ten", "s2.py": "two", "twin/a.py": "two", "=x.py": "formula", "note.txt": "no", ".hidden/h.py": "no",
        "__pycache__/c.py": "no",
    }.items():  # fmt: skip
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)
    return place


def run(folder, ask, jobs=2, seed=None):
    """The rows in the order they came, and the sources asked about."""
    asked, rows = [], []

    async def asking(entry):
        asked.append(entry.source)
        return await ask(entry)

    kept = batch.Kept(folder / ".judge", "p", ["torch"], seed)
    asyncio.run(batch.judged(batch.entries(folder), kept, asking, jobs, rows.append))
    return rows, asked


async def always_wrong(entry):
    return report()


def test_files_are_found_below_the_folder_in_natural_order(folder):
    assert [entry.name for entry in batch.entries(folder)] == ["=x.py", "s2.py", "s10.py", "twin/a.py"]


def test_a_source_is_judged_once_for_all_who_handed_it_in(folder):
    rows, asked = run(folder, always_wrong)
    assert sorted(asked) == [b"formula", b"ten", b"two"]
    assert {row.entry.name: row.twin for row in rows} == {"=x.py": "", "s10.py": "", "s2.py": "", "twin/a.py": "s2.py"}


def test_a_second_run_judges_only_what_changed(folder):
    run(folder, always_wrong)
    (folder / "s10.py").write_text("changed")
    rows, asked = run(folder, always_wrong)
    assert asked == [b"changed"]
    assert sum(row.kept for row in rows) == 3


def test_another_way_of_judging_begins_anew_and_the_seed_is_one_for_all(folder):
    first, _ = batch.Kept(folder / ".judge", "p", ["torch"], None), run(folder, always_wrong)
    assert batch.Kept(folder / ".judge", "p", ["torch"], None).seed == first.seed
    assert len(run(folder, always_wrong, seed=first.seed + 1)[1]) == 3


@pytest.mark.parametrize(
    ("problem", "said"), [(Unavailable("没有装 TensorFlow"), "没有装"), (Broken("坏了"), "判题机自身出错：坏了")]
)
def test_what_cannot_be_judged_stops_nobody_else_and_is_tried_again_next_time(folder, problem, said):
    async def sometimes(entry):
        if entry.source == b"ten":
            raise problem
        return report()

    rows, _ = run(folder, sometimes)
    assert {row.entry.name: row.report is None for row in rows}["s10.py"]
    assert sum(row.report is not None for row in rows) == 3
    assert said in next(row.trouble for row in rows if row.report is None)
    assert run(folder, always_wrong)[1] == [b"ten"]


def test_a_judge_error_is_tried_again_and_not_kept(folder):
    async def failing(entry):
        return report(Verdict.IE, None)

    run(folder, failing)
    assert len(run(folder, always_wrong)[1]) == 3


def test_a_judge_that_broke_once_is_asked_again(folder):
    times = []

    async def once(entry):
        times.append(entry)
        if len(times) == 1:
            raise Broken("服务重启")
        return report()

    rows, _ = run(folder, once, jobs=1)
    assert all(row.report for row in rows)


def test_files_that_are_none_are_told_without_judging(folder):
    os.mkfifo(folder / "pipe.py")
    (folder / "huge.py").write_bytes(bytes(batch.LARGEST + 1))
    (folder / "dir.py").mkdir()
    rows, asked = run(folder, always_wrong)
    assert {row.entry.name: row.trouble for row in rows if row.trouble} == {
        "pipe.py": "不是普通文件", "huge.py": "超过 4 MiB", "dir.py": "不是普通文件",
    }  # fmt: skip
    assert len(asked) == 3


def test_a_torn_report_is_judged_again(folder):
    run(folder, always_wrong)
    for path in (folder / ".judge" / "p").glob("*.json"):
        path.write_text(path.read_text()[:100])
    assert len(run(folder, always_wrong)[1]) == 3


def test_the_table_opens_in_a_spreadsheet_and_runs_nothing_there(folder, tmp_path):
    rows, _ = run(folder, always_wrong)
    batch.write_table(rows, tmp_path / "t.csv")
    content = (tmp_path / "t.csv").read_bytes()
    table = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))

    assert content.startswith(b"\xef\xbb\xbf")
    assert {line["文件"] for line in table} == {"'=x.py", "s2.py", "s10.py", "twin/a.py"}
    assert {(line["判决"], line["得分"], line["诊断"], line["种子"]) for line in table} == {("WA", "40", "忘了缩放", "7")}
    assert next(line["与谁相同"] for line in table if line["文件"] == "twin/a.py") == "s2.py"


def test_the_summary_counts_everybody_once(folder):
    async def mixed(entry):
        return report(Verdict.AC, None, score=100) if entry.source == b"two" else report()

    rows, _ = run(folder, mixed)
    told = list(batch.summary(rows))
    assert told == ["共 4 份，通过 2，未通过 2，与别人一字不差 1；平均 70 分", "  2 份：忘了缩放"]
