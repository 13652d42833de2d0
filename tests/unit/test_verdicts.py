"""How checks are written in lists."""

import pytest

from judge.verdict import CheckResult, Metric
from quizapp.widgets.verdicts import check_title, folded


def check(title="形状", status="AC", **more):
    return CheckResult(id="c", group="contract", title=title, status=status, **more)


def test_what_passed_several_times_in_a_row_is_one_line():
    lines = folded([check(), check(), check(), check("有限"), check()])

    assert [str(check_title(one, times)) for one, times in lines] == ["形状  3 次", "有限", "形状"]


@pytest.mark.parametrize(
    "other",
    [
        check(status="WA"),
        check(diagnosis="转置了"),
        check(metrics=(Metric(name="差", value=0.0, op="<=", threshold=1.0),)),
    ],
)
def test_what_has_more_to_say_keeps_its_own_line(other):
    assert folded([check(), other, other, check()]) == [(check(), 1), (other, 1), (other, 1), (check(), 1)]
