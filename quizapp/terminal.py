"""What this terminal does with text: asked of it once, before the app takes the screen, or read from the environment.

The one thing that can only be asked is how many cells a character of ambiguous width gets (`“`, `…`, `①`): it is written, the
terminal is asked where the cursor went (DSR 6, ECMA-48), and the line is wiped again. A terminal that answers late does no harm:
Textual knows the reply and drops it. Keys typed while the reply is on its way are lost.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, Literal

from quizapp.early import early_setting
from quizapp.problems import UsageProblem

Found = tuple[Literal["ok", "note", "bad"], str, str]
"""How bad, what, and what to do about it."""

AMBIGUOUS: Final = ("“", "…", "①")
"""Common in Chinese text, and of ambiguous width by UAX #11."""

HANZI: Final = "汉"

PATIENCE: Final = 0.1
"""Seconds to wait for a reply that did not come while the app was being imported."""

_REPORT: Final = re.compile(rb"\x1b\[\d+;(\d+)R")

Answer = Callable[[float], tuple[int, ...] | None]


@contextlib.contextmanager
def asking(samples: Sequence[str]) -> Iterator[Answer]:
    """Ask how many cells each sample takes. The answer can be fetched inside the block, while other things are done.

    It is None where there is no terminal on both ends, or it says nothing sensible in time.
    """
    keyboard, screen = _ends()
    if keyboard is None or screen is None:
        yield lambda _: None
        return
    import termios

    before = termios.tcgetattr(keyboard)
    quiet = [*before]
    quiet[3] &= ~(termios.ICANON | termios.ECHO)
    try:
        termios.tcsetattr(keyboard, termios.TCSANOW, quiet)
        os.write(screen, ("".join(f"\r{sample}\x1b[6n" for sample in samples) + "\r\x1b[K").encode())
        yield lambda patience: _collected(keyboard, len(samples), patience)
    finally:
        termios.tcsetattr(keyboard, termios.TCSANOW, before)


def require_terminal() -> None:
    """Raise `UsageProblem` where the app would have no keyboard or no screen: it would wait for keys for ever."""
    if os.environ.get("TEXTUAL_DRIVER"):
        return  # a browser's, or a test's
    if not all(stream is not None and stream.isatty() for stream in (sys.__stdin__, sys.__stderr__)):
        raise UsageProblem(
            "应用要在终端里打开，现在键盘或屏幕接到了别处（管道、文件）；在管道和脚本里用 quizapp quiz，在浏览器里用 quizapp serve"
        )


def _ends() -> tuple[int | None, int | None]:
    """The descriptors of keyboard and screen; None where they are no terminal that could be asked."""
    if os.environ.get("TERM", "dumb") == "dumb" or os.environ.get("TEXTUAL_DRIVER"):
        return None, None
    try:
        import termios

        keyboard, screen = sys.__stdin__.fileno(), sys.__stderr__.fileno()  # type: ignore[union-attr]
        termios.tcgetattr(keyboard)
        return (keyboard, screen) if os.isatty(screen) else (None, None)
    except (ImportError, OSError, AttributeError, ValueError, termios.error):
        return None, None


def _collected(keyboard: int, wanted: int, patience: float) -> tuple[int, ...] | None:
    """The columns reported, as widths."""
    until, data = time.monotonic() + patience, b""
    while len(found := _REPORT.findall(data)) < wanted:
        ready, _, _ = select.select([keyboard], [], [], max(0.0, until - time.monotonic()))
        if not ready or not (more := os.read(keyboard, 1024)):
            return None
        data += more
    widths = tuple(int(column) - 1 for column in found[:wanted])
    return widths if set(widths) <= {1, 2} else None


@contextlib.contextmanager
def ambiguous_width() -> Iterator[Callable[[], int]]:
    """Cells of a character of ambiguous width: as set, or else as the terminal answers until the app is imported; 1 by default."""
    wanted = early_setting("ambiguous_width", "auto")
    if wanted in (1, 2):
        yield lambda: int(str(wanted))
        return
    with asking(AMBIGUOUS[:1]) as answer:
        yield lambda: (answer(PATIENCE) or (1,))[0]


def width_findings(found: tuple[int, ...] | None, wanted: object) -> Iterator[Found]:
    """What was measured of `AMBIGUOUS` and `HANZI`, held against the setting."""
    narrow = "在终端的设置里把“歧义宽度”（ambiguous width）设为窄"
    if found is None:
        yield "note", "终端没有回答光标位置，量不出歧义宽度", f"文字对不齐时：{narrow}，或运行 quizapp config ambiguous_width 2"
        return
    *ambiguous, hanzi = found
    if hanzi != 2:
        yield "bad", f"终端把汉字画成 {hanzi} 格", "换一个支持中文的终端，tmux 加 -u"
    told = "、".join(f"{sample} {width} 格" for sample, width in zip(AMBIGUOUS, ambiguous, strict=True))
    if len(set(ambiguous)) > 1:
        yield "note", f"歧义宽度不一致：{told}", narrow
    elif wanted in (1, 2) and wanted != ambiguous[0]:
        yield "bad", f"终端按 {ambiguous[0]} 格画歧义宽度的字符，设置却是 {wanted}", "运行 quizapp config ambiguous_width auto"
    else:
        yield "ok", f"歧义宽度：{told}", ""


def colour_finding(env: Mapping[str, str]) -> Found:
    """How many colours there are."""
    term = env.get("TERM", "")
    if "NO_COLOR" in env:
        return "note", "设置了 NO_COLOR：不用颜色，靠符号、下划线和深浅区分", ""
    if env.get("COLORTERM") in ("truecolor", "24bit"):
        return "ok", "真彩色", ""
    if "256" in term:
        return "ok", "256 色，主题的颜色取最接近的", "终端支持真彩色的话：设 COLORTERM=truecolor"
    return "note", "颜色数未知，按 16 色看待", "颜色不好看时：quizapp config theme ansi-dark"


def keyboard_finding(env: Mapping[str, str]) -> Found:
    """What can be said about input methods: not whether one is on, but whether what it commits arrives."""
    if env.get("TEXTUAL_DISABLE_KITTY_KEY", "1") not in ("", "0"):
        advice = "输入法开着时字母键到不了程序：用 F 键、回车、方向键、Ctrl 组合键（F1 列出全部）"
        return "ok", "kitty 键盘协议已关，输入法提交的汉字整段到达；输入法开没开，程序看不到", advice
    return (
        ("bad" if env.get("TERM_PROGRAM") == "iTerm.app" else "note"),
        "TEXTUAL_DISABLE_KITTY_KEY=0 打开了 kitty 键盘协议：iTerm2 会丢掉输入法提交的汉字",
        "去掉这个环境变量",
    )


def size_finding(columns: int, lines: int) -> Found:
    """Whether every screen fits."""
    fits = columns >= 80 and lines >= 24
    advice = "" if fits else "小于 80×24 时有些内容要滚动才能看到：放大窗口或缩小字号"
    return ("ok" if fits else "note"), f"窗口 {columns}×{lines}，TERM={os.environ.get('TERM', '未设置')}", advice
