"""Looking at process trees through /proc, cheaply enough for twenty times a second; psutil where there is no such /proc."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
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


def groups(pids: Iterable[int]) -> set[int]:
    """The process groups of those that are still there."""
    found: set[int] = set()
    for pid in pids:
        with contextlib.suppress(OSError):
            found.add(os.getpgid(pid))
    return found - {0}


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


def starved_seconds(pid: int) -> float:
    """How long the threads of a process were ready to run and had no core, added up; 0 where the kernel does not tell."""
    nanoseconds = 0
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(OSError), open(f"/proc/{pid}/task/{task}/schedstat") as file:
                nanoseconds += int(file.read().split()[1])
    return nanoseconds / 1e9


@dataclass(frozen=True)
class Resident:
    """What a process holds in memory that is no file on disk."""

    anonymous_mib: float
    shared_mib: float


def resident(pid: int) -> Resident:
    """Pages that are mapped, however many share them. Raises `OSError` when the process is gone."""
    if _LINUX:
        return _read(f"/proc/{pid}/status", "RssAnon:", "RssShmem:")
    try:
        return Resident(float(psutil.Process(pid).memory_info().rss) / 2**20, 0.0)
    except psutil.Error as error:
        raise OSError(str(error)) from None


def proportional(pid: int) -> Resident:
    """The same with shared pages divided among all who share them; slower. Raises `OSError` where the kernel will not tell."""
    return _read(f"/proc/{pid}/smaps_rollup", "Pss_Anon:", "Pss_Shmem:")


def _read(path: str, anonymous: str, shared: str) -> Resident:
    kib = {anonymous: 0, shared: 0}
    with open(path) as file:
        for line in file:
            words = line.split(maxsplit=2)
            if words and words[0] in kib:
                kib[words[0]] += int(words[1])
    return Resident(kib[anonymous] / 1024, kib[shared] / 1024)
