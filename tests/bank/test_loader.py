"""One bad file costs one question: every error names file, line and question in Chinese, and the rest loads."""

import datetime as dt

import pytest

from question_bank.bank import UnknownQuestion

from .conftest import PROBLEM, SHORT

GOOD = SHORT.format(id="bad")

BROKEN = {
    "duplicate key": (GOOD + "title: 又一个\n", 14, "键 title 重复了，第 3 行"),
    "duplicate nested key": (GOOD.replace("    text: 甲\n", "    text: 甲\n    text: 乙\n"), 13, "键 text 重复了，第 12 行"),
    "unknown key": (GOOD + "dificulty: 3\n", 14, "不认识字段 dificulty，是不是想写 difficulty？"),
    "unknown nested key": (GOOD + "    wieght: 2.0\n", 14, "不认识字段 key_points[1].wieght，是不是想写 weight？"),
    "wrong type": (GOOD.replace("difficulty: 2", "difficulty: 二"), 5, "字段 difficulty 应是整数，现在是 '二'"),
    "number as text": (GOOD.replace("title: 标题 bad", "title: 2024"), 3, "字段 title 应是文字"),
    "out of range": (GOOD.replace("difficulty: 2", "difficulty: 9"), 5, "不大于 5"),
    "missing field": (GOOD.replace("topic: basics\n", ""), 1, "缺少字段 topic"),
    "missing nested field": (GOOD.replace("    text: 甲\n", ""), 11, "缺少字段 key_points[1].text"),
    "unknown type": (GOOD.replace("short_answer", "short"), 1, "没有题型 short"),
    "no type": (GOOD.replace("type: short_answer\n", ""), 1, "缺少字段 type"),
    "bad date": (GOOD + "as_of: 昨天\n", 14, "应是日期"),
    "bad id": (GOOD.replace("id: bad", "id: 坏"), 1, "小写字母开头"),
    "empty list": (GOOD.replace("    keywords: [[甲]]", "    keywords: []"), 13, "至少要有 1 项"),
    "list is text": (GOOD + "tags: 甲\n", 14, "应是列表"),
    "open quote": (GOOD + 'tags: ["甲]\n', 14, "没有闭合"),
    "bad indent": (GOOD.replace("    text: 甲", "   text: 甲"), 12, "YAML 语法错误"),
    "tab": (GOOD.replace("    text: 甲", "\ttext: 甲"), 12, "YAML 语法错误"),
    "stray colon": (GOOD.replace("title: 标题 bad", "title: 甲: 乙"), 3, "冒号"),
    "two documents": (GOOD + "---\nid: more\n", 14, "一个文件只能写一道题"),
    "control character": (GOOD.replace("甲与乙", "甲\x01乙"), 9, "控制字符"),
    "not a mapping": ("- 甲\n- 乙\n", 1, "应是键值对"),
    "key not text": ("1: 甲\n", 1, "键 1 不是文字"),
    "empty": ("", 1, "文件是空的"),
    "only comments": ("# 待写\n", 1, "文件是空的"),
    "deep nesting": ("[" * 3000, 1, "YAML 语法错误"),
    "python object": ("id: !!python/object/apply:os.system [ls]\n", 1, "不支持的标签"),
    "unknown alias": ("id: *甲\n", 1, "锚点"),
    "not utf-8": (GOOD.encode("gb18030"), 3, "不是 UTF-8 编码"),
    "model's own rule": (
        GOOD.replace("short_answer", "single").split("key_points")[0]
        + "options: [{id: A, text: 甲}, {id: B, text: 乙}]\ncorrect: C\n",
        1,
        "不在 options 中",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_bad_file_is_named_and_the_rest_loads(small, case):
    content, line, fragment = BROKEN[case]
    small.short("good")
    small.file("theory/basics/bad.yaml", content)
    bank = small.load()
    assert [question.id for question in bank.questions] == ["good"]
    problem = next(problem for problem in bank.problems if fragment in problem.message)
    assert (problem.file, problem.line) == ("theory/basics/bad.yaml", line)
    assert problem.question in ("bad", "坏")
    assert str(problem).startswith(f"theory/basics/bad.yaml:{line}: ")


@pytest.mark.parametrize("case", BROKEN)
def test_every_finding_is_one_line_with_chinese_in_it(small, case):
    small.file("theory/basics/bad.yaml", BROKEN[case][0])
    for problem in small.load().problems:
        assert "\n" not in problem.message
        assert any("\u4e00" <= char <= "\u9fff" for char in problem.message)


def test_all_errors_of_a_file_are_told_at_once(small):
    small.short("bad", GOOD.replace("difficulty: 2", "difficulty: 0") + "unknown: 1\n")
    assert len(small.load().problems) == 2


def test_a_wrong_item_does_not_make_its_list_too_short(small):
    small.short("bad", GOOD + "    wrong: 1\n")
    assert [p.message for p in small.load().problems if "至少" in p.message] == []


def test_the_second_of_two_with_one_id_is_refused(small):
    small.short("first")
    small.file("theory/basics/second.yaml", SHORT.format(id="first"))
    bank = small.load()
    assert [question.id for question in bank.questions] == ["first"]
    assert bank.problems[0].file == "theory/basics/second.yaml"
    assert "theory/basics/first.yaml" in bank.problems[0].message


def test_dates_lists_and_small_floats_arrive_as_what_they_are(small):
    small.short("dated", GOOD.replace("id: bad", "id: dated") + "    weight: 1e-3\nas_of: 2026-01-31\ntags: [甲, 乙]\n")
    question = small.load().get("dated")
    assert question.as_of == dt.date(2026, 1, 31)
    assert question.tags == ("甲", "乙")
    assert question.key_points[0].weight == pytest.approx(0.001)


def test_yes_no_and_octals_are_text(small):
    small.short("texts", GOOD.replace("id: bad", "id: texts") + 'tags: [no, on, 012, 1:30, "1.0"]\n')
    assert small.load().get("texts").tags == ("no", "on", "012", "1:30", "1.0")


def test_chinese_soft_line_breaks_are_joined_but_code_is_not(small):
    text = GOOD.replace("id: bad", "id: soft").replace(
        "  请回答。\n", "  第一行，\n  第二行\n  and more\n\n  ```text\n  甲\n  乙\n  ```\n"
    )
    small.short("soft", text)
    assert small.load().get("soft").prompt == "第一行，第二行\nand more\n\n```text\n甲\n乙\n```"


def test_windows_line_ends_and_a_bom_are_no_problem(small):
    small.file("theory/basics/win.yaml", b"\xef\xbb\xbf" + SHORT.format(id="win").replace("\n", "\r\n").encode())
    bank = small.load()
    assert bank.problems == ()
    assert "\r" not in bank.get("win").prompt


def test_order_follows_topics_with_coding_last(small):
    small.file("topics.yaml", "- {id: zeta, title: 乙}\n- {id: basics, title: 甲}\n")
    small.coding("code")
    small.short("last")
    small.file("theory/zeta/first.yaml", SHORT.format(id="first").replace("topic: basics", "topic: zeta"))
    assert [outline.id for outline in small.load().outlines] == ["first", "last", "code"]


class TestCoding:
    def test_texts_beside_are_read(self, small):
        small.coding("code")
        bank = small.load()
        problem = bank.coding("code")
        assert bank.problems == ()
        assert problem.statement == "写出 `solve(x)`。"
        assert problem.hints == ("甲", "乙", "丙")
        assert set(problem.starters) == {"torch"}

    @pytest.mark.parametrize("name", ["statement.md", "hints.md", "starter_torch.py"])
    def test_a_missing_text_is_told_and_the_exercise_still_loads(self, small, name):
        small.coding("code").with_name(name).unlink()
        bank = small.load()
        assert [(p.file, p.question) for p in bank.problems] == [(f"coding/basics/code/{name}", "code")]
        assert bank.coding("code").title == "编程 code"

    def test_a_missing_problem_file_is_told(self, small):
        small.coding("code").unlink()
        problem = small.load().problems[0]
        assert (problem.file, problem.question) == ("coding/basics/code/problem.yaml", "code")
        assert "缺少文件" in problem.message

    def test_a_text_in_another_encoding_names_its_line(self, small):
        small.coding("code").with_name("statement.md").write_bytes("abc\n题面".encode("gb18030"))
        problem = small.load().problems[0]
        assert (problem.file, problem.line) == ("coding/basics/code/statement.md", 2)

    def test_texts_do_not_belong_into_problem_yaml(self, small):
        small.coding("code", PROBLEM.format(id="code") + "statement: 题面\n")
        problem = small.load().problems[0]
        assert problem.line == 12
        assert "statement" in problem.message

    def test_an_unknown_problem_suggests_the_nearest(self, small):
        small.coding("mnist")
        with pytest.raises(KeyError, match="是不是 mnist？"):
            small.load().coding("mnits")
        with pytest.raises(KeyError, match="可选：mnist"):
            small.load().coding("something")

    def test_a_theory_question_is_no_coding_problem(self, small):
        small.short("theory")
        with pytest.raises(KeyError, match="没有编程题 theory"):
            small.load().coding("theory")


class TestTopics:
    def test_a_broken_tree_is_told_and_questions_load(self, small):
        small.file("topics.yaml", "- id: basics\n  titel: 基础\n")
        small.short("good")
        bank = small.load()
        assert [question.id for question in bank.questions] == ["good"]
        assert {problem.file for problem in bank.problems} == {"topics.yaml"}
        assert {problem.line for problem in bank.problems} == {1, 2}

    def test_a_missing_tree_is_told(self, small):
        (small.root / "topics.yaml").unlink()
        assert "缺少文件 topics.yaml" in small.load().problems[0].message


def test_an_empty_or_missing_root_is_an_empty_bank(tmp_path):
    from question_bank.loader import load_bank

    bank = load_bank(tmp_path / "nothing")
    assert bank.questions == ()
    assert bank.search("什么") == ()
    assert [problem.file for problem in bank.problems] == ["topics.yaml"]


def test_a_bank_hands_out_what_it_holds(bank):
    assert len(bank.theory) + len(bank.exercises) == len(bank.questions) == len(bank.outlines)
    for outline in bank.outlines:
        question = bank.get(outline.id)
        assert (outline.id, outline.type, outline.title) == (question.id, question.type, question.title)
        assert bank.file(outline.id).is_file()
    assert bank.get("no_such_question") is None


def test_who_asks_for_a_question_with_a_bad_file_is_told_where_it_is_wrong(small):
    small.short("good")
    small.file("theory/basics/bad.yaml", GOOD + "unknown: 1\n")
    bank = small.load()

    assert bank.fault("good") is None
    assert str(bank.fault("bad")).startswith("theory/basics/bad.yaml:14: ")
    with pytest.raises(UnknownQuestion, match=r"bad\.yaml:14"):
        bank.coding("bad")
