"""`judge doctor`: what this machine gives, in Chinese, and how to get more."""

from __future__ import annotations

import platform
import sys

from judge.sandbox.probing import Probe, best_tier
from judge.verdict import TierName

_PROTECTS: dict[TierName, str] = {
    "bwrap": "命名空间 + Landlock + seccomp：看不到你的文件、进度、检查与网络，写不了磁盘，结束时不留进程",
    "landlock": "Landlock + seccomp + 资源限制：读不到你的文件与检查，没有网络；DataLoader 的多进程会改为单进程",
    "process": "只有时间与内存限制：代码能读你能读的一切，结果只在代码可信时可信",
}


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
    if best != "bwrap":
        lines += ["怎样得到更强的隔离：", *(f"  - {line}" for line in advice())]
    return lines


def advice() -> list[str]:
    """How to get the bwrap tier on this kind of system."""
    if sys.platform == "darwin":
        return ["macOS 没有这些机制：在 Linux 虚拟机或容器里判不可信的代码；只判自己的代码时用 --tier process"]
    if sys.platform == "win32":
        return ["在 WSL2 里安装并运行 quizapp（WSL2 的内核有命名空间与 Landlock）"]
    return [
        "Debian / Ubuntu：sudo apt install bubblewrap；Fedora：sudo dnf install bubblewrap",
        "Ubuntu 24.04 起限制非特权用户命名空间：系统的 bubblewrap 包自带许可；或 sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0",
        "Docker：加 --security-opt seccomp=unconfined --security-opt apparmor=unconfined（或 --cap-add SYS_ADMIN）再启动容器",
        "老系统：sudo sysctl kernel.unprivileged_userns_clone=1",
    ]
