"""Looking at process trees through /proc, cheaply enough for twenty times a second; psutil where there is no such /proc."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import psutil

_LINUX = Path("/proc/self/task").is_dir()
_CHILDREN = Path(f"/proc/self/task/{os.getpid()}/children").exists()


def descendants(pid: int) -> list[int]:
    """All processes under `pid`, nearest first."""
    if _CHILDREN:
        found = list(_children(pid))
        for child in found:
            found.extend(_children(child))
        return found
    with contextlib.suppress(psutil.Error):
        return [child.pid for child in psutil.Process(pid).children(recursive=True)]
    return []


def _children(pid: int) -> list[int]:
    pids: list[int] = []
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(OSError), open(f"/proc/{pid}/task/{task}/children") as file:
                pids.extend(int(word) for word in file.read().split())
    return pids


def is_running(pid: int) -> bool:
    """Whether the process is there and no zombie."""
    with contextlib.suppress(psutil.Error):
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    return False


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and of its reaped children. Raises `OSError` when it is gone."""
    if _LINUX:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return sum(int(ticks) for ticks in fields[11:15]) / os.sysconf("SC_CLK_TCK")
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.Error as error:
        raise OSError(str(error)) from None
    return float(times.user + times.system)


def private_mib(pid: int) -> float:
    """Anonymous and shared-memory pages of a process: what it holds that is no file. Raises `OSError` when it is gone."""
    if not _LINUX:
        try:
            return float(psutil.Process(pid).memory_info().rss) / 2**20
        except psutil.Error as error:
            raise OSError(str(error)) from None
    kib = 0
    with open(f"/proc/{pid}/status") as file:
        for line in file:
            if line.startswith(("RssAnon:", "RssShmem:")):
                kib += int(line.split()[1])
    return kib / 1024


def proportional_mib(pid: int) -> float:
    """The same with shared pages counted once over all who share them. Raises `OSError` where the kernel will not tell."""
    kib = 0
    with open(f"/proc/{pid}/smaps_rollup") as file:
        for line in file:
            if line.startswith(("Pss_Anon:", "Pss_Shmem:")):
                kib += int(line.split()[1])
    return kib / 1024
