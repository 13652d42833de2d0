"""Soft line breaks between 汉字 are joined; everything else of Markdown stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.markdown_text import join_soft_breaks, soft_breaks, split_steps


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("甲\n乙", "甲乙"),
        ("甲，\n乙", "甲，乙"),
        ("甲\n  乙", "甲乙"),
        ("甲\nword", "甲\nword"),
        ("word\n甲", "word\n甲"),
        ("甲\n\n乙", "甲\n\n乙"),
        ("甲\n- 乙", "甲\n- 乙"),
        ("- 甲\n  乙", "- 甲乙"),
        ("1. 甲\n2. 乙", "1. 甲\n2. 乙"),
        ("# 甲\n乙", "# 甲\n乙"),
        ("> 甲\n> 乙", "> 甲\n> 乙"),
        ("| 甲 |\n| 乙 |", "| 甲 |\n| 乙 |"),
        ("```\n甲\n乙\n```", "```\n甲\n乙\n```"),
        ("甲\n```\n乙\n```\n丙\n丁", "甲\n```\n乙\n```\n丙丁"),
        ("````\n甲\n```\n乙\n````", "````\n甲\n```\n乙\n````"),
        ("甲  \n乙", "甲  \n乙"),
        ("甲\\\n乙", "甲\\\n乙"),
        ("甲\n乙\n丙", "甲乙丙"),
    ],
)
def test_join(text, joined):
    assert join_soft_breaks(text) == joined


@given(st.text(alphabet="甲乙，a -#|>`\n", max_size=60))
def test_joining_loses_no_character_and_is_done_once(text):
    joined = join_soft_breaks(text)
    assert [char for char in joined if char not in " \n"] == [char for char in text if char not in " \n"]
    assert join_soft_breaks(joined) == joined
    assert bool(soft_breaks(text)) == (joined != text)


def test_steps_are_cut_at_numbered_headings():
    assert split_steps("前言\n\n## 1\n\n甲\n\n### 小节\n\n## 2 标题\n\n乙\n") == ("甲\n\n### 小节", "乙")
    assert split_steps("没有标题") == ()
