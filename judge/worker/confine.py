"""Giving up rights: what the forked child does to itself before it reads the learner's code, in every tier. Stdlib only."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
from collections.abc import Iterable
from typing import Any

from judge.worker import landlock, seccomp

MIB = 1 << 20
# What the framework itself maps before the learner's code, and the least with which it still fails cleanly instead of hanging.
_DATA_OVERHEAD_MIB = {"torch": 768, "tensorflow": 1536, "numpy": 256}
_PROCESSES = 256
_FILES = 512
_PDEATHSIG, _DUMPABLE = 1, 4


def drop_to(uid: int) -> None:
    """From root to an unprivileged user that owns nothing, for good. A no-op when the process is no root."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)


def tighten(limits: dict[str, Any]) -> dict[str, Any]:
    """Confine this process and everything it will start. Returns what was put in force.

    `limits`: cpu_s, memory_mib, file_mib, framework, keep_fds, tier (`bwrap` | `landlock` | `process`), read and write (paths for Landlock).
    """
    with contextlib.suppress(OSError):
        os.setsid()
    _close_all_but(limits.get("keep_fds", ()))
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    # Counted before /proc is out of reach.
    processes = _PROCESSES + (0 if limits["tier"] == "bwrap" else _own_tasks())
    _limit(limits, processes)
    if sys.platform != "linux":
        return {"landlock": 0, "seccomp": False, "unix_sockets": True}
    _hide_from_debuggers()
    if limits["tier"] == "process":
        return {"landlock": 0, "seccomp": False, "unix_sockets": True}
    # Only in the box's own network namespace is a Unix socket a private thing.
    unix_sockets = limits["tier"] == "bwrap"
    version = landlock.restrict(read=[*limits["read"], "/proc/self"], write=limits["write"], devices=_DEVICES)
    if seccomp.supported():
        seccomp.install(unix_sockets=unix_sockets)
    return {"landlock": version, "seccomp": seccomp.supported(), "unix_sockets": unix_sockets}


_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")


def _close_all_but(kept: Iterable[int]) -> None:
    low = 3
    for fd in sorted(kept):
        os.closerange(low, fd)
        low = fd + 1
    os.closerange(low, 4096)


def _limit(limits: dict[str, Any], processes: int) -> None:
    data = (limits["memory_mib"] + _DATA_OVERHEAD_MIB[limits["framework"]]) * MIB
    _set(resource.RLIMIT_CORE, 0, 0)
    _set(resource.RLIMIT_CPU, limits["cpu_s"], limits["cpu_s"] + 2)
    _set(resource.RLIMIT_FSIZE, limits["file_mib"] * MIB, limits["file_mib"] * MIB)
    _set(resource.RLIMIT_NOFILE, _FILES, _FILES)
    _set(resource.RLIMIT_NPROC, processes, processes)
    _set(resource.RLIMIT_MEMLOCK, 0, 0)
    _set(getattr(resource, "RLIMIT_MSGQUEUE", -1), 0, 0)
    if limits["tier"] != "process" or sys.platform == "linux":
        _set(resource.RLIMIT_DATA, data, data)


def _set(which: int, soft: int, hard: int) -> None:
    if which < 0:
        return
    ceiling = resource.getrlimit(which)[1]
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(which, (soft, hard))


def _hide_from_debuggers() -> None:
    libc = ctypes.CDLL(None)
    libc.prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_DUMPABLE, 0, 0, 0, 0)
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")


def _own_tasks() -> int:
    """Threads this user already runs on the machine: RLIMIT_NPROC counts them all where there is no user namespace."""
    count, uid = 0, os.getuid()
    for entry in os.listdir("/proc") if os.path.isdir("/proc") else ():
        if entry.isdigit():
            with contextlib.suppress(OSError):
                if os.stat(f"/proc/{entry}").st_uid == uid:
                    count += len(os.listdir(f"/proc/{entry}/task"))
    return count
