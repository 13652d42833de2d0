"""Tiers without namespaces. `landlock`: the worker confines itself by Landlock and seccomp. `process`: limits only, no isolation.

Both run in a fresh private folder on the host, which goes when the box is ended, under a warden that loses no process.
"""

from __future__ import annotations

import itertools
import os
import socket
import sys
import tempfile
from pathlib import Path
from typing import Literal

from judge.sandbox import environment
from judge.sandbox.box import Box, start

_BOX_UIDS = itertools.cycle(range(environment.BOX_UIDS[1] - 899, environment.BOX_UIDS[1] + 1))
_MACHINE = ("/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu")


def launch(tier: Literal["landlock", "process"], framework: str, device: str) -> Box:
    """Start a zygote that is confined later, by its own children. Raises `OSError`."""
    folder = Path(tempfile.mkdtemp(prefix="quizapp-box-"))
    work = folder / "work"
    work.mkdir(mode=0o700)
    uid = next(_BOX_UIDS) if tier == "landlock" and environment.host_root() else None
    if uid is not None:
        folder.chmod(0o711)
        os.chown(work, uid, uid)
    ours, theirs = socket.socketpair()
    with theirs:
        zygote = [
            sys.executable,
            "-I",
            "-B",
            str(environment.PACKAGE / environment.ZYGOTE),
            str(theirs.fileno()),
            framework,
            device,
        ]
        command = [*_warden(), *zygote, *([str(uid)] if uid is not None else [])]
        values = environment.variables(home=str(work), tmp=str(work), device=device)
        process, errors = start(command, environment=values, fds=[theirs.fileno()], cwd=str(work))
    return Box(
        tier,
        process,
        ours,
        errors,
        scratch=str(work),
        confinement={"read": readable(device), "write": [str(work)], **environment.gpu_confinement(device)},
        host_folder=folder,
    )


def _warden() -> list[str]:
    """Without Linux's subreaper there is nothing it could keep."""
    return [sys.executable, "-I", "-S", "-B", str(environment.PACKAGE / environment.WARDEN)] if sys.platform == "linux" else []


def readable(device: str) -> list[str]:
    """What Landlock lets the learner's code read. It cannot take a part away again, so folders with packages of ours in them are split."""
    hidden = environment.our_installed_files()
    granted = [*_MACHINE, *(str(environment.PACKAGE / name) for name in environment.VISIBLE)]
    for part in environment.shown(device).parts:
        granted += _without(Path(part), hidden)
    return granted


def _without(path: Path, hidden: list[Path]) -> list[str]:
    """`path` whole, or split along the way down to what must not be seen. A link grants nothing: what it leads to has its own place."""
    if path in hidden or path.is_symlink():
        return []
    if not any(secret.is_relative_to(path) for secret in hidden):
        return [str(path)]
    return [granted for entry in sorted(path.iterdir()) for granted in _without(entry, hidden)]
