"""What `quizapp doctor` looks at: each finding is a sentence, with what to do when something is amiss. Imports no framework."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from quizapp import terminal
from quizapp.early import early_setting
from quizapp.paths import config_dir, data_dir, workspace_dir
from quizapp.problems import UsageProblem

_PATIENCE = 0.5
"""Seconds for the terminal to answer; whoever asks for an examination can wait."""

Level = Literal["ok", "note", "bad"]


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's report. `note` is worth knowing, `bad` keeps something from working."""

    section: str
    level: Level
    text: str
    advice: str = ""


def examine() -> Iterator[Finding]:
    """Everything, section by section; one that breaks says so and does not keep the others away."""
    for section, check in _SECTIONS.items():
        try:
            for level, text, advice in check():
                yield Finding(section, level, text, advice)
        except UsageProblem as problem:
            yield Finding(section, "bad", str(problem))


Found = Iterator[tuple[Level, str, str]]


def _terminal() -> Found:
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    if encoding == "utf8":
        yield "ok", "输出编码 UTF-8", ""
    else:
        yield (
            "bad",
            f"输出编码是 {sys.stdout.encoding}，中文会乱码",
            "设置 LANG=C.UTF-8（Windows：chcp 65001，并设 PYTHONUTF8=1）",
        )
    if not sys.stdout.isatty():
        yield "note", "输出不是终端，量不出宽度", ""
        return
    yield terminal.size_finding(*shutil.get_terminal_size())
    with terminal.asking((*terminal.AMBIGUOUS, terminal.HANZI)) as answer:
        widths = answer(_PATIENCE)
    yield from terminal.width_findings(widths, early_setting("ambiguous_width", "auto"))
    yield terminal.colour_finding(os.environ)
    yield terminal.keyboard_finding(os.environ)


def _python() -> Found:
    yield "ok", f"Python {platform.python_version()}，{platform.system()} {platform.machine()}", ""
    for name in ("quizapp", "textual", "pydantic", "fsrs", "numpy"):
        yield _version(name)


def _version(name: str) -> tuple[Level, str, str]:
    try:
        return "ok", f"{name} {importlib.metadata.version(name)}", ""
    except importlib.metadata.PackageNotFoundError:
        return "bad", f"没有安装 {name}", "重新安装：make setup 或 pip install -e ."


def _frameworks() -> Found:
    found = 0
    for title, names in (("PyTorch", ("torch",)), ("TensorFlow", ("tensorflow", "tensorflow-cpu"))):
        versions = [version for name in names if (version := installed(name))]
        found += bool(versions)
        extra = "torch" if title == "PyTorch" else "tensorflow"
        advice = "" if versions else f"要做 {title} 的题：make setup FRAMEWORKS={extra}，或 pip install 'quizapp[{extra}]'"
        yield ("ok" if versions else "note"), f"{title} {versions[0]}" if versions else f"没有安装 {title}", advice
    if not found:
        yield "note", "没有框架时，理论题照常可做，编程题不能判", ""


def installed(name: str) -> str | None:
    """The version of a distribution, or None."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _devices() -> Found:
    yield "ok", f"CPU {os.cpu_count()} 核；判题默认用 CPU，处处同判", ""
    if Path("/proc/driver/nvidia/version").exists() or shutil.which("nvidia-smi"):
        yield "ok", "有 NVIDIA 驱动，可用 --device cuda（需要 CUDA 版的框架）", ""
    elif sys.platform == "darwin" and platform.machine() == "arm64":
        yield "ok", "Apple 芯片，PyTorch 题可用 --device mps", ""
    else:
        yield "ok", "没有 GPU，所有题都能在 CPU 上完成", ""


def _isolation() -> Found:
    from judge.sandbox import best_tier, probe
    from judge.sandbox.doctor import advice

    found = probe()
    best = best_tier(found)
    if best is None:
        yield "bad", "没有可用的隔离，编程题不能判", advice()[0]
    else:
        yield "ok", f"判题使用 {best}", "" if best == "bwrap" else advice()[0]
    for tier, status in found.tiers.items():
        if not status.available:
            yield "note", f"{tier} 不可用：{status.reason}", ""


def _data() -> Found:
    from judge.datasets.catalog import State, rows

    for row in rows():
        ready = row.state is State.READY
        advice = "" if ready else "运行 quizapp data --fetch（或 make data）"
        yield ("ok" if ready else "note"), f"{row.dataset.title}：{row.state.label}", advice


def _bank() -> Found:
    from question_bank.loader import load_bank

    bank = load_bank()
    yield "ok", f"{len(bank.outlines)} 题，{len(bank.topics)} 个主题", ""
    for problem in bank.problems:
        yield "bad", f"题库文件有错，已跳过：{problem}", ""


def _settings() -> Found:
    from quizapp.commands.own_keys import keys_path, own_keymap
    from quizapp.settings import load_settings, settings_path

    settings = load_settings()
    yield "ok", f"{settings_path()}（{'有' if settings_path().exists() else '没有，用默认值'}）", ""
    if settings.interview_date:
        yield "ok", f"面试日期 {settings.interview_date}", ""
    own_keymap()
    yield "ok", f"{keys_path()}（{'有' if keys_path().exists() else '没有，按键照旧'}）", ""


def _progress() -> Found:
    from quizapp.progress import Progress, backups
    from quizapp.progress.opening import inspect
    from quizapp.progress.store import FILENAME

    path = data_dir() / FILENAME
    if not path.exists():
        yield "ok", f"还没有进度库，第一次作答时建在 {path}", ""
        return
    with Progress.open(path, mode="read") as progress:
        totals = progress.stats()
    inspect(path)
    yield (
        "ok",
        f"{path}：完整性检查通过，{path.stat().st_size / 1e6:.1f} MB，{totals.answers} 次作答，{totals.submissions} 次提交",
        "",
    )
    copies = backups.dated(path)
    if copies:
        yield "ok", f"备份 {len(copies)} 份，最近一份 {max(copies)}", ""
    else:
        yield "note", "还没有备份", "打开一次 quizapp 就会备份，之后每天一份"


def _places() -> Found:
    """Where things go, and whether they can: into the folder, or into the one it would be made in."""
    for name, folder, variable in (
        ("数据", data_dir(), "QUIZAPP_HOME"),
        ("设置", config_dir(), "QUIZAPP_HOME"),
        ("解答", workspace_dir(), "QUIZAPP_WORKSPACE"),
    ):
        nearest = next(place for place in (folder, *folder.absolute().parents) if os.path.exists(place))
        if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
            yield "ok", f"{name} {folder}", ""
        else:
            yield "bad", f"{name} {folder}：{nearest} 不可写", f"检查权限，或用环境变量 {variable} 换一个位置"


_SECTIONS: dict[str, Callable[[], Found]] = {
    "终端": _terminal,
    "程序": _python,
    "框架": _frameworks,
    "设备": _devices,
    "隔离": _isolation,
    "数据": _data,
    "题库": _bank,
    "设置": _settings,
    "进度": _progress,
    "位置": _places,
}
