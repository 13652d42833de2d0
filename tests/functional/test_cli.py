"""`quizapp` from the outside: what a person types, wrongly too, and what a script relies on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from quizapp.cli import COMMANDS, main

ROOT = Path(__file__).resolve().parents[2]
PROBLEM = "scaled_dot_product_attention"
SOLUTIONS = ROOT / "solutions" / "architecture" / PROBLEM


@pytest.fixture
def home(tmp_path):
    """A learner's empty machine."""
    return {**os.environ, "QUIZAPP_HOME": str(tmp_path / "home"), "QUIZAPP_WORKSPACE": str(tmp_path / "work"), "COLUMNS": "80"}


@dataclass(frozen=True)
class Done:
    """How a run ended."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def quizapp(home, monkeypatch, capsys):
    """Run the program in this process: what it prints and its exit status."""
    for name in ("QUIZAPP_HOME", "QUIZAPP_WORKSPACE", "COLUMNS"):
        monkeypatch.setenv(name, home[name])

    def run(*arguments):
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["quizapp", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return Done(left.value.code, said.out, said.err)

    return run


def complaint(done):
    """The one line on stderr; nothing on stdout, no traceback, exit status 2."""
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr.strip()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["lst"], "是不是 list"),
        (["search", "RoPE"], "没有命令 search，要的是 list 吗"),
        (["zzz"], "没有命令 zzz；quizapp -h 列出全部命令"),
        (["show", "rope_principl"], "是不是 rope_principle"),
        (["show"], "缺少参数 QUESTION"),
        (["export", "pdf"], "FORMAT 只能是 jsonl"),
        (["list", "--topic", "architectur"], "是不是 architecture"),
        (["list", "--difficulty", "9"], "应在 1 到 5 之间"),
        (["list", "--status", "odd"], "只能是"),
        (["stats", "--jason"], "是不是 --json"),
        (["submit", PROBLEM, "nowhere.py"], "找不到文件 nowhere.py"),
        (["submit", PROBLEM, "quizapp"], "是文件夹"),
        (["submit", PROBLEM], f"quizapp start {PROBLEM}"),
        (["submit", "mnist_digit"], "是不是 mnist_digits"),
        (["submit", "rope_principle"], "是理论题"),
        (["submit", PROBLEM, "--device", "tpu"], "只能是 auto、cpu、cuda、mps"),
        (["start", "rope_principle"], "是理论题"),
        (["doctor", "--restore"], "没有备份"),
        (["grade", "what_is_llm", "--file", "nowhere.txt"], "找不到文件 nowhere.txt：检查路径"),
        (["grade", "what_is_llm", "--file", "quizapp"], "这是文件夹"),
        (["grade", "what_is_llm", "--file", "/dev/zero"], "超过 1 MiB：这里只收一份文字"),
    ],
)
def test_a_mistake_is_answered_with_one_chinese_sentence(quizapp, arguments, said):
    assert said in complaint(quizapp(*arguments))


def test_help_is_chinese_and_lists_every_command(quizapp):
    page = quizapp("--help").stdout
    assert all(f"\n  {name} " in page for name in COMMANDS)
    for name in COMMANDS:
        done = quizapp(name, "--help")
        assert done.returncode == 0
        assert not {"Usage", "Options", "Show this", "TEXT", "[OPTIONS]"} & set(done.stdout.split()), done.stdout


def test_list_finds_by_pinyin_and_filters(quizapp):
    by_initials = json.loads(quizapp("list", "zyl", "--json").stdout)
    coding = json.loads(quizapp("list", "--type", "coding", "--json").stdout)
    assert PROBLEM in {row["id"] for row in by_initials}
    assert {row["type"] for row in coding} == {"coding"}
    assert "没有符合条件的题" in quizapp("list", "--status", "wrong").stderr


def test_show_keeps_the_answer_until_asked(quizapp):
    hidden, shown = (json.loads(quizapp("show", "rope_principle", *more, "--json").stdout) for more in ([], ["--answer"]))
    assert "answer" not in hidden["question"]
    assert shown["question"]["answer"]
    assert hidden["state"]["status"] == "new"


def test_start_never_overwrites(quizapp):
    path = Path(quizapp("start", PROBLEM, "--framework", "torch").stdout.strip())
    path.write_text("我的代码", encoding="utf-8")
    again = quizapp("start", PROBLEM, "--framework", "torch", "--json")

    assert json.loads(again.stdout) == {"path": str(path), "created": False}
    assert path.read_text(encoding="utf-8") == "我的代码"


@pytest.mark.torch
def test_submissions_are_judged_recorded_and_shown_after_a_restart(quizapp):
    accepted = quizapp("submit", PROBLEM, SOLUTIONS / "accepted" / "torch_matmul.py", "--json", "--seed", "7")
    assert (accepted.returncode, json.loads(accepted.stdout)["verdict"]) == (0, "AC"), accepted.stderr
    wrong = quizapp("submit", PROBLEM, SOLUTIONS / "wrong_answer" / "torch_mask_inverted.py")
    assert wrong.returncode == 1
    assert "WA 答案错误" in wrong.stdout
    assert "诊断：" in wrong.stdout
    stats = json.loads(quizapp("stats", "--json").stdout)

    assert (stats["submissions"], stats["accepted"], stats["streak"]) == (2, 1, 1)
    assert [s["verdict"] for s in stats["recent_submissions"]] == ["WA", "AC"]
    assert "一致" in quizapp("doctor", "--rebuild").stderr


def test_an_unwritable_home_is_told_before_judging(quizapp, home, tmp_path):
    blocked = tmp_path / "home"
    blocked.write_text("a file where the folder should be")
    said = complaint(quizapp("submit", PROBLEM, SOLUTIONS / "accepted" / "torch_matmul.py"))
    assert str(blocked) in said
    assert str(blocked) in complaint(quizapp("doctor", "--rebuild"))


def test_bad_settings_are_told_with_the_file(quizapp, home):
    folder = Path(home["QUIZAPP_HOME"])
    folder.mkdir()
    (folder / "settings.toml").write_text("new_per_day = -3", encoding="utf-8")
    assert "new_per_day 应不小于 0" in complaint(quizapp("stats"))


def test_doctor_tells_every_section(quizapp):
    findings = json.loads(quizapp("doctor", "--json").stdout)
    assert {f["section"] for f in findings} == {"终端", "程序", "框架", "设备", "隔离", "数据", "题库", "设置", "进度", "位置"}
    assert all(f["advice"] or f["level"] != "bad" for f in findings if f["section"] != "隔离")


def test_doctor_tells_what_cannot_be_written(quizapp, monkeypatch):
    monkeypatch.setenv("QUIZAPP_WORKSPACE", f"{os.devnull}/here")
    findings = {(f["level"], f["text"]) for f in json.loads(quizapp("doctor", "--json").stdout)}
    assert ("bad", f"解答 {os.devnull}/here：{os.devnull} 不可写") in findings


def test_an_interview_that_is_over_is_not_called_missing(quizapp):
    assert quizapp("plan", "--interview", "2020-01-02").returncode == 0
    assert "面试日期 2020-01-02 不在今天之后" in quizapp("plan").stdout


def test_due_in_a_prompt_is_three_numbers(quizapp):
    assert quizapp("due", "--porcelain").stdout == "0 0 0\n"


@pytest.mark.parametrize("arguments", ["list --json", "--help"])
def test_a_reader_that_went_away_ends_the_program_quietly(home, arguments):
    """As a C program ends of SIGPIPE: neither 0 nor 1, which are verdicts."""
    code = f"{sys.executable} -m quizapp.cli {arguments} | exec true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", code], capture_output=True, text=True, env=home, cwd=ROOT)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_error(home, closed):
    code = f"{sys.executable} -m quizapp.cli due --porcelain {closed}"
    done = subprocess.run(["bash", "-c", code], capture_output=True, text=True, env=home, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == ("" if ">&-" in closed.replace("2>&-", "") else "0 0 0\n")


def test_the_app_does_not_wait_for_keys_where_there_is_no_keyboard(home):
    env = {name: value for name, value in home.items() if name != "TEXTUAL_DRIVER"}
    done = subprocess.run(
        [sys.executable, "-m", "quizapp.cli"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, env=env, cwd=ROOT, timeout=60,
    )  # fmt: skip
    assert "应用要在终端里打开" in complaint(done)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_full_disk_is_told_in_one_sentence(home):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "quizapp.cli", "list"], stdout=full, stderr=subprocess.PIPE, text=True, env=home, cwd=ROOT
        )
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "磁盘已满" in done.stderr


def test_what_a_terminal_cannot_show_is_escaped(home):
    env = {**home, "PYTHONIOENCODING": "latin-1"}
    done = subprocess.run([sys.executable, "-m", "quizapp.cli", "list"], capture_output=True, text=True, env=env, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\\u7b80\\u7b54" in done.stdout


def test_an_export_is_utf_8_on_any_terminal(home):
    env = {**home, "PYTHONIOENCODING": "latin-1"}
    done = subprocess.run([sys.executable, "-m", "quizapp.cli", "export", "paper"], capture_output=True, env=env, cwd=ROOT)
    assert "练习卷" in done.stdout.decode("utf-8")


def test_importing_the_command_line_loads_nothing_heavy(home):
    heavy = "numpy torch tensorflow pytest jieba textual fsrs"
    modules = "quizapp.cli, quizapp.commands_cli.coding, quizapp.commands_cli.stats"
    code = f"import sys, {modules}; print([m for m in {heavy.split()} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=home).stdout == "[]\n"


@pytest.mark.parametrize(("name", "status"), [("paper", 0), ("ansi-dark", 0), ("default", 0), ("ansi", 2), ("墨", 2)])
def test_a_theme_that_is_none_is_refused_and_not_kept(quizapp, name, status):
    done = quizapp("config", "theme", name)

    assert done.returncode == status
    assert ("没有主题" in done.stderr) == (status == 2)
    assert (name in quizapp("config", "theme").stdout) == (status == 0 and name != "default")
