"""Tiers without namespaces. `landlock`: the worker confines itself by Landlock and seccomp. `process`: limits only, no isolation.

Both run in a fresh private folder on the host, which goes when the box is ended.
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

_BOX_UIDS = itertools.cycle(range(62001, 62901))
_SYSTEM = (
    *("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/share/zoneinfo", "/etc/ld.so.cache"),
    *("/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu"),
)


def launch(tier: Literal["landlock", "process"], framework: str, device: str) -> Box:
    """Start a zygote that is confined later, by its own children. Raises `OSError`."""
    folder = Path(tempfile.mkdtemp(prefix="quizapp-box-"))
    work = folder / "work"
    work.mkdir(mode=0o700)
    uid = next(_BOX_UIDS) if os.geteuid() == 0 and tier == "landlock" else None
    if uid is not None:
        folder.chmod(0o711)
        os.chown(work, uid, uid)
    ours, theirs = socket.socketpair()
    with theirs:
        command = [
            sys.executable,
            "-I",
            "-B",
            str(environment.PACKAGE / environment.ZYGOTE),
            str(theirs.fileno()),
            framework,
            device,
        ]
        command += [str(uid)] if uid is not None else []
        values = environment.variables(home=str(work), tmp=str(work), device=device)
        process, errors = start(command, environment=values, fds=[theirs.fileno()], cwd=str(work))
    return Box(
        tier,
        process,
        ours,
        errors,
        scratch=str(work),
        confinement={"read": readable(), "write": [str(work)]},
        host_folder=folder,
    )


def readable() -> list[str]:
    """What Landlock lets the learner's code read. It cannot take a part away again, so site-packages is granted entry by entry."""
    ours = {str(path) for path in environment.our_installed_files()}
    granted = [*_SYSTEM, *(str(environment.PACKAGE / name) for name in environment.VISIBLE)]
    site = environment.site_packages()
    for folder in environment.interpreter_folders():
        granted += _entries(Path(folder), site, ours)
    return granted


def _entries(folder: Path, site: Path, ours: set[str]) -> list[str]:
    """`folder` whole, or split along the way down to site-packages."""
    if not site.is_relative_to(folder):
        return [str(folder)]
    granted = []
    for entry in sorted(folder.iterdir()):
        if entry == site:
            granted += [str(path) for path in sorted(site.iterdir()) if str(path) not in ours]
        elif site.is_relative_to(entry):
            granted += _entries(entry, site, ours)
        else:
            granted.append(str(entry))
    return granted
