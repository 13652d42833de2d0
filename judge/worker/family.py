"""A process and all that came of it, found and ended through /proc. Linux, stdlib only."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterable

_PAUSE_S = 0.005
_LISTED = os.path.exists(f"/proc/self/task/{os.getpid()}/children")


def members(root: int) -> dict[int, int]:
    """Live processes under `root` (not itself), each with its process group."""
    found: dict[int, int] = {}
    wave = _children([root])
    while wave:
        for pid in wave:
            if (state := _state(pid)) and state[0] != "Z":
                found[pid] = state[2]
        wave = [pid for pid in _children(wave) if pid not in found]
    return found


def _children(parents: list[int]) -> list[int]:
    """By the kernel's own list where it keeps one, else by looking at everybody."""
    if _LISTED:
        return [child for parent in parents for child in _listed_children(parent)]
    wanted = set(parents)
    everybody = [int(entry) for entry in os.listdir("/proc") if entry.isdigit()] if os.path.isdir("/proc") else []
    return [pid for pid in everybody if (state := _state(pid)) and state[1] in wanted]


def _listed_children(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(OSError), open(f"/proc/{pid}/task/{task}/children") as file:
                found += [int(word) for word in file.read().split()]
    return found


def _state(pid: int) -> tuple[str, int, int] | None:
    """State letter, parent and process group; None when it is gone."""
    with contextlib.suppress(OSError), open(f"/proc/{pid}/stat") as file:
        state, parent, group = file.read().rsplit(")", 1)[1].split()[:3]
        return state, int(parent), int(group)
    return None


def end(pids: Iterable[int], groups: Iterable[int]) -> None:
    """SIGKILL. A group is ended at one stroke, also one whose processes keep replacing each other faster than they can be listed."""
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


def end_descendants(*, patience_s: float = 5.0) -> int:
    """End and reap everything under this process, however it detached itself. Returns how many there were at first."""
    me, own_group = os.getpid(), os.getpgid(0)
    deadline = time.monotonic() + patience_s
    found = members(me)
    count = len(found)
    while found and time.monotonic() < deadline:
        end(found, set(found.values()) - {own_group, 0})
        time.sleep(_PAUSE_S)
        reap()
        found = members(me)
    reap()
    return count


def reap() -> set[int]:
    """Collect every child that has ended."""
    gone: set[int] = set()
    with contextlib.suppress(ChildProcessError):
        while pid := os.waitpid(-1, os.WNOHANG)[0]:
            gone.add(pid)
    return gone
