"""Walks through the real app in tmux at 80×24 and writes what was on the screen to docs/walk.md, and all that was seen in between
to docs/tour.cast, which `asciinema play docs/tour.cast` shows: `python tests/walk.py`.

One theory question answered in Chinese, one MNIST solution submitted, the app closed and opened again, both found in the statistics. Everything
happens in a temporary home; needs tmux and PyTorch. Leaves with status 1 when a screen does not come.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ANSWER = "大模型是参数规模达到百亿级的语言模型，用海量无标注文本自监督预训练，基于 Transformer，规模够大时出现涌现能力；但会有幻觉，成本也高。"
SOLUTION = ROOT / "solutions" / "classic_ml" / "mnist_digits" / "accepted" / "torch_cnn.py"


class Film:
    """An asciicast: only the lines that changed, after a pause that suits a spectator."""

    def __init__(self):
        self._at, self._lines, self._events = 0.0, [], []

    def show(self, lines, seconds):
        changed = [
            f"\x1b[{number};1H\x1b[0m\x1b[2K{line}"
            for number, line in enumerate(lines, 1)
            if self._lines[number - 1 : number] != [line]
        ]
        self._lines = lines
        if changed:
            self._at += seconds
            self._events.append((round(self._at, 1), "o", "".join(changed)))

    def hold(self, seconds):
        self._at += seconds

    def write(self, path):
        head = {"version": 2, "width": 80, "height": 24, "title": "quizapp"}
        lines = [head, *self._events, (round(self._at, 1), "o", "\x1b[0m")]
        path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


class Terminal:
    """A tmux session of its own."""

    def __init__(self, home):
        self._socket = f"quizapp-walk-{os.getpid()}"
        self._env = {**os.environ, "LANG": "C.UTF-8", "QUIZAPP_HOME": f"{home}/data", "QUIZAPP_WORKSPACE": f"{home}/solutions"}
        self._env["COLORTERM"] = "truecolor"
        self.pages = []
        self.film = Film()

    def tmux(self, *arguments):
        command = ["tmux", "-L", self._socket, "-u", *arguments]  # the user's own tmux is left alone
        return subprocess.run(command, env=self._env, capture_output=True, text=True, check=False).stdout

    def start(self):
        program = f"cd {ROOT} && {sys.executable} -m quizapp.cli; echo 已退出"
        self.tmux("new-session", "-d", "-s", "walk", "-x", "80", "-y", "24", program + "; sleep 5")

    def screen(self, *options):
        """What stands there; the temporary home reads as the learner's own."""
        shown = self.tmux("capture-pane", *options, "-p", "-t", "walk").replace(self._env["QUIZAPP_WORKSPACE"], "~/quizapp")
        return "\n".join(line.rstrip() for line in shown.splitlines())

    def wait(self, *texts, timeout=120):
        """Until every text is on the screen."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            shown = self.screen()
            self.look(0.2)
            if all(text in shown for text in texts):
                time.sleep(0.4)
                return
            time.sleep(0.2)
        sys.stderr.write(f"没有等到 {texts}，屏幕上是：\n{self.screen()}\n")
        self.close()
        raise SystemExit(1)

    def press(self, *keys):
        for key in keys:
            self.tmux("send-keys", "-t", "walk", key)
            time.sleep(1.0)
            self.look(0.8)

    def write(self, text):
        for start in range(0, len(text), 4):
            self.tmux("send-keys", "-t", "walk", "-l", text[start : start + 4])
            time.sleep(0.1)
            self.look(0.2)
        time.sleep(0.5)

    def keep(self, title):
        self.pages.append((title, self.screen()))
        self.look(0.1)
        self.film.hold(3.0)

    def look(self, seconds):
        """Film the screen with its colours; the film goes at its own speed."""
        self.film.show(self.screen("-e").split("\n"), seconds)

    def close(self):
        self.tmux("kill-server")


def find(terminal, title):
    """Search a question in the bank and open it."""
    terminal.press("F3")
    terminal.wait("Ctrl+F 搜索")
    terminal.press("C-f", "C-u")
    terminal.write(title)
    time.sleep(3)
    terminal.press("Enter", "Enter")  # from the search line to the best answer, open


def theory(terminal):
    find(terminal, "什么是大模型")
    terminal.wait("请说明什么是大模型")
    terminal.write(ANSWER)
    terminal.keep("写答案")
    terminal.press("F5")
    terminal.wait("有多大把握")
    terminal.press("Enter")
    terminal.wait("个要点")
    terminal.keep("对答案：逐个要点，附依据")
    terminal.press("Enter", "Enter")
    time.sleep(1)


def coding(terminal, home):
    target = Path(home) / "solutions" / "mnist_digits" / "solution_torch.py"
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(SOLUTION, target)
    terminal.press("Escape")
    find(terminal, "mnist")
    terminal.wait("手写数字", "提交")
    terminal.keep("编程题：题面")
    terminal.press("F5")
    terminal.wait("loss", timeout=180)
    time.sleep(3)
    terminal.keep("判题中：阶段、用时、损失曲线")
    terminal.wait("通过 (AC)", timeout=300)
    terminal.keep("报告")


def statistics(terminal):
    terminal.press("C-q")
    terminal.wait("已退出", timeout=20)
    time.sleep(6)
    terminal.start()
    terminal.wait("今天", "题库")
    terminal.press("F4")
    terminal.wait("作答 1 次，提交 1 次")
    terminal.keep("关掉再打开之后的统计")


def main():
    home = tempfile.mkdtemp(prefix="quizapp-walk-")
    terminal = Terminal(home)
    try:
        terminal.start()
        terminal.wait("导览 1 / 3")
        terminal.keep("第一次打开：一分钟的导览，Esc 跳过")
        terminal.press("Escape")
        terminal.wait("开始今天的练习", "复习 0 题")
        time.sleep(5)
        terminal.keep("今天")
        theory(terminal)
        coding(terminal, home)
        statistics(terminal)
    finally:
        terminal.close()
        shutil.rmtree(home, ignore_errors=True)
    parts = ["# 走一遍", "", "由 `python tests/walk.py` 在 tmux（80×24）里操作真实应用录下：每一屏都是当时屏幕上的字。", ""]
    for number, (title, screen) in enumerate(terminal.pages, start=1):
        parts += [f"## {number}. {title}", "", "```text", screen, "```", ""]
    terminal.film.write(ROOT / "docs" / "tour.cast")
    (ROOT / "docs" / "walk.md").write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
