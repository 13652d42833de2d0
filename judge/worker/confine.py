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
# TensorFlow takes its next region as large as all before: it maps twice what it uses, and crashes where it may not.
_DATA_GROWTH = {"torch": 1, "tensorflow": 2, "numpy": 1}
_PROCESSES = 256
_FILES = 512
_DUMPABLE, _PDEATHSIG = 4, 1
_SIGNAL_SCOPE_ABI = 6
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")


def drop_to(uid: int) -> None:
    """From root to an unprivileged user that owns nothing, for good. A no-op when the process is no root."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)


def tighten(limits: dict[str, Any]) -> dict[str, Any]:
    """Take this process's rights away, and those of everything it will start. Returns what was put in force. `limit` belongs to it.

    `limits`: keep_fds, tier (`bwrap` | `landlock` | `process`), read and write (paths for Landlock); and of what a box may add: devices (paths),
    gpu. Raises `OSError`.
    """
    zygote, zygote_group = os.getppid(), os.getpgid(os.getppid())
    with contextlib.suppress(OSError):
        os.setsid()
    _close_all_but(limits.get("keep_fds", ()))
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    if sys.platform != "linux":
        return {"landlock": 0, "seccomp": False, "unix_sockets": True}
    _hide(zygote)
    if limits["tier"] == "process":
        return {"landlock": 0, "seccomp": False, "unix_sockets": True}
    version = landlock.restrict(
        read=[*limits["read"], "/proc/self"], write=limits["write"], devices=[*_DEVICES, *limits.get("devices", ())]
    )
    rules = seccomp.Rules(
        namespaced=limits["tier"] == "bwrap",
        signals_scoped=version >= _SIGNAL_SCOPE_ABI,
        zygote=zygote,
        zygote_group=zygote_group,
        own=os.getpid(),
        memory_placement=bool(limits.get("gpu")),
    )
    if seccomp.supported():
        seccomp.install(rules)
    # Only in the box's own network namespace is a Unix socket a private thing.
    return {"landlock": version, "seccomp": seccomp.supported(), "unix_sockets": rules.namespaced}


def _close_all_but(kept: Iterable[int]) -> None:
    low = 3
    for fd in sorted(kept):
        os.closerange(low, fd)
        low = fd + 1
    os.closerange(low, 4096)


def processes(limits: dict[str, Any]) -> int:
    """What RLIMIT_NPROC has to be: it counts the user's threads elsewhere too, where there is no user namespace. Asked where /proc can be read.

    `limits`: tier; other_tasks, which a box adds: threads that count and are not visible from here.
    """
    return _PROCESSES + int(limits.get("other_tasks", 0)) + (0 if limits["tier"] == "bwrap" else _own_tasks())


def limit(limits: dict[str, Any]) -> None:
    """How much this process may use, and everything it will start. `limits`: cpu_s, memory_mib, file_mib, processes, framework, gpu."""
    # Not 0: a piped core_pattern ignores 0, and 1 is the value that the kernel takes for "no dump at all" (core(5), fs/coredump.c).
    _set(resource.RLIMIT_CORE, 1, 1)
    _set(resource.RLIMIT_CPU, limits["cpu_s"], limits["cpu_s"] + 2)
    _set(resource.RLIMIT_FSIZE, limits["file_mib"] * MIB, limits["file_mib"] * MIB)
    _set(resource.RLIMIT_NOFILE, _FILES, _FILES)
    _set(resource.RLIMIT_NPROC, limits["processes"], limits["processes"])
    _set(resource.RLIMIT_MEMLOCK, 0, 0)
    for name in ("RLIMIT_MSGQUEUE", "RLIMIT_NICE", "RLIMIT_RTPRIO"):
        _set(getattr(resource, name, -1), 0, 0)
    if sys.platform == "linux" and not limits.get("gpu"):  # a GPU's driver maps far more than it uses
        framework = limits["framework"]
        data = (limits["memory_mib"] * _DATA_GROWTH[framework] + _DATA_OVERHEAD_MIB[framework]) * MIB
        _set(resource.RLIMIT_DATA, data, data)


def _set(which: int, soft: int, hard: int) -> None:
    if which < 0:
        return
    ceiling = resource.getrlimit(which)[1]
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(which, (soft, hard))


def _hide(zygote: int) -> None:
    """Die with the zygote, and own nothing in /proc: no core dump, no tracing, no memory file."""
    libc = ctypes.CDLL(None)
    libc.prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != zygote:
        os._exit(1)  # it died before we asked to be told
    libc.prctl(_DUMPABLE, 0, 0, 0, 0)


def _own_tasks() -> int:
    """Threads this user already runs on the machine: RLIMIT_NPROC counts them all where there is no user namespace."""
    return count_tasks(os.getuid())


def count_tasks(uid: int) -> int:
    """Threads of a user, as far as /proc shows them."""
    count = 0
    for entry in os.listdir("/proc") if os.path.isdir("/proc") else ():
        if entry.isdigit():
            with contextlib.suppress(OSError):
                if os.stat(f"/proc/{entry}").st_uid == uid:
                    count += len(os.listdir(f"/proc/{entry}/task"))
    return count
