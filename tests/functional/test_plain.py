"""`quizapp quiz --plain` for pipes and screen readers: plain words only, and nothing is lost wherever the input ends."""

import io
import os
import re
import signal
import subprocess
import sys
import time

import pytest

from question_bank.loader import load_bank
from quizapp.cli import main
from quizapp.progress import Progress
from quizapp.text.spoken import spoken

KINDS = ("single", "multiple", "true_false", "cloze", "ordering", "numeric", "short_answer")
BANK = load_bank()
MARKS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]|\*\*|\$\S[^$\n]*\$|\{\{|```|\\frac|\\sum")
"""What is no plain word: control characters, Markdown, LaTeX."""


def of_type(kind):
    return next(outline.id for outline in BANK.outlines if outline.type == kind)


@pytest.fixture
def quizapp(tmp_path, monkeypatch, capsys):
    """Run with these bytes on standard input."""
    monkeypatch.setenv("QUIZAPP_HOME", str(tmp_path))

    def run(*arguments, typed=b""):
        monkeypatch.setattr(sys, "argv", ["quizapp", *arguments])
        typed_text = io.TextIOWrapper(io.BytesIO(typed), encoding="utf-8", errors="surrogateescape")
        monkeypatch.setattr(sys, "stdin", typed_text)
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        assert said.err == ""
        return left.value.code, said.out

    return run


@pytest.mark.parametrize("kind", [*KINDS, "coding"])
def test_every_type_is_put_answered_and_explained_in_plain_words(quizapp, kind):
    code, said = quizapp("quiz", "--plain", of_type(kind), typed=b":answer\n3\n" if kind != "coding" else b":skip\n:skip\n")

    assert code == 0
    assert not MARKS.search(said), MARKS.search(said)
    assert BANK.get(of_type(kind)).title in said
    assert "这一组做完了" in said


def test_no_question_of_the_bank_leaves_a_mark():
    left = set()
    for question in BANK.questions:
        texts = [getattr(question, field, "") or "" for field in ("prompt", "answer", "brief", "statement")]
        texts += [option.text for option in getattr(question, "options", ())] + [*question.follow_ups]
        code = re.compile(r"(`+).+?\1", re.DOTALL)  # code may hold what would be marks elsewhere
        left |= {(question.id, found[0]) for text in texts if (found := MARKS.search(spoken(code.sub("", text))))}

    assert not left


@pytest.mark.parametrize("lines", range(12))
def test_the_input_may_end_anywhere_and_the_rest_is_resumed(quizapp, lines):
    questions = [of_type(kind) for kind in ("single", "cloze", "short_answer")]
    typed = ["A", "3", "一", "二", "三", "四", "2", "大模型", "参数多", ".", "1"]

    code, said = quizapp("quiz", "--plain", *questions, typed="".join(f"{line}\n" for line in typed[:lines]).encode())
    if "这一组做完了" not in said:
        assert said.endswith("已保存，接着来：quizapp quiz --resume\n")
        code, said = quizapp("quiz", "--plain", "--resume", typed=b":a\n3\n" * 4)

    assert code == 0
    assert "这一组做完了" in said


def test_bytes_that_are_no_text_are_taken_as_question_marks(quizapp, tmp_path):
    code, said = quizapp(
        "quiz", "--plain", of_type("short_answer"), typed=b"\xff\xfe \xe5\xa4\xa7\xe6\xa8\xa1\xe5\x9e\x8b\n.\n3\n"
    )

    assert code == 0
    assert "这一组做完了" in said
    with Progress.open(tmp_path / "progress.db", mode="read") as progress:
        assert "大模型" in progress.answers()[0].text


def test_ctrl_c_keeps_what_was_typed(tmp_path):
    env = {**os.environ, "QUIZAPP_HOME": str(tmp_path)}
    asked = [sys.executable, "-m", "quizapp.cli", "quiz", "--plain"]
    name = of_type("short_answer")
    with subprocess.Popen(
        [*asked, name], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        running.stdin.write("写了一半\n".encode())
        running.stdin.flush()
        for _ in range(40):
            if running.stdout.readline() == "输入答案，单独一行 . 结束\n".encode():
                break
        until(lambda: draft(tmp_path, name) == "写了一半")
        running.send_signal(signal.SIGINT)
        said, wrong = running.communicate(timeout=20)

    assert running.returncode == 0
    assert wrong == b""
    assert said.decode().endswith("已保存，接着来：quizapp quiz --resume\n")
    assert draft(tmp_path, name) == "写了一半"


def until(condition, seconds=20):
    """Wait for what another process does in its own time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def draft(home, name):
    with Progress.open(home / "progress.db", mode="read") as progress:
        return progress.draft(name)


def test_a_reader_that_leaves_ends_it_quietly(tmp_path):
    env = {**os.environ, "QUIZAPP_HOME": str(tmp_path)}
    asked = f"{sys.executable} -m quizapp.cli quiz --plain {of_type('single')} {of_type('short_answer')}"
    done = subprocess.run(["sh", "-c", f"yes A | {asked} | head -n 1"], env=env, capture_output=True, timeout=30, check=False)

    assert b"Traceback" not in done.stderr


def test_tables_are_read_row_by_row_and_code_stays_code():
    text = """## 比较

| 方法 | 显存 |
|:---|---|
| **LoRA** | $O(rd)$ |

用 `a ** b` 算 {{1}}，见[论文](https://example.org/a)：

```python
if x ** 2:
    y = "$z$"
```
"""
    assert spoken(text).split("\n") == [
        "比较", "", "- 方法：LoRA；显存：O(rd)", "", "用 a ** b 算 ＿＿(1)＿＿，见论文（https://example.org/a）：", "", "if x ** 2:",
        '    y = "$z$"',
    ]  # fmt: skip
