"""`quizapp export` and `quizapp import` as a person uses them."""

from __future__ import annotations

import csv
import io
import json
import sys
import zipfile

import pytest

from quizapp.cli import main
from quizapp.progress import Progress

TEXT = "Q: 什么是 KV Cache？\nA: 缓存历史 token 的 K 和 V，推理时不必重算。\n"


@pytest.fixture
def quizapp(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("QUIZAPP_HOME", str(tmp_path / "home"))

    def run(*arguments):
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["quizapp", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return left.value.code, said.out, said.err

    return run


@pytest.fixture
def answered(tmp_path, quizapp):
    """Somebody who missed a question."""
    with Progress.open(tmp_path / "home" / "progress.db") as progress:
        progress.record_answer(
            "rope_principle", text="=1+1", rating=1, score=10.0, points={"rotation": "遗漏"}, mode="drill", seconds=9
        )


def test_the_log_moves_to_another_machine_bit_for_bit(quizapp, answered, tmp_path, monkeypatch):
    first = quizapp("export", "jsonl", "-o", tmp_path / "log.jsonl")
    monkeypatch.setenv("QUIZAPP_HOME", str(tmp_path / "other"))
    code, _, err = quizapp("import", tmp_path / "log.jsonl")
    quizapp("export", "jsonl", "-o", tmp_path / "again.jsonl")

    assert (first[0], code) == (0, 0)
    assert "已有" in err
    assert (tmp_path / "log.jsonl").read_bytes() == (tmp_path / "again.jsonl").read_bytes()
    assert json.loads(quizapp("stats", "--json")[1])["answers"] == 1


def test_papers_mistakes_and_tables_are_printed(quizapp, answered):
    assert "# 错题本" in quizapp("export", "wrong")[1]
    assert "> =1+1" in quizapp("export", "wrong", "--answers")[1]
    assert "rope_principle" in quizapp("export", "wrong", "--topic", "architecture")[1]
    assert quizapp("export", "wrong", "--topic", "basics")[2] == "错题本里没有这个主题的题\n"
    paper = quizapp("export", "paper", "--count", "5", "--seed", "3")[1]
    assert paper == quizapp("export", "paper", "--count", "5", "--seed", "3")[1]
    assert paper.count("\n### ") == 5
    for table, columns in (("days", 6), ("questions", 11), ("answers", 9), ("submissions", 9)):
        rows = list(csv.reader(io.StringIO(quizapp("export", "csv", "--table", table)[1])))
        assert {len(row) for row in rows} == {columns}


def test_a_table_in_a_file_opens_in_excel(quizapp, answered, tmp_path):
    quizapp("export", "csv", "-o", tmp_path / "days.csv")
    assert (tmp_path / "days.csv").read_bytes().startswith("\ufeff日期".encode())


def test_a_deck_of_the_mistakes(quizapp, answered, tmp_path):
    _, _, err = quizapp("export", "anki", "--wrong", "-o", tmp_path / "wrong.apkg")
    assert "1 张" in err
    assert zipfile.is_zipfile(tmp_path / "wrong.apkg")
    code, _, err = quizapp("import", tmp_path / "wrong.apkg")
    assert (code, err.strip()) == (2, f"{tmp_path / 'wrong.apkg'} 里的 1 张都是这个题库导出的，没有新题")


def test_only_cards_the_bank_does_not_have_are_imported_from_anki(quizapp, tmp_path):
    """A deck of ours to which somebody added a card of their own."""
    import genanki

    from quizapp.study.transfer.anki import guid

    model = genanki.Model(
        1, "m", fields=[{"name": "问"}, {"name": "答"}], templates=[{"name": "t", "qfmt": "{{问}}", "afmt": "{{答}}"}]
    )
    deck = genanki.Deck(2, "d")
    deck.add_note(genanki.Note(model, ["RoPE？", "旋转"], guid=guid("rope_principle")))
    deck.add_note(genanki.Note(model, ["什么是 MoE？", "稀疏激活的专家"]))
    genanki.Package(deck).write_to_file(tmp_path / "mixed.apkg")
    _, out, err = quizapp("import", tmp_path / "mixed.apkg", "--topic", "architecture")
    assert out.count(".yaml") == 1
    assert "跳过 1 张" in err


def test_notes_become_drafts_and_what_is_left_to_do_is_told(quizapp, tmp_path):
    (tmp_path / "notes.md").write_text(TEXT, encoding="utf-8")
    code, out, err = quizapp("import", tmp_path / "notes.md", "--topic", "inference")
    assert code == 0
    assert "theory/inference/" in out
    assert "还要改" in err
    assert quizapp("import", tmp_path / "notes.md", "--topic", "inference")[1] != out


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("nowhere.md", None, "找不到文件"),
        ("prose.md", "只是一段话。".encode(), "认不出"),
        ("noise.md", b"\xff\xfe\x00", "不是 UTF-8"),
        ("x.apkg", b"no zip", "不是 .apkg"),
        ("x.jsonl", b"{}\n", "不是 quizapp 导出的 JSONL"),
        ("empty.jsonl", b"", "空的"),
    ],
)
def test_a_file_that_cannot_be_imported_is_told_in_one_sentence(quizapp, tmp_path, name, content, said):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    code, out, err = quizapp("import", tmp_path / name)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err


def test_nothing_to_export_and_nowhere_to_write_are_told(quizapp, tmp_path):
    assert quizapp("export", "wrong")[2] == "错题本是空的，没有可导出的\n"
    assert "无法写" in quizapp("export", "paper", "-o", tmp_path / "no" / "paper.md")[2]
    assert "只能是" in quizapp("export", "pdf")[2]
