"""What goes out comes back the same; what comes from elsewhere becomes drafts the bank accepts."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import sqlite3
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from judge.verdict import Report, Verdict
from question_bank import yaml_text
from question_bank.lint import check
from question_bank.loader import load_bank
from question_bank.matching import hit_groups, normalise
from question_bank.models import Question
from quizapp.problems import UsageProblem
from quizapp.progress import Progress, ProgressProblem
from quizapp.progress.opening import prepare
from quizapp.study.transfer import anki, apkg, drafts, papers, reading
from quizapp.study.transfer.drafts import Draft

BANK = load_bank()
QUESTION = TypeAdapter(Question)
NOW = dt.datetime(2026, 3, 1, 20, 0, 0, 123456, tzinfo=dt.timezone(dt.timedelta(hours=8)))
TODAY = dt.date(2026, 11, 23)

ANY_TEXT = st.text(st.characters(blacklist_categories=("Cs",)), max_size=40)


# --- the log as JSON lines -------------------------------------------------------------------------------------------------


def written(progress):
    out = io.StringIO()
    progress.write_jsonl(out)
    return out.getvalue()


def submit(progress, source):
    report = Report(
        verdict=Verdict.WA, score=12.5, problem="mnist", framework="torch", device="cpu", sandbox=None, isolated=False, seed=3
    )
    progress.record_submission("mnist", source=source, filename="解.py", report=report, related=["rope"])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(ANY_TEXT, st.integers(1, 4), st.one_of(st.none(), st.floats(0, 100))), max_size=6),
    st.binary(max_size=50),
    ANY_TEXT,
)
def test_export_then_import_then_export_is_the_same_bytes_and_the_same_state(answers, source, draft):
    first, second = in_memory(), in_memory()
    for text, rating, score in answers:
        first.record_answer("rope", text=text, rating=rating, score=score, points={"甲": "命中"}, mode="drill", seconds=1.25)
    submit(first, source)
    first.undo()
    first.save_draft("llm", draft)
    lines = written(first)
    second.read_jsonl(io.StringIO(lines, newline=""))

    assert written(second) == lines
    assert second.states() == first.states()


def in_memory():
    db = sqlite3.connect(":memory:", isolation_level=None)
    prepare(db, Path("memory"))
    return Progress(db, Path("memory"), lambda: NOW)


def test_importing_twice_adds_nothing(tmp_path):
    with Progress.open(tmp_path / "a.db", lambda: NOW) as progress:
        submit(progress, b"x = 1")
        progress.save_draft("llm", "半句")
        lines = written(progress)
        again = progress.read_jsonl(io.StringIO(lines, newline=""))
        assert (again.added, again.known, again.drafts) == (0, 1, 0)
        assert written(progress) == lines


def test_two_machines_are_merged_in_order_of_time(tmp_path):
    clock = [NOW]
    with (
        Progress.open(tmp_path / "a.db", lambda: clock[0]) as laptop,
        Progress.open(tmp_path / "b.db", lambda: clock[0]) as desktop,
    ):
        for device, hours, rating in ((laptop, 0, 1), (desktop, 30, 3), (laptop, 60, 4)):
            clock[0] = NOW + dt.timedelta(hours=hours)
            device.record_answer("rope", text="", rating=rating, score=None, points={}, mode="drill", seconds=1)
        desktop.read_jsonl(io.StringIO(written(laptop)))
        state = desktop.state("rope")

        assert (state.attempts, state.last_rating, state.last_at) == (3, 4, NOW + dt.timedelta(hours=60))
        assert desktop.rebuild() == ()
        assert (tmp_path / "backups" / "before-import.db").exists()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda lines: [*lines, "{"], "第 3 行不是 JSON"),
        (lambda lines: [lines[0], "[]"], "第 2 行不是 JSON 对象"),
        (lambda lines: [lines[0], lines[1].replace('"kind":"answer"', '"kind":"dream"')], "不认识的事件 dream"),
        (lambda lines: [lines[0], lines[1].replace('"day"', '"dai"')], "缺少字段 day"),
        (lambda lines: ['{"format":"other"}', *lines[1:]], "不是 quizapp 导出"),
        (lambda lines: ['{"format":"quizapp-log","version":9}'], "请升级"),
        (lambda lines: [lines[0], lines[1][:-1] + ',"files":{"source":"%%%"}}'], "不是 base64"),
        (lambda lines: [lines[0], lines[1][:-1] + ',"files":["source"]}'], "第 2 行附件不是 JSON 对象"),
        (lambda lines: [lines[0], lines[1].replace('"rating":3', '"rating":9')], "第 2 行的 answer 内容不完整"),
        (lambda lines: [lines[0], lines[1].replace('"rating":3,', "")], "第 2 行的 answer 内容不完整"),
        (lambda lines: [lines[0], lines[1].replace('"score":90.0', '"score":"好"')], "第 2 行的 answer 内容不完整"),
        (lambda lines: [lines[0], lines[1].replace("答", "\\ud800")], "第 2 行的 answer 内容不完整"),
        (lambda lines: [lines[0], re.sub(r'"utc_us":\d+', '"utc_us":' + "9" * 30, lines[1])], "第 2 行的 answer 内容不完整"),
        (lambda lines: [lines[0], re.sub(r'"day":"[^"]+"', '"day":"昨天"', lines[1])], "第 2 行的 answer 内容不完整"),
        (lambda lines: [lines[0], re.sub(r'"kind":"answer"', '"kind":"session"', lines[1])], "第 2 行的 session 内容不完整"),
    ],
)
def test_a_bad_line_is_told_by_its_number_and_nothing_is_added(tmp_path, spoil, said):
    with Progress.open(tmp_path / "a.db", lambda: NOW) as first, Progress.open(tmp_path / "b.db", lambda: NOW) as second:
        first.record_answer("rope", text="答", rating=3, score=90.0, points={}, mode="drill", seconds=1)
        lines = written(first).splitlines()
        with pytest.raises(ProgressProblem, match=said):
            second.read_jsonl(spoil(lines))
        assert second.count() == 0


# --- papers ----------------------------------------------------------------------------------------------------------------


def test_a_paper_hides_the_answers_and_its_key_fits_the_same_options():
    questions = [question for question in BANK.questions if question.type != "coding"]
    plain, key = papers.paper(questions, "卷", answers=False, seed=3), papers.paper(questions, "卷", answers=True, seed=3)
    assert all(question.title in plain for question in questions)
    assert "**答案**" not in plain
    assert key.count("**答案**") == len(questions)
    for question in questions:
        options = papers.put(question, 3).options
        assert all(option in plain and option in key for option in options)


@given(st.integers(0, 50))
def test_the_letters_of_the_key_point_at_the_right_options(seed):
    for question in BANK.questions:
        if question.type in ("single", "multiple"):
            made = papers.put(question, seed)
            letters = made.solution.split("\n")[0]
            correct = {question.correct} if question.type == "single" else set(question.correct)
            texts = {option.text for option in question.options if option.id in correct}
            assert {text[3:] for text in made.options if text[0] in letters} == texts


def test_the_book_of_mistakes_says_what_was_missed():
    question = next(question for question in BANK.questions if question.type == "short_answer")
    point = question.key_points[0].text
    book = [papers.Mistake(question, "2026-03-01", 2, "我说\n错了", (point,), note="记住")]
    text = papers.mistakes(book, {}, answers=False)
    assert "> 我说\n> 错了" in text
    assert f"- {point}" in text
    assert "**答案**" not in text
    assert question.answer.strip() in papers.mistakes(book, {}, answers=True)


# --- Anki ------------------------------------------------------------------------------------------------------------------


def notes(path):
    with zipfile.ZipFile(path) as package:
        database = path.with_suffix(".sqlite")
        database.write_bytes(package.read("collection.anki2"))
    with sqlite3.connect(database) as db:
        return dict(db.execute("SELECT guid, flds FROM notes"))


def test_a_deck_exported_again_after_an_edit_has_the_same_notes(tmp_path):
    edited = [question.model_copy(update={"title": question.title + "（改）"}) for question in BANK.questions]
    for name, questions in (("a", BANK.questions), ("b", edited)):
        anki.write_apkg(questions, {}, tmp_path / f"{name}.apkg", 1_800_000_000.0)
    first, second = notes(tmp_path / "a.apkg"), notes(tmp_path / "b.apkg")

    assert set(first) == set(second) == {anki.guid(question.id) for question in BANK.questions}
    assert all("（改）" in fields for fields in second.values())
    anki.write_apkg(BANK.questions, {}, tmp_path / "c.apkg", 1_800_000_000.0)
    assert notes(tmp_path / "c.apkg") == first


def test_no_copy_of_a_deck_stays_among_the_temporary_files(tmp_path, monkeypatch):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    anki.write_apkg(BANK.questions[:3], {}, tmp_path / "a.apkg", 1_800_000_000.0)
    assert len(notes(tmp_path / "a.apkg")) == 3
    assert not list(temporary.iterdir())


def test_what_was_exported_to_anki_can_be_imported(tmp_path):
    questions = [question for question in BANK.questions if question.type == "short_answer"][:5]
    anki.write_apkg(questions, {}, tmp_path / "a.apkg", 1_800_000_000.0)
    found = apkg.read_apkg(tmp_path / "a.apkg")
    assert [question.title in draft.prompt for question, draft in zip(questions, found, strict=True)] == [True] * 5


def test_markdown_for_anki_keeps_code_and_turns_formulas_into_mathjax():
    shown = anki.as_html("损失 $L=\\frac{1}{n}$，**加粗（注）**后文\n\n```python\na = b['$x$'] < 3\n```\n\n<script>x</script>")
    assert "\\(L=\\frac{1}{n}\\)" in shown
    assert "<strong>加粗（注）</strong>" in shown
    assert "$x$" in shown
    assert "<script>" not in shown


def broken_package(tmp_path, **members):
    path = tmp_path / "x.apkg"
    with zipfile.ZipFile(path, "w") as package:
        for name, content in members.items():
            package.writestr(name.replace("__", "."), content)
    return path


def test_packages_that_cannot_be_read_are_told(tmp_path):
    (tmp_path / "no.apkg").write_text("not a zip")
    for path, said in (
        (tmp_path / "no.apkg", "不是 .apkg"),
        (tmp_path / "none.apkg", "读不了"),
        (broken_package(tmp_path, collection__anki21b=b"zstd"), "支持较旧"),
    ):
        with pytest.raises(UsageProblem, match=said):
            apkg.read_apkg(path)
    for content in (b"garbage" * 100, b""):
        with pytest.raises(UsageProblem, match="读不出来"):
            apkg.read_apkg(broken_package(tmp_path, collection__anki2=content))


def test_html_of_a_note_becomes_markdown():
    field = 'RoPE 的<b>优点</b>：<ul><li>相对位置</li><li>无参数 &amp; 可外推</li></ul><pre>a &lt; b<br>c</pre><img src="x.png">[sound:a.mp3]'
    assert apkg.as_text(field) == "RoPE 的优点：\n- 相对位置\n\n- 无参数 & 可外推\n\n```text\na < b\nc\n```"


# --- texts -----------------------------------------------------------------------------------------------------------------

QA = """# 笔记
Q: 什么是 KV Cache？
它解决什么问题？
A: 缓存历史 token 的 K 和 V。

- 推理时不必重算
- 以显存换时间

Q：为什么用 RMSNorm
A：去掉均值，计算更省
"""

CHOICES = """1. （单选）注意力分数为什么要除以 √d_k？
A. 为了加速  B. 防止 softmax 进入饱和区
C. 为了节省显存
D. 没有作用
答案：B
解析：点积的方差随 d_k 增大。
所以要缩放。

2．下列哪些是 PEFT 方法（多选）
A、LoRA
B、Adapter
C、全参数微调
【答案】A, B
【解析】全参数微调更新所有权重。

3. GPT 是 encoder-only 架构。
答案：错误
【解析】
GPT 只有解码器。

4. LayerNorm 对每个样本归一化。
答案：√ 解析：BatchNorm 才跨样本。
"""

ARTICLE = """# 大模型面试题

## 1. 大模型基础

**题目：** 什么是大模型？
请说明它和传统模型的区别。

**答案：** 大模型是参数规模巨大的预训练模型。

1. 参数量大，通常在十亿以上
2. 数据量大，用海量语料自监督训练
3. 具备涌现能力与上下文学习
4. 通过微调适配下游任务

## 2. 手写注意力

**题目：** 用 PyTorch 实现缩放点积注意力

**答案：**

```python
# 题目：这不是题目
def attention(q, k, v):
    return (q @ k.mT).softmax(-1) @ v
```

解析：先算分数，再归一化。
"""


def test_question_and_answer_notes_are_read():
    found = reading.read(QA, reading.recognise(QA))
    assert [draft.prompt for draft in found] == ["什么是 KV Cache？\n它解决什么问题？", "为什么用 RMSNorm"]
    assert "以显存换时间" in found[0].answer
    assert found[1].answer == "去掉均值，计算更省"


def test_pasted_choice_questions_are_read():
    found = reading.read(CHOICES, reading.recognise(CHOICES))
    assert [draft.kind for draft in found] == ["single", "multiple", "true_false", "true_false"]
    assert found[0].prompt == "注意力分数为什么要除以 √d_k？"
    assert found[0].options == {"A": "为了加速", "B": "防止 softmax 进入饱和区", "C": "为了节省显存", "D": "没有作用"}
    assert found[0].answer == "点积的方差随 d_k 增大。\n所以要缩放。"
    assert [draft.correct for draft in found] == ["B", "AB", "错", "对"]
    assert found[2].prompt == "GPT 是 encoder-only 架构。"
    assert [draft.answer for draft in found[1:]] == ["全参数微调更新所有权重。", "GPT 只有解码器。", "BatchNorm 才跨样本。"]


def test_articles_are_read_and_marks_inside_code_mean_nothing():
    found = reading.read(ARTICLE, reading.recognise(ARTICLE))
    assert [draft.title for draft in found] == ["大模型基础", "手写注意力"]
    assert found[0].prompt == "什么是大模型？\n请说明它和传统模型的区别。"
    assert found[1].answer.startswith("```python\n# 题目：这不是题目")


@pytest.mark.parametrize("asked", ["**题目：**", "**题目**：", "### 题目 2：", "【题目】", "**面试题一：**", "问题3："])
@pytest.mark.parametrize("answered", ["**答案：**", "**答案**：", "【参考答案】", "解答："])
def test_an_article_may_mark_questions_as_people_do(asked, answered):
    text = f"{asked} 什么是 RAG？\n\n{answered} 对于每个问题先检索，再生成。\n\n{asked} 什么是 SFT？\n{answered}\n\n用指令数据微调。\n"
    found = reading.read(text, reading.recognise(text))
    assert [(draft.kind, draft.prompt) for draft in found] == [
        ("short_answer", "什么是 RAG？"),
        ("short_answer", "什么是 SFT？"),
    ]
    assert [draft.answer for draft in found] == ["对于每个问题先检索，再生成。", "用指令数据微调。"]


def test_choices_marked_like_an_article_are_choices():
    text = "【题目】LoRA 训练哪些参数？\nA. 全部\nB. 低秩矩阵\n【答案】B\n【解析】原权重冻结。\n"
    [draft] = reading.read(text, reading.recognise(text))
    assert (draft.kind, draft.prompt, draft.correct, draft.answer) == ("single", "LoRA 训练哪些参数？", "B", "原权重冻结。")


def test_prose_is_not_taken_for_questions():
    assert reading.recognise("今天讲注意力机制。\n它很重要。") is None
    assert reading.recognise("答案：Adam 的二阶矩估计。") is None


@pytest.mark.parametrize(("text", "count"), [(QA, 2), (CHOICES, 4), (ARTICLE, 2)])
def test_drafts_are_read_by_the_bank_and_what_is_left_is_for_a_person(tmp_path, text, count):
    found = reading.read(text, reading.recognise(text))
    paths = drafts.write_drafts(found, tmp_path, "basics", BANK.root / "topics.yaml", [])
    bank = load_bank(tmp_path, cache=False)

    assert (len(paths), len(bank.outlines), bank.problems) == (count, count, ())
    mine = [str(finding) for finding in check(tmp_path, today=TODAY) if finding.level == "error" and "theory/" in finding.file]
    assert all("要点应有 4 到 8 个" in finding or "宽度不定" in finding or "待审" in finding for finding in mine), mine
    assert sum("还是草稿" in finding for finding in mine) == count
    assert all("待审" in question.tags for question in bank.questions)


def test_a_draft_is_accepted_after_review(tmp_path):
    """The article's first question needs nothing but a person's words where 待审 stands."""
    [path] = drafts.write_drafts(reading.read(ARTICLE, "article")[:1], tmp_path, "basics", BANK.root / "topics.yaml", [])
    draft = path.read_text(encoding="utf-8")
    path.write_text(draft.replace("待审：", "").replace("tags:\n  - 待审\n", "tags: [大模型]\n"), encoding="utf-8")
    assert [f for f in check(tmp_path, today=TODAY) if f.level == "error" and "theory/" in f.file] == []


def test_a_choice_is_accepted_when_a_person_has_said_why(tmp_path):
    """Whatever stands there as 待审 keeps the draft out of the bank."""
    [path] = drafts.write_drafts(reading.read(CHOICES, "choices")[1:2], tmp_path, "basics", BANK.root / "topics.yaml", [])

    def errors():
        return [str(f) for f in check(tmp_path, today=TODAY) if f.level == "error" and "theory/" in f.file]

    draft = path.read_text(encoding="utf-8")
    assert len(errors()) == 4  # the tag, and each of three options
    assert all("待审" in error for error in errors())
    path.write_text(draft.replace("待审：", "").replace("tags:\n  - 待审\n", "tags: [大模型]\n"), encoding="utf-8")
    assert errors() == []


def test_a_second_import_overwrites_nothing(tmp_path):
    found = reading.read(QA, "qa")
    first = drafts.write_drafts(found, tmp_path, "basics", BANK.root / "topics.yaml", [])
    first[0].write_text("reviewed")
    second = drafts.write_drafts(found, tmp_path, "basics", BANK.root / "topics.yaml", [])
    assert not set(first) & set(second)
    assert first[0].read_text() == "reviewed"


LINE = st.text(alphabet="注意力机制把Q、K、V的相关性算出来。abcXYZ 19-*#:：'\"{}[]|>&!%@`\\", max_size=60)


@given(st.lists(LINE, min_size=1, max_size=6).map("\n".join))
def test_yaml_reads_back_what_was_written(text):
    document = {"text": text, "list": [text, "no", "1e5", "0x1F", "2026-01-01", "~", "- a", "a: b"]}
    assert yaml_text.parse(drafts.as_yaml(document)) == document


@given(LINE, st.lists(LINE, min_size=1, max_size=6).map("\n".join))
def test_every_draft_is_valid_and_no_key_point_is_earned_by_copying_the_question(prompt, answer):
    draft = Draft(prompt or "题", answer)
    fields = drafts.fields(draft, drafts.question_id(draft, ()), "basics")
    question = QUESTION.validate_json(json.dumps(fields))
    asked = normalise(f"{question.title} {question.prompt}")
    for point in question.key_points:
        assert not all(hit_groups(point.keywords, asked)) or point.keywords == (("待审",),)
