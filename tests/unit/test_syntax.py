"""Every broken statement is told with its line, and none that is sound."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judge.grader.syntax import meaning, syntax_errors

THREE = """\
import torch

class Net(torch.nn.Module)
    def __init__(self):
        super().__init__()
        self.fc = torch.nn.Linear(10, 2

    def forward(self, x):
        return self.fc(x))

print "done"
"""


def test_three_errors_in_one_file_are_all_told():
    assert [line for line, _ in syntax_errors(THREE)] == [3, 6, 9, 11]


def test_an_unclosed_call_over_several_lines_is_one_error():
    source = "model = Sequential([\n    Dense(3),\n    Dense(4),\n\nx = 1\ny = (2\n"

    assert [line for line, _ in syntax_errors(source)] == [1, 6]


def test_two_broken_lines_in_a_row_are_both_told():
    assert [line for line, _ in syntax_errors("for x in y:\n    total += f(x\nprint 'done'\n")] == [2, 3]


def test_an_unclosed_call_is_not_taken_for_a_missing_comma():
    source = "a = Field(tokenize=str.split\nb = Data.splits(\n    path=1,\n)\nc = 3\n"

    assert syntax_errors(source) == [(1, "括号 ( 没有闭合")]


def test_a_bracket_too_many_in_a_list_is_one_error():
    source = "x = f(\n    [\n        a(),\n        b()),\n        c(),\n    ]\n)\ny = (1\nz = 2\n"

    assert [line for line, _ in syntax_errors(source)] == [4, 8]


def test_a_sound_file_has_none():
    assert syntax_errors("def f(x):\n    return x\n") == []


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("def f()\n    pass", "冒号"),
        ("x = (1", "没有闭合"),
        ("x = 1)", "多出"),
        ("if x:\ny = 1", "缩进"),
        ("print 'a'", "括号"),
        ("x ＝ 1", "全角"),
        ("s = 'a", "引号"),
    ],
)
def test_common_mistakes_are_told_in_chinese(source, says):
    assert says in syntax_errors(source)[0][1]


def test_an_unknown_message_is_kept():
    assert meaning("some new message") == "some new message"


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="abf(){}[]:=\n \t'\"#,。0", max_size=120))
def test_any_text_ends_and_lines_are_in_the_file(source):
    count = source.count("\n") + 1
    assert all(1 <= line <= count for line, _ in syntax_errors(source))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("%matplotlib inline", "Jupyter"),
        ("!pip install torch", "Jupyter"),
        ("```python", "Markdown"),
        (">>> import torch", "提示符"),
        ("In [3]: import torch", "单元编号"),
    ],
)
def test_what_was_pasted_along_is_named(line, said):
    (found,) = syntax_errors(f"import math\n{line}\nx = 1\n")

    assert found[0] == 2
    assert said in found[1]
