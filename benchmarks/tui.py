"""The face, measured side by side in one run: `python benchmarks/tui.py`.

First frame of the app against a bare Textual app with the same widgets: fresh interpreters, alternating, the bank holding 10,000
generated questions. Then in one process: key to painted on every section and while an answer is typed, and memory.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 9
QUESTIONS = 10_000
SIZE = (80, 24)
HEAVY = ("numpy", "torch", "tensorflow", "keras", "pytest", "jieba", "PIL", "matplotlib")

BARE = """
import os, sys, time
began = time.perf_counter()
import quizapp
from textual.app import App
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

class Line(Widget):
    DEFAULT_CSS = "Line { height: 1; }"
    def render(self): return "今天  题库  统计"

class First(Screen):
    CSS = "Screen { background: black; }"
    def compose(self):
        yield Line(); yield Static("今天"); yield Static("约 9 分钟"); yield Line(); yield Static(""); yield Line()
    def on_mount(self): self.call_after_refresh(self.painted)
    def painted(self):
        print((time.perf_counter() - began) * 1000, file=sys.stderr, flush=True); os._exit(0)

class Bare(App):
    MODES = {"first": First}
    DEFAULT_MODE = "first"

Bare().run(headless=True, size=SIZE)
"""
OURS = """
import os, sys, time
began = time.perf_counter()
from pathlib import Path
from quizapp import app, services
from quizapp.screens import today

def opening():
    from question_bank import loader
    loader.ROOT = Path(BANK)
    return services.open_all()

def say():
    print((time.perf_counter() - began) * 1000, file=sys.stderr, flush=True)

mounted, shown = today.TodayScreen.on_mount, today.TodayScreen._show
def on_mount(self):
    mounted(self)
    self.call_after_refresh(say)
def show(self, agenda):
    shown(self, agenda)
    self.call_after_refresh(lambda: (say(), os._exit(0)))
today.TodayScreen.on_mount, today.TodayScreen._show = on_mount, show
app.QuizApp(services.Services(opening)).run(headless=True, size=SIZE)
"""
TYPES = (
    {"type": "true_false", "correct": True},
    {"type": "single", "correct": "A", "options": [{"id": "A", "text": "选项 A"}, {"id": "B", "text": "选项 B"}]},
    {
        "type": "short_answer",
        "key_points": [{"id": "p", "text": "要点", "keywords": [["注意力"], ["缩放", "除以"]]}],
    },
)


def generate(root: Path) -> None:
    """A bank of 10,000 questions over 20 topics; JSON is YAML."""
    topics = [{"id": f"topic_{n}", "title": f"主题 {n}"} for n in range(20)]
    (root / "topics.yaml").write_text(json.dumps(topics, ensure_ascii=False), encoding="utf-8")
    for number in range(QUESTIONS):
        topic = f"topic_{number % 20}"
        folder = root / "theory" / topic
        folder.mkdir(parents=True, exist_ok=True)
        question = {
            "id": f"question_{number}", "title": f"第 {number} 题：注意力为什么要除以 √d_k？", "topic": topic,
            "difficulty": number % 5 + 1, "prompt": "请说明。", "answer": "因为点积的方差随维度增长。" * 20, **TYPES[number % 3],
        }  # fmt: skip
        (folder / f"question_{number}.yaml").write_text(json.dumps(question, ensure_ascii=False), encoding="utf-8")


def launch(code: str, home: Path, root: Path) -> list[float]:
    """Milliseconds printed by a fresh interpreter."""
    head = f"SIZE = {SIZE!r}; BANK = {str(root)!r}\n"
    env = {**os.environ, "QUIZAPP_HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "PYTHONDONTWRITEBYTECODE": ""}
    done = subprocess.run([sys.executable, "-c", head + code], env=env, capture_output=True, text=True, check=True)
    return [float(line) for line in done.stderr.split()]


def first_frames(home: Path, root: Path) -> None:
    """Alternating fresh starts; medians and their ratio."""
    launch(BARE, home, root)
    launch(OURS, home, root)
    bare, ours, ready = [], [], []
    for _ in range(ROUNDS):
        bare.append(launch(BARE, home, root)[0])
        frame, counted = launch(OURS, home, root)
        ours.append(frame)
        ready.append(counted)
    middle = statistics.median
    print(f"first frame: bare {middle(bare):.0f} ms, quizapp {middle(ours):.0f} ms, ratio {middle(ours) / middle(bare):.2f}")
    print(f"bank of {QUESTIONS} questions opened and counted: {middle(ready):.0f} ms, ratio {middle(ready) / middle(bare):.2f}")


async def keys(home: Path, root: Path) -> None:
    """Key to painted in one process, and what the process holds."""
    import psutil

    from question_bank.loader import load_bank
    from quizapp.app import QuizApp
    from quizapp.progress import Progress
    from quizapp.services import Opened, Services

    began = time.perf_counter()
    bank = load_bank(root)
    print(f"bank loaded again in {(time.perf_counter() - began) * 1000:.0f} ms")
    with Progress.open(home / "keys.db") as progress:
        app = QuizApp(Services(lambda: Opened(bank, progress)))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause(0.5)
            for name, opening, pressed in SCENES:
                for key in opening:
                    await pilot.press(key)
                    await pilot.pause(0.5)
                report(name, [await painted(pilot, key) for key in pressed])
        loaded = sorted(name for name in HEAVY if name in sys.modules)
        print(
            f"memory {psutil.Process().memory_info().rss / 2**20:.0f} MiB; heavy modules loaded: {', '.join(loaded) or 'none'}"
        )


SCENES = (
    ("list, moving", ("f3",), ["down"] * 100 + ["pagedown"] * 50),
    ("list, searching", ("ctrl+f",), [*"注意力第123题", *["backspace"] * 9] * 3),
    ("list, folding", ("escape",), ["f9"] * 10),
    ("typing an answer", ("f2", "enter", "f6", "f6"), [*"大模型是在海量文本上自监督预训练的神经网络，参数规模很大。"] * 4),
)


async def painted(pilot: object, key: str) -> float:
    """Milliseconds from a key to the frame that shows it."""
    app = pilot.app  # type: ignore[attr-defined]
    done = asyncio.Event()
    began = time.perf_counter()
    app.simulate_key(key)
    app.call_later(lambda: app.screen.call_after_refresh(done.set))
    await done.wait()
    return (time.perf_counter() - began) * 1000


def report(name: str, times: list[float]) -> None:
    times = sorted(times)
    print(
        f"{name}: median {statistics.median(times):.1f} ms, p95 {times[int(len(times) * 0.95)]:.1f} ms over {len(times)} keys"
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home, root = Path(folder) / "home", Path(folder) / "bank"
        home.mkdir()
        root.mkdir()
        generate(root)
        os.environ["XDG_CACHE_HOME"] = str(home / "cache")
        first_frames(home, root)
        asyncio.run(keys(home, root))


if __name__ == "__main__":
    main()
