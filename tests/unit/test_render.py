"""What is printed for a person fits the terminal and leaves nothing out."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.columns import cells, table, wrapped
from judge.render import render_report
from judge.verdict import Artifact, CheckResult, Location, Metric, Report, Verdict

TEXT = st.text(alphabet="注意力缩放，。（）abcd ()√-1", max_size=200)


@given(TEXT, st.integers(20, 100))
def test_wrapping_keeps_every_character_and_the_width(text, width):
    lines = wrapped(text, width, "  ").split("\n")
    squeezed = "".join(text.split())

    assert "".join("".join(lines).split()) == squeezed
    longest = max((len(word) for word in text.split()), default=0) * 2
    assert all(cells(line) <= max(width, longest + 2) for line in lines)


@given(st.text(alphabet="分数应除以，。", min_size=40, max_size=120))
def test_no_line_begins_with_closing_punctuation_unless_nothing_else_is_left(text):
    for line in wrapped(text, 30).split("\n")[1:]:
        assert line[0] not in "，。" or set(line) <= set("，。")


def test_columns_line_up_with_chinese():
    lines = table([("注意力", "x"), ("ab", "y")]).split("\n")
    assert {cells(line.removesuffix(line[-1])) for line in lines} == {8}


def check(title, status, group="values", **more):
    return CheckResult(id=title, group=group, title=title, status=Verdict(status), **more)


def rendered(*checks, **more):
    report = Report(
        verdict=Verdict.WA, score=40, problem="p", framework="torch", device="cpu", sandbox="bwrap", isolated=True, seed=7,
        checks=checks, **more,
    )  # fmt: skip
    return render_report(report, 60, {"values": "数值"})


def test_a_failure_shows_diagnosis_and_the_metric_beside_its_threshold():
    metric = Metric(name="准确率", value=0.9131, op=">=", threshold=0.97)
    text = rendered(check("准确率", "WA", metrics=(metric,), diagnosis="忘记打乱数据", message="第 3 类全错"))
    for said in ("WA 答案错误  40 分", "数值  0/1", "诊断：忘记打乱数据", "第 3 类全错", "准确率 0.9131，要求 ≥ 0.97"):
        assert said in text


def test_a_value_that_was_not_finite_is_said_in_words():
    assert "损失 不是有限数，要求 < 2.3" in rendered(
        check("损失", "WA", metrics=(Metric(name="损失", value=None, op="<", threshold=2.3),))
    )


def test_failures_alike_are_told_once():
    text = rendered(*(check("形状", "BR", diagnosis="少了一维", message=f"第 {n} 组") for n in range(3)))
    assert (text.count("少了一维"), text.count("（3 次）")) == (1, 1)


@pytest.mark.parametrize(
    ("statuses", "said"), [(["AC", "AC"], "✓ 数值  2/2"), (["SK", "SK"], "- 数值：2 项没有跑到"), (["AC", "WA"], "✗ 数值  1/2")]
)
def test_a_group_is_summed_up_in_a_line(statuses, said):
    assert said in rendered(*(check(f"检查 {n}", status) for n, status in enumerate(statuses)))


def test_line_output_and_curves_are_shown():
    curve = Artifact(name="history", kind="curve", media_type="application/json", data=json.dumps({"loss": [2.3, 0.5, 0.12]}))
    text = rendered(location=Location(line=12, text="return q @ k"), output="epoch 1\n", artifacts=(curve,))
    for said in ("第 12 行 | return q @ k", "  | epoch 1", "loss 2.3 → 0.12"):
        assert said in text


def test_a_text_artifact_is_shown_whole():
    table = "1 原文  我没说。\n  译文  i didn't say .\n\n2 原文  看那个房子。\n  译文  look at that house ."
    text = rendered(artifacts=(Artifact(name="十句译文", kind="text", media_type="text/plain", data=table),))
    for said in ("十句译文", "我没说。", "i didn't say .", "look at that house ."):
        assert said in text


def test_a_file_that_was_refused_claims_no_box_no_time_and_no_seed():
    text = render_report(
        Report(
            verdict=Verdict.CE, score=0.0, problem="mnist_digits", framework=None, device="cpu", sandbox=None, isolated=True,
            seed=0, message="文件是空的",
        )
    )  # fmt: skip

    assert "没有运行" in text
    assert not [word for word in ("隔离", "随机种子", " 秒") if word in text]
