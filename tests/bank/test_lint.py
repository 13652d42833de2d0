"""Every rule of the lint: one defect, one finding, at its place; and the bank itself has none."""

import datetime as dt

import pytest

from question_bank.lint import check, cycles
from question_bank.lint import text as text_rules

from .conftest import PROBLEM

TODAY = dt.date(2026, 6, 1)

FULL = """\
id: {id}
type: short_answer
title: 标题 {id}
topic: basics
difficulty: 2
prompt: |
  请回答。
brief: |
  一二三四。
answer: |
  一、二、三、四。
key_points:
  - {{id: p1, text: 一, keywords: [[一]]}}
  - {{id: p2, text: 二, keywords: [[二]]}}
  - {{id: p3, text: 三, keywords: [[三]]}}
  - {{id: p4, text: 四, keywords: [[四]]}}
mistakes: [甲]
follow_ups: [乙]
"""

SINGLE = """\
id: {id}
type: single
title: 单选 {id}
topic: basics
difficulty: 2
prompt: 选哪个？
options:
  - {{id: A, text: 甲, why: 对}}
  - {{id: B, text: 乙, why: 错}}
correct: A
answer: 甲。
"""

NUMERIC = """\
id: {id}
type: numeric
title: 数值 {id}
topic: basics
difficulty: 2
prompt: 二乘 {{x}} 得多少？
parameters:
  - {{name: x, choices: [1, 2]}}
expression: 2 * x
worked: 2 × {{x}} = {{answer}}
answer: 相乘。
"""


def full(**changes):
    return edited(FULL, changes)


def edited(template, changes):
    text = template.format(id="good")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return text


def messages(small, level=None):
    return [str(f) for f in check(small.root, today=TODAY) if level in (None, f.level)]


def test_the_bank_itself_is_clean():
    assert [str(finding) for finding in check(today=dt.date(2026, 11, 28))] == []


def test_a_sound_small_bank_has_no_findings(small):
    small.short("good", full())
    small.file("theory/basics/choice.yaml", SINGLE.format(id="choice"))
    small.file("theory/basics/number.yaml", NUMERIC.format(id="number"))
    small.coding("code")
    assert messages(small) == []


THEORY = {
    "file name": (full(**{"id: good": "id: other"}), "good.yaml:1: id other 与文件名 good 不同"),
    "folder": (full(**{"topic: basics": "topic: else"}), "good.yaml:4: topic else 与所在文件夹 basics 不同"),
    "unknown topic": (full(**{"topic: basics": "topic: else"}), "topics.yaml 里没有 else"),
    "requires": (full() + "requires: [nowhere]\n", "requires 里的 nowhere 不存在"),
    "requires itself": (full() + "requires: [good]\n", "requires 成环：good -> good"),
    "too few points": (
        full(**{"  - {id: p4, text: 四, keywords: [[四]]}\n": ""}),
        "good.yaml:12: 要点应有 4 到 8 个，现在 3 个",
    ),
    "no brief": (full(**{"brief: |\n  一二三四。\n": ""}), "简答题缺少 brief"),
    "no follow-ups": (full(**{"follow_ups: [乙]\n": ""}), "简答题缺少 follow_ups"),
    "no mistakes": (full(**{"mistakes: [甲]\n": ""}), "简答题缺少 mistakes"),
    "answer misses": (full(**{"一、二、三、四": "一、二、三"}), "good.yaml:16: 参考答案没有命中要点 p4 的关键词：四"),
    "prompt gives away": (full(**{"请回答。": "说说一。"}), "照抄题目就能命中要点 p1"),
    "bad pattern": (full(**{"[[一]]}": "[[一]], must_not: ['(']}"}), "good.yaml:13: 正则 ( 写错了"),
    "pattern hits answer": (full(**{"[[一]]}": "[[一]], must_not: [一.二]}"}), "must_not 误伤参考答案：一.二 匹配了“一、二”"),
    "pattern hits point": (
        full(**{"text: 一,": "text: 一即壹,", "[[一]]}": "[[一]], must_not: [即]}"}),
        "must_not 误伤要点原文",
    ),
    "pattern hits brief": (full(**{"[[一]]}": "[[一]], must_not: [一二]}"}), "must_not 误伤简答"),
    "bold": (full(**{"一、二、三、四。": "**一（甲）**二三四。"}), "good.yaml:11: 加粗没有生效"),
    "wide table": (full(**{"  一、二、三、四。": f"  一二三四\n\n  | {'宽' * 40} |\n  | - |"}), "good.yaml:13: 表格宽 84 格"),
    "ambiguous table": (full(**{"  一、二、三、四。": "  一二三四\n\n  | a → b |\n  | - |"}), "宽度不定的字符 →"),
    "open fence": (full(**{"  一、二、三、四。": "  一二三四\n\n  ```python\n  x"}), "代码块没有闭合"),
    "nameless fence": (full(**{"  一、二、三、四。": "  一二三四\n\n  ```\n  x\n  ```"}), "代码块没有写语言"),
    "ambiguous title": (full(**{"title: 标题 good": "title: 什么是“甲”"}), "good.yaml:3: 标题里有宽度不定的字符"),
    "long title": (full(**{"title: 标题 good": f"title: {'题' * 29}"}), "标题超过 56 格"),
    "future fact": (full() + "as_of: 2026-06-02\n", "as_of 2026-06-02 在今天之后"),
    "no why": (edited(SINGLE, {", why: 错": ""}), "good.yaml:9: 选项 B 没有 why"),
    "same options": (edited(SINGLE, {"text: 乙": "text: 甲"}), "选项 B 与别的选项相同"),
    "unused blank": (
        "id: good\ntype: cloze\ntitle: 填空\ntopic: basics\ndifficulty: 1\nprompt: '{{1}} 与 {{2}}'\nblanks: [[甲]]\nanswer: 甲\n",
        "good.yaml:6: prompt 里的空 [2] 没有答案",
    ),
    "same items": (
        "id: good\ntype: ordering\ntitle: 排序\ntopic: basics\ndifficulty: 1\nprompt: 排\nitems: [甲, 甲]\nanswer: 甲\n",
        "items 里有相同的项",
    ),
    "bad expression": (edited(NUMERIC, {"2 * x": "2 * x +"}), "good.yaml:9: 算式 2 * x + 不合语法"),
    "unknown parameter": (edited(NUMERIC, {"2 * x": "2 * y"}), "算式里的 y 不是参数"),
    "hidden parameter": (edited(NUMERIC, {"二乘 {x}": "二乘某数"}), "题面没有写出参数 {x}"),
    "no result": (edited(NUMERIC, {"{answer}": "?"}), "worked 里没有 {answer}"),
    "division by zero": (edited(NUMERIC, {"2 * x": "2 / (x - 2)"}), "参数取 {'x': 2} 时：算式 2 / (x - 2) 除以了零"),
    "answer zero": (edited(NUMERIC, {"2 * x": "x - 1"}), "参数取 {'x': 1} 时答案是 0"),
}


@pytest.mark.parametrize("case", THEORY)
def test_theory_rules(small, case):
    content, fragment = THEORY[case]
    small.file("theory/basics/good.yaml", content)
    assert any(fragment in message for message in messages(small, "error")), messages(small)


CODING = {
    "no statement": ("statement.md", "", "code/statement.md:1: 题面是空的"),
    "entry unnamed": ("statement.md", "写一个函数。\n", "题面没有提到入口 solve"),
    "two hints": ("hints.md", "## 1\n甲\n## 2\n乙\n", "code/hints.md:1: 提示要有 3 级"),
    "empty hint": ("hints.md", "## 1\n甲\n## 2\n\n## 3\n丙\n", "提示要有 3 级"),
    "hint gives away": ("hints.md", "## 1\n甲\n## 2\n乙\n## 3\n```python\ndef solve(x):\n    return 1\n```\n", "提示 3 里有"),
    "starter broken": ("starter_torch.py", "def solve(x)\n", "starter_torch.py:1: 起始代码有语法错误"),
    "starter finished": ("starter_torch.py", "def solve(x):\n    return 1\n", "起始代码里没有 TODO"),
    "starter lacks entry": ("starter_torch.py", "# TODO\n", "起始代码没有定义入口 solve"),
    "starter other arguments": (
        "starter_torch.py",
        "# TODO\ndef solve(y):\n    ...\n",
        "starter_torch.py:2: 起始代码里 solve 的参数",
    ),
    "statement bold": ("statement.md", "`solve`\n\n**甲（乙）**丙\n", "code/statement.md:3: 加粗没有生效"),
    "signature": ("problem.yaml", PROBLEM.replace("solve(x)", "solve(x"), "problem.yaml:8: 入口 solve 的 signature 不是合法"),
    "signature name": ("problem.yaml", PROBLEM.replace("solve(x)", "other(x)"), "应以 solve( 开头"),
    "same groups": ("problem.yaml", PROBLEM + "  - x\n", "problem.yaml"),
    "weights": ("problem.yaml", PROBLEM.replace("title: 接口", "title: 接口, weight: 0"), "检查组的权重全是 0"),
    "limits": ("problem.yaml", PROBLEM.replace("wall_s: 20", "wall_s: 5"), "problem.yaml:11: wall_s 小于 cpu_s"),
    "related": ("problem.yaml", PROBLEM + "related: [nowhere]\n", "related 里的 nowhere 不存在"),
    "folder name": ("problem.yaml", PROBLEM.replace("id: {id}", "id: other"), "id other 与文件夹名 code 不同"),
}


@pytest.mark.parametrize("case", CODING)
def test_coding_rules(small, case):
    name, content, fragment = CODING[case]
    path = small.coding("code")
    path.with_name(name).write_text(content.format(id="code") if name == "problem.yaml" else content, encoding="utf-8")
    assert any(fragment in message for message in messages(small, "error")), messages(small)


def test_hint_files_may_show_snippets_that_are_no_solution(small):
    small.coding("code").with_name("hints.md").write_text("## 1\n```python\nx = 1\n```\n## 2\n乙\n## 3\n丙\n", encoding="utf-8")
    assert messages(small) == []


WARNINGS = {
    "expired": (full() + "review_by: 2026-05-31\n", "已过复核日期 2026-05-31"),
    "one right of many": (
        edited(SINGLE, {"type: single": "type: multiple", "correct: A": "correct: [A]"}),
        "多选题只有一个正确选项",
    ),
    "all right": (edited(SINGLE, {"type: single": "type: multiple", "correct: A": "correct: [A, B]"}), "多选题的选项全对"),
}


@pytest.mark.parametrize("case", WARNINGS)
def test_warnings_are_not_errors(small, case):
    content, fragment = WARNINGS[case]
    small.file("theory/basics/good.yaml", content)
    assert messages(small, "error") == []
    assert any(fragment in message for message in messages(small, "warning"))


def test_a_review_date_of_today_has_not_expired(small):
    small.short("good", full() + "review_by: 2026-06-01\n")
    assert messages(small) == []


def test_ageing_topics_need_dated_sources(small):
    small.file("topics.yaml", "- {id: business, title: 商业}\n")
    small.file("theory/business/good.yaml", full(**{"topic: basics": "topic: business"}) + "sources: [{title: 甲}]\n")
    found = messages(small)
    assert any("写上 review_by" in message for message in found)
    assert any("来源“甲”没有 as_of" in message for message in found)


class TestBankWide:
    def test_cycle_of_requirements(self, small):
        small.short("aa", FULL.format(id="aa") + "requires: [bb]\n")
        small.short("bb", FULL.format(id="bb") + "requires: [aa]\n")
        assert [m for m in messages(small) if "成环" in m] == ["theory/basics/aa.yaml:1: requires 成环：aa -> bb -> aa（aa）"]

    def test_same_title(self, small):
        for question_id in ("aa", "bb"):
            small.short(question_id, FULL.format(id=question_id).replace(f"标题 {question_id}", "同名"))
        assert len([m for m in messages(small) if "标题“同名”重复了" in m]) == 2

    def test_topics(self, small):
        small.file(
            "topics.yaml",
            "- {id: basics, title: 甲, prerequisites: [other]}\n- {id: other, title: 乙, prerequisites: [basics, lost]}\n",
        )
        found = "\n".join(messages(small))
        assert "先修 lost 不存在" in found
        assert "先修关系成环：basics -> other -> basics" in found
        assert "警告：主题 other 还没有题" in found

    def test_stray_files(self, small):
        small.file("theory/lost.yaml", "a: 1\n")
        small.file("theory/basics/deep/lost.yaml", "a: 1\n")
        small.file("theory/basics/lost.yml", "a: 1\n")
        small.file("coding/basics/code/extra.yaml", "a: 1\n")
        assert len([m for m in messages(small) if "这个文件不会被读取" in m]) == 4

    def test_what_the_loader_refuses_is_reported_once(self, small):
        small.coding("code").with_name("statement.md").unlink()
        assert [m for m in messages(small) if "statement.md" in m] == [
            "coding/basics/code/statement.md:1: 缺少文件 statement.md（code）"
        ]


@pytest.mark.parametrize(
    ("graph", "expected"),
    [
        ({}, []),
        ({"a": ("b",), "b": ()}, []),
        ({"a": ("a",)}, [["a"]]),
        ({"c": ("a",), "a": ("b",), "b": ("c",)}, [["a", "b", "c"]]),
        ({"a": ("b", "c"), "b": ("c",), "c": ()}, []),
        ({"a": ("missing",)}, []),
    ],
)
def test_cycles(graph, expected):
    assert cycles(graph) == expected


@pytest.mark.parametrize(
    "markdown",
    [
        "**甲**：乙",
        "甲 **乙** 丙",
        "**甲**，乙",
        "（**甲**）乙",
        "`**kwargs` 与 `a ** b`",
        "$a^{**}$ 与 2 * 3 * 4",
        "**甲 `x` 乙**",
        "__init__ 方法".replace("__init__", "`__init__`"),
    ],
)
def test_bold_that_renders_is_left_alone(markdown):
    assert list(text_rules.findings(markdown)) == []


@pytest.mark.parametrize("markdown", ["**甲（乙）**丙", "甲**“乙”**丙", "**甲：**乙", "甲**（乙）**", "**甲"])
def test_bold_that_does_not_render_is_found(markdown):
    assert any("加粗没有生效" in message for _, message in text_rules.findings(markdown))
