"""Every kind of session goes on exactly where SIGKILL stopped it, the half-typed answer included."""

import os
import signal
import subprocess
import sys
import time

import pytest

from question_bank.loader import load_bank
from quizapp.clock import local_now
from quizapp.progress import Progress
from quizapp.study.running import Running, unfinished
from quizapp.study.sessions import Mode

FIRST, SECOND, THIRD = [question.id for question in load_bank().theory if question.type == "short_answer"][:3]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")


def resumed(home, mode):
    """The program, taking the session up again."""
    line = [sys.executable, "-m", "quizapp.cli", "mock" if mode is Mode.MOCK else "quiz", "--resume"]
    environment = {**os.environ, "QUIZAPP_HOME": str(home), "PYTHONUTF8": "1"}
    return subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment)


def until(home, happened):
    """Wait for what another process writes."""
    for _ in range(600):
        with Progress.open(home / "progress.db", mode="read") as progress:
            if happened(progress):
                return
        time.sleep(0.05)
    raise AssertionError("nothing happened")


@pytest.mark.parametrize("mode", Mode)
def test_a_killed_session_goes_on_where_it_was(tmp_path, mode):
    with Progress.open(tmp_path / "progress.db") as progress:
        Running.start(progress, local_now, mode, [FIRST, SECOND, THIRD], minutes=10)
    answer = b"\n3\n" if mode is Mode.READ else "大模型参数量大\n.\n3\n".encode()
    half = b"" if mode is Mode.READ else "写到一半\n第二行\n".encode()
    if mode is Mode.MOCK:
        answer = answer.removesuffix(b"3\n")  # nobody rates in an interview

    running = resumed(tmp_path, mode)
    running.stdin.write(answer + half)
    running.stdin.flush()
    until(tmp_path, lambda progress: len(progress.answers()) == 1 and progress.draft(SECOND) == half.decode().rstrip())
    os.kill(running.pid, signal.SIGKILL)
    running.communicate()

    with Progress.open(tmp_path / "progress.db", mode="read") as progress:
        [left] = unfinished(progress)
        assert (left.state.mode, left.state.current, left.state.position) == (mode, SECOND, (2, 3))
    said, _ = resumed(tmp_path, mode).communicate(b":quit\n")
    assert "--- 2/3" in said.decode()
    assert ("接着上次没写完的答案：\n写到一半\n第二行" in said.decode()) == (mode is not Mode.READ)
    with Progress.open(tmp_path / "progress.db", mode="read") as progress:
        assert progress.draft(SECOND) == half.decode().rstrip()
