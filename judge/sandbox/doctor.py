"""`judge doctor`: what this machine gives, in Chinese, and how to get more."""

from __future__ import annotations

import platform
import sys
from collections.abc import Set
from pathlib import Path
from typing import Literal

from judge.sandbox.probing import Probe, best_tier
from judge.verdict import TierName

Surrounding = Literal["macos", "windows", "container", "wsl", "apparmor", "no_userns", "root"]

_PROTECTS: dict[TierName, str] = {
    "bwrap": "命名空间 + Landlock + seccomp：看不到你的文件、进度、检查与网络，写不了磁盘，结束时不留进程与文件",
    "landlock": "Landlock + seccomp + 资源限制：读不到你的文件与检查，没有网络；能看到文件是否存在；DataLoader 的多进程改为单进程",
    "process": "只有时间与内存限制：代码能读写你能读写的一切，只用于自己信任的代码",
}
_ADVICE: dict[Surrounding, tuple[str, ...]] = {
    "macos": (
        "macOS 没有这些机制：在 Linux 虚拟机（如 Lima、OrbStack）或 Docker 容器里运行 quizapp 来判不可信的代码",
        "只判自己写的代码时，可以用 --tier process",
    ),
    "windows": ("在 WSL2 里安装并运行 quizapp：PowerShell 里 wsl --install，之后照 Linux 的步骤做（WSL1 不行）",),
    "wsl": ("WSL2：在 PowerShell 里运行 wsl --update 更新内核；WSL1 没有命名空间，用 wsl --set-version <发行版> 2 转成 WSL2",),
    "container": (
        "Docker / Podman 里：启动容器时加 --security-opt seccomp=unconfined --security-opt apparmor=unconfined，"
        "以 root 运行时再加 --cap-add SYS_ADMIN；这会放宽容器自身的边界，只对判题容器这样做",
        "不想放宽容器：默认的 Docker 允许 Landlock，landlock 这一级就够用（内核 5.13 以上；以 root 运行时 Python 与虚拟环境要人人可读）",
    ),
    "apparmor": (
        "Ubuntu 23.10 起由 AppArmor 限制用户命名空间：给系统的 /usr/bin/bwrap 加一份许可，写法见 docs/isolation.md 的「Ubuntu」一节",
        "或者整机放开（影响所有程序）：sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0",
    ),
    "no_userns": (
        "内核关掉了非特权用户命名空间：sudo sysctl kernel.unprivileged_userns_clone=1，或 sudo sysctl user.max_user_namespaces=15000",
    ),
    "root": ("以 root 运行：换成普通用户运行，或把 Python 与虚拟环境放到人人可读的位置（不要放在 /root 下）",),
}
_LINUX = (
    "安装系统的 bubblewrap（0.8 以上）：Debian / Ubuntu 用 sudo apt install bubblewrap，Fedora 用 sudo dnf install bubblewrap"
)


def describe(found: Probe) -> list[str]:
    """Lines to print."""
    best = best_tier(found)
    lines = [f"系统：{platform.system()} {found.kernel}（{platform.machine()}）{'，以 root 运行' if found.root else ''}"]
    lines.append(f"Landlock ABI：{found.landlock_abi or '无'}；bubblewrap：{found.bwrap or '无'}")
    for tier, status in found.tiers.items():
        mark = "✓" if status.available else "✗"
        lines.append(f"{mark} {tier:<9}{_PROTECTS[tier]}")
        if status.reason and not status.available:
            lines.append(f"           {status.reason}")
    lines.append(f"判题使用：{best}" if best else "判题使用：无。没有可用的隔离，只能显式加 --tier process（未隔离）")
    lines += weaknesses(found)
    if best != "bwrap":
        lines += ["怎样得到更强的隔离（改好后运行 judge doctor --refresh）：", *(f"  - {line}" for line in advice())]
    return lines


def weaknesses(found: Probe) -> list[str]:
    """What the tier in use lacks on this kernel."""
    best = best_tier(found)
    if best == "bwrap" and not found.landlock_abi:
        return ["注意：内核没有 Landlock，盒内只有命名空间与 seccomp 两层"]
    if best == "landlock" and found.landlock_abi < 6:
        return [f"注意：Landlock ABI {found.landlock_abi} 不能限制信号，改由 seccomp 限制：子进程之间也不能互发信号"]
    return []


def advice(around: Set[Surrounding] | None = None) -> list[str]:
    """How to get the bwrap tier here."""
    around = surroundings() if around is None else around
    lines = [line for kind, texts in _ADVICE.items() if kind in around for line in texts]
    return lines if around & {"macos", "windows"} else [_LINUX, *lines]


def surroundings(root: Path = Path("/")) -> set[Surrounding]:
    """What stands between this process and namespaces. `root`: where the file system begins."""
    if sys.platform == "darwin":
        return {"macos"}
    if sys.platform == "win32":
        return {"windows"}
    settings = root / "proc/sys"
    found: set[Surrounding] = set()
    if any((root / mark).exists() for mark in (".dockerenv", "run/.containerenv")):
        found.add("container")
    if "microsoft" in _read(settings / "kernel/osrelease").lower():
        found.add("wsl")
    if _read(settings / "kernel/apparmor_restrict_unprivileged_userns") == "1":
        found.add("apparmor")
    if _read(settings / "kernel/unprivileged_userns_clone") == "0" or _read(settings / "user/max_user_namespaces") == "0":
        found.add("no_userns")
    return found | _as_root()


def _as_root() -> set[Surrounding]:
    from judge.sandbox.environment import host_root

    return {"root"} if host_root() else set()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return ""
