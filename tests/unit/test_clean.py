"""Text from a submission can neither paint the terminal nor break it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.clean import clean, clean_line, tail


@pytest.mark.parametrize(
    "attack",
    [
        "\x1b[31m",
        "\x1b]0;title\x07",
        "\x1b]8;;http://x\x1b\\",
        "\x1b]52;c;aGk=\x07",
        "\x1bP1$r\x1b\\",
        "\x9b2J",
        "\x1bc",
        "\x07",
        "\x00",
        "\ud800",
        "\u202e",
    ],
)
def test_escape_and_control_sequences_go(attack):
    assert clean(f"前{attack}后") == "前后"


@given(st.text(st.characters(), max_size=200))
def test_what_is_left_is_printable_and_encodable(text):
    out = clean(text)

    out.encode("utf-8")
    assert not any(ord(c) < 32 and c not in "\n\t" for c in out)


def test_length_is_capped_and_marked():
    assert clean("字" * 5000, 10) == "字" * 9 + "…"


def test_a_million_characters_cost_no_more_than_the_limit():
    assert len(clean("\x1b[" * 1_000_000, 100)) <= 100


def test_one_line_stays_one_line():
    assert clean_line("a\n b\t c") == "a b c"


def test_tail_keeps_the_end_and_survives_broken_utf8():
    assert tail(b"\xff\xfe" + "结束".encode(), 100).endswith("结束")
    assert tail(b"x" * 50_000 + b"end", 100).endswith("end")


def test_a_progress_bar_is_told_once():
    assert tail(b"epoch 1\r\n 1/3\r 2/3\r 3/3\r\ndone\r\n") == "epoch 1\n 3/3\ndone\n"
