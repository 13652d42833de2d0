"""The compiled bank equals the read one, notices every change, and is worth no more than the YAML when it is damaged."""

import os
import shutil

import pytest

from question_bank import compiled, loader

from .conftest import SHORT


@pytest.fixture
def reads(monkeypatch):
    """How many times the bank was read from its YAML."""
    count = []
    original = loader.compile_bank
    monkeypatch.setattr(loader, "compile_bank", lambda root: count.append(root) or original(root))
    return count


def same(one, other):
    return contents(one) == contents(other)


def contents(bank):
    return bank.questions, bank.outlines, bank.topics, bank.problems, bank.keys()


def test_the_second_start_reads_no_yaml_and_is_the_same(small, reads):
    small.short("good")
    small.coding("code")
    small.short("bad", "id: bad\n")
    first, second = small.load(), small.load()
    assert len(reads) == 1
    assert second.problems
    assert same(first, second)
    assert same(first, small.load(cache=False))


CHANGES = {
    "edited": lambda root: touch(root / "theory/basics/good.yaml", SHORT.format(id="good").replace("标题", "新题")),
    "same size": lambda root: touch(root / "theory/basics/good.yaml", SHORT.format(id="good").replace("甲", "丁")),
    "added": lambda root: (root / "theory/basics/more.yaml").write_text(SHORT.format(id="more"), encoding="utf-8"),
    "removed": lambda root: (root / "theory/basics/good.yaml").unlink(),
    "statement": lambda root: touch(root / "coding/basics/code/statement.md", "新的题面\n"),
    "topics": lambda root: touch(root / "topics.yaml", "- {id: basics, title: 新主题}\n"),
    "folder gone": lambda root: shutil.rmtree(root / "coding"),
}


def touch(path, content):
    before = path.stat().st_mtime_ns
    path.write_text(content, encoding="utf-8")
    os.utime(path, ns=(before + 1, before + 1))


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_noticed(small, reads, change):
    small.short("good")
    small.coding("code")
    small.load()
    CHANGES[change](small.root)
    assert same(small.load(), small.load(cache=False))
    assert len(reads) == 3


DAMAGE = {
    "cut": lambda raw: raw[: len(raw) // 2],
    "empty": lambda raw: b"",
    "flipped byte": lambda raw: raw[:-40] + bytes([raw[-40] ^ 1]) + raw[-39:],
    "not json": lambda raw: b"garbage\n" + raw,
    "another stamp": lambda raw: b'["0' + raw[3:],
    "keys changed": lambda raw: raw.replace(b'"ids":', b'"sdi":', 1),
    "tail lost": lambda raw: raw[:-10],
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_cache_is_read_anew_and_mended(small, reads, damage):
    small.short("good")
    expected = small.load()
    file = compiled.cache_file(small.root.resolve())
    file.write_bytes(DAMAGE[damage](file.read_bytes()))
    assert same(small.load(), expected)
    small.load()
    assert len(reads) == 2


def test_a_cache_that_cannot_be_written_is_no_error(small, tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("QUIZAPP_CACHE", str(blocked / "below"))
    small.short("good")
    assert [question.id for question in small.load().questions] == ["good"]


def test_two_banks_do_not_share_a_cache(small, tmp_path):
    small.short("good")
    small.load()
    copy = tmp_path / "copy"
    shutil.copytree(small.root, copy)
    (copy / "theory/basics/good.yaml").unlink()
    assert loader.load_bank(copy).questions == ()
    assert len(small.load().questions) == 1


def test_no_half_written_file_stays_behind(small):
    small.short("good")
    small.load()
    folder = compiled.cache_file(small.root).parent
    assert len(list(folder.iterdir())) == 1
