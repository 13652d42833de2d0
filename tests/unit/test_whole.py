"""A file appears whole or not at all."""

import pytest

from judge.whole import written_whole


def test_the_old_content_stands_until_the_new_is_complete(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("old")
    with written_whole(path) as draft:
        draft.write_text("new")
        assert path.read_text() == "old"

    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_what_fails_in_the_middle_leaves_nothing_behind(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("old")

    def write():
        with written_whole(path) as draft:
            draft.write_text("half")
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        write()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
