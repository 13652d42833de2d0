"""What a submission has written, seen from outside its box.

In the box with namespaces its files live in memory, and each of them costs the kernel memory besides that the size of a tmpfs does not count. Without
namespaces they lie on the host's disk, where nothing but this look stops them.
"""

from __future__ import annotations

import contextlib
import os
import time
from typing import Protocol

from judge.sandbox.box import Box

MIB = 1 << 20
_INODE_KIB = 1.0  # an inode and its directory entry, as slabtop(1) shows them
_DISK_ALLOWANCE_MIB = 256.0
_SHARE_OF_TIME = 0.05


class Storage(Protocol):
    """A look at what is stored."""

    def mib(self) -> float:
        """Memory taken by files (a disk's worth of it beyond the allowance)."""


def of(box: Box, zygote: int) -> Storage:
    """The look that fits the box. `zygote`: a host pid inside of it."""
    if box.host_folder is not None:
        return _OnDisk(str(box.host_folder))
    return _InMemory([f"/proc/{zygote}/root{folder}" for folder in (box.scratch, *box.clean)])


class _InMemory:
    def __init__(self, folders: list[str]) -> None:
        self._folders = folders
        self._before = self._used()

    def mib(self) -> float:
        return max(0.0, self._used() - self._before)

    def _used(self) -> float:
        total = 0.0
        for folder in self._folders:
            with contextlib.suppress(OSError):  # the box has just ended
                status = os.statvfs(folder)
                total += (status.f_blocks - status.f_bfree) * status.f_frsize / MIB
                total += (status.f_files - status.f_ffree) * _INODE_KIB / 1024
        return total


class _OnDisk:
    """Walking takes time where there are many files, so it is done so rarely that it takes a twentieth of it."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._known = 0.0
        self._next = 0.0

    def mib(self) -> float:
        began = time.monotonic()
        if began >= self._next:
            self._known = max(0.0, self._walk() - _DISK_ALLOWANCE_MIB)
            ended = time.monotonic()
            self._next = ended + max(0.2, (ended - began) / _SHARE_OF_TIME)
        return self._known

    def _walk(self) -> float:
        total = 0
        pending = [self._folder]
        while pending:
            with contextlib.suppress(OSError), os.scandir(pending.pop()) as entries:
                for entry in entries:
                    status = entry.stat(follow_symlinks=False)
                    total += max(status.st_blocks * 512, 4096)
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(entry.path)
        return total / MIB
