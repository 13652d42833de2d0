"""The face, measured beside a bare Textual app in one run: `python benchmarks/tui.py [--markdown docs/tui.md]`.

Fresh interpreters of the app and of a bare app with the same widgets take turns, so that a busy machine slows both alike; the bank
holds 10,000 generated questions. A frame counts when its last bytes for the terminal are made. Figures in milliseconds say
something about one machine only: read the ratios.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from search import write_bank

QUESTIONS = 10_000
HEAVY = ("numpy", "torch", "tensorflow", "keras", "pytest", "jieba", "PIL", "matplotlib")
AIMS = {"first": 1.25, "key": 50.0, "memory": 150.0, "search": 10.0}

BARE = """
import os, sys, time
began = time.perf_counter(), time.process_time()
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
        print((time.perf_counter() - began[0]) * 1000, (time.process_time() - began[1]) * 1000, flush=True); os._exit(0)

class Bare(App):
    MODES = {"first": First}
    DEFAULT_MODE = "first"

Bare().run(headless=True, size=(80, 24))
"""
OURS = """
import os, sys, time
began = time.perf_counter(), time.process_time()
from pathlib import Path
from quizapp import app, services
from quizapp.screens import today

def opening():
    from question_bank import loader
    loader.ROOT = Path(BANK)
    return services.open_all()

def say():
    print((time.perf_counter() - began[0]) * 1000, (time.process_time() - began[1]) * 1000, flush=True)

mounted, shown = today.TodayScreen.on_mount, today.TodayScreen._show
def on_mount(self):
    mounted(self)
    self.call_after_refresh(say)
def show(self, agenda):
    shown(self, agenda)
    self.call_after_refresh(lambda: (say(), os._exit(0)))
today.TodayScreen.on_mount, today.TodayScreen._show = on_mount, show
app.QuizApp(services.Services(opening)).run(headless=True, size=(80, 24))
"""
KEYS = """
import asyncio, json, os, re, statistics, sys, time
from pathlib import Path

PIECE = re.compile("\\x1b\\[(\\d+;\\d+)H([^\\0]*?)(?=\\x1b\\[\\d+;\\d+H|$)")

class Frames:
    '''When the app made bytes that change the terminal, and when it last made any.'''
    def __init__(self, app):
        self.changed, self.last = [], 0.0
        self._shown, self._console, self._display = {}, app.console, app._display
        app._display = self.display
    def display(self, screen, update):
        self._display(screen, update)
        if not hasattr(update, "render_segments"):
            return
        data = update.render_segments(self._console)  # a headless app leaves this out
        self.last = time.perf_counter()
        pieces = dict(PIECE.findall(data))
        if any(self._shown.get(place) != piece for place, piece in pieces.items()) or not pieces:
            self.changed.append(self.last)
            self._shown.update(pieces)

async def painted(pilot, frames, key):
    '''Milliseconds from a key to the first and to the last frame in which it changed something, and those of the processor.'''
    frames.changed.clear()
    began, worked = time.perf_counter(), time.process_time()
    pilot.app.simulate_key(key)
    await pilot._wait_for_screen()
    while (now := time.perf_counter()) - max(frames.last, began) < 0.06:
        await asyncio.sleep(0.005)
    if not frames.changed:
        return None
    moments = frames.changed[0] - began, frames.changed[-1] - began, time.process_time() - worked
    return [moment * 1000 for moment in moments]

async def scenes(app, wanted):
    async with app.run_test(size=(80, 24)) as pilot:
        frames = Frames(app)
        await pilot.pause(1.0)
        for name, opening, pressed in wanted:
            for key in opening:
                await (app.run_action(key) if "(" in key else pilot.press(key))
                await pilot.pause(0.7)
            for widget in app.screen.query("Input, TextArea"):
                widget.cursor_blink = False  # a blink is a frame that no key caused
            times = [await painted(pilot, frames, key) for key in pressed]
            print(json.dumps([name, [value for value in times if value is not None]]), flush=True)

def memory():
    import psutil
    print(json.dumps(["memory", psutil.Process().memory_info().rss / 2**20]), flush=True)
"""
BARE_KEYS = (
    KEYS
    + """
import quizapp
from textual.app import App
from textual.widgets import Input, OptionList, Static, TextArea

class Bare(App):
    CSS = "OptionList { height: 12; } TextArea { height: 6; }"
    def compose(self):
        yield OptionList(*(f"第 {n} 题：注意力为什么要除以 d_k？" for n in range(COUNT)))
        yield Input()
        yield TextArea()

asyncio.run(scenes(Bare(), SCENES))
memory()
"""
)
OUR_KEYS = (
    KEYS
    + """
from question_bank import loader
loader.ROOT = Path(BANK)
from quizapp.app import QuizApp
from quizapp.services import Services, open_all
services = Services(open_all)
asyncio.run(scenes(QuizApp(services), SCENES))
memory()
print(json.dumps(["heavy", [name for name in HEAVY if name in sys.modules]]))
times = []
for query in QUERIES:
    taken = []
    for _ in range(5):
        began = time.process_time()
        services.bank.search(query)
        taken.append((time.process_time() - began) * 1000)
    times.append(statistics.median(taken))
print(json.dumps(["search", times]))
services.progress.close()
"""
)
DOWN = ["down"] * 60 + ["pagedown"] * 40
WORDS = [*"注意力第123题", *["backspace"] * 9] * 3
ANSWER = [*"大模型是在海量文本上自监督预训练的神经网络，参数规模很大。"] * 2
BARE_SCENES = (
    ("移动", (), DOWN),
    ("搜索", ("tab",), WORDS),
    ("写答案", ("tab",), ANSWER),
)
SCENES = (
    ("移动", ("f3",), DOWN),
    ("搜索", ("ctrl+f",), WORDS),
    ("折叠", ("escape",), ["f9"] * 10),
    ("写答案", ("f2", "app.open('ID')"), ANSWER),
    ("换到统计、再回来", ("f2", "f4", "f2"), ["f4", "f2"] * 15),
)
QUERIES = ("注意力", "除以", "zhuyili", "zyl", "第123题", "attention", "注意力 d_k", "注一力", "qqqqzzzz", "完全没有的东西")


def scenes(root: Path) -> list[tuple[str, list[str], list[str]]]:
    """What is done in the app, with the id of some question that is answered in writing."""
    files = sorted((root / "theory").rglob("*.yaml"))
    written = next(file.stem for file in files if "\ntype: short_answer\n" in file.read_text(encoding="utf-8"))
    return [(name, [key.replace("ID", written) for key in opening], pressed) for name, opening, pressed in SCENES]


def launch(code: str, home: Path, **names: object) -> list[str]:
    """The lines printed by a fresh interpreter, in a home of its own."""
    head = "".join(f"{name} = {value!r}\n" for name, value in names.items())
    env = {**os.environ, "QUIZAPP_HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "PYTHONDONTWRITEBYTECODE": ""}
    done = subprocess.run([sys.executable, "-c", head + code], env=env, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.splitlines()


def first_frames(home: Path, root: Path, rounds: int) -> Iterator[tuple[str, ...]]:
    """Rows of the table: alternating fresh starts, the first of each not counted."""
    bare, ours, ready = [], [], []
    for number in range(rounds + 1):
        one = [tuple(map(float, line.split())) for line in launch(BARE, home)]
        two = [tuple(map(float, line.split())) for line in launch(OURS, home, BANK=str(root))]
        if number:
            bare.append(one[0])
            ours.append(two[0])
            ready.append(two[1])
    for name, column in (("第一帧", 0), ("第一帧，CPU 时间", 1)):
        yield beside(name, middle(ours, column), middle(bare, column), AIMS["first"])
    yield beside(f"{QUESTIONS} 题的题库打开、数完今天该做的", middle(ready, 0), middle(bare, 0), None)


def middle(pairs: list[tuple[float, ...]], column: int) -> float:
    return statistics.median(pair[column] for pair in pairs)


def beside(name: str, ours: float, bare: float, aim: float | None) -> tuple[str, ...]:
    ratio = ours / bare
    return name, f"{ours:.0f} ms", f"{bare:.0f} ms", f"{ratio:.2f}", *judged(ratio, aim, f"≤ {aim}")


def judged(value: float, aim: float | None, words: str) -> tuple[str, str]:
    return ("—", "") if aim is None else (words, "✓" if value <= aim else "✗")


def keys(home: Path, root: Path) -> Iterator[tuple[str, ...]]:
    """Rows of the table: key to painted, search, memory."""
    bare = heard(launch(BARE_KEYS, home, SCENES=BARE_SCENES, COUNT=QUESTIONS))
    ours = heard(launch(OUR_KEYS, home, SCENES=scenes(root), BANK=str(root), HEAVY=HEAVY, QUERIES=QUERIES))
    for words, place, aim in (("按键到画出", 0, AIMS["key"]), ("按键到全部画完", 1, None), ("按键用的 CPU 时间", 2, None)):
        for name, _, _ in SCENES:
            slow = p95([times[place] for times in ours[name]])
            other = p95([times[place] for times in bare[name]]) if name in bare else None
            compared = (f"{other:.1f} ms", f"{slow / other:.2f}") if other else ("—", "—")
            yield f"{words}，p95：{name}", f"{slow:.1f} ms", *compared, *judged(slow, aim, "≤ 50 ms")
    slowest = max(ours["search"])
    yield (
        f"{QUESTIONS} 题里搜索，{len(QUERIES)} 种查询中最慢的，CPU 时间",
        f"{slowest:.1f} ms",
        "—",
        "—",
        *judged(slowest, AIMS["search"], "≤ 10 ms"),
    )
    held, other = ours["memory"], bare["memory"]
    yield (
        "界面进程的内存",
        f"{held:.0f} MiB",
        f"{other:.0f} MiB",
        f"{held / other:.2f}",
        *judged(held, AIMS["memory"], "≤ 150 MiB"),
    )
    loaded = "、".join(ours["heavy"]) or "无"
    yield "界面进程里的 numpy、torch、tensorflow 等", loaded, "—", "—", "无", "✗" if ours["heavy"] else "✓"


def heard(lines: list[str]) -> dict[str, Any]:
    return dict(json.loads(line) for line in lines)


def p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--markdown", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home, root = Path(folder) / "home", Path(folder) / "bank"
        home.mkdir()
        root.mkdir()
        write_bank(root, QUESTIONS)
        rows = [*first_frames(home, root, options.rounds), *keys(home, root)]
    head = ("", "quizapp", "裸的 Textual 应用", "比值", "目标", "")
    table = "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows))
    print(table)
    if options.markdown:
        options.markdown.write_text(f"{about()}\n{table}\n", encoding="utf-8")


def about() -> str:
    """What stands above the table."""
    return f"""# 界面有多快

由 `make tui`（`python benchmarks/tui.py`）写成。quizapp 与一个控件相同的裸 Textual 应用轮流在新的解释器里启动，所以机器忙闲对两者
一样；题库是生成的 {QUESTIONS} 道题。毫秒数只说明量它的那台机器，看比值；量的时候 {os.cpu_count()} 个核上的平均负载是 {os.getloadavg()[0]:.1f}，
超过核数就有等待混在里面。

- 第一帧：从解释器就绪到最上面的字画出来，80×24。裸应用只画字，没有数据；题库在第一帧之后才打开。
- 按键：从按键进入应用，到它引起的第一个（画出）和最后一个（全部画完）有变化的画面的字节生成完。搜索时先画出键入的字，再画出结果。
  裸应用里是 Textual 自己的列表（同样多的行）、输入框（什么也不搜）和文本框。
- 折叠：一次重排一万行。换到统计：第二次起（第一次还要读它自己的模块）；先画出上次的画面，做过什么之后再在线程里重新数；这里中间什么也没做。
- 内存：走过题库、答题、统计之后的常驻内存。
"""


if __name__ == "__main__":
    main()
