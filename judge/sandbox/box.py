"""A running box: the launcher's process, the control socket of the zygote inside, and how to end it all."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import psutil

from judge.clean import clean
from judge.sandbox.processes import descendants, groups, is_running
from judge.verdict import TierName
from judge.worker import family, scratch

_END_S = 5.0


class Box:
    """One sandbox. Everything in it ends with `kill`; nothing it wrote outlives it.

    `pid` is the launcher's (bubblewrap, or the warden). `scratch` and `clean` are the folders a submission can write to, as the box sees them;
    `host_folder` is where the scratch lies on the host, in tiers that have no mount namespace.
    """

    def __init__(
        self,
        tier: TierName,
        process: subprocess.Popen[bytes],
        control: socket.socket,
        errors: IO[bytes],
        *,
        scratch: str,
        confinement: dict[str, Any],
        clean: Sequence[str] = (),
        host_folder: Path | None = None,
    ) -> None:
        self.tier = tier
        self.pid = process.pid
        self.control = control
        self.scratch = scratch
        self.clean = tuple(clean)
        self.confinement = {**confinement, "tier": tier}
        self.host_folder = host_folder
        self._process = process
        self._errors = errors
        self._owner = os.getpid()
        self._launcher = _identified(process.pid)
        self._own: list[int] = []

    def alive(self) -> bool:
        """Whether the launcher still runs."""
        with contextlib.suppress(psutil.Error):
            return (
                self._launcher is not None
                and self._launcher.is_running()  # knows a pid that was given to another process
                and self._launcher.status() != psutil.STATUS_ZOMBIE
            )
        return False

    def descendants(self) -> list[int]:
        """Host pids of everything under the launcher, nearest first."""
        return descendants(self.pid) if self.alive() else []

    def own(self) -> list[int]:
        """Launcher and zygote, as they were before the first submission: what is under them now and is none of these belongs to one."""
        self._own = self._own or [self.pid, *self.descendants()]
        return self._own

    def stderr_tail(self) -> str:
        """The last words of launcher and zygote (never the learner's: their output goes elsewhere)."""
        with contextlib.suppress(OSError, ValueError):
            size = os.fstat(self._errors.fileno()).st_size
            return clean(os.pread(self._errors.fileno(), 2000, max(0, size - 2000)).decode("utf-8", "replace"))
        return ""

    def kill(self) -> None:
        """End every process of the box and remove what it wrote. Safe to call twice, and from a forked grader.

        The launcher goes last: as long as it is there, nothing under it can be handed to anybody else.
        """
        deadline = time.monotonic() + _END_S
        while (found := [pid for pid in self.descendants() if is_running(pid)]) and time.monotonic() < deadline:
            family.end(found, groups(found) - {self.pid, os.getpgid(0)})
            time.sleep(0.002)
        self._end_launcher()
        with contextlib.suppress(OSError):
            self.control.close()
        if self.host_folder is not None:
            scratch.remove(self.host_folder)

    def _end_launcher(self) -> None:
        """Asked first: the warden collects what has ended, where the machine's first process may never do it."""
        for number, patience_s in ((signal.SIGTERM, 0.5), (signal.SIGKILL, 2.0)):
            deadline = time.monotonic() + patience_s
            if self.alive():
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(self.pid, number)
            while self.alive() and time.monotonic() < deadline:
                time.sleep(0.002)
        self._reap()

    def _reap(self) -> None:
        if os.getpid() == self._owner:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(0.2)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.kill()


def _identified(pid: int) -> psutil.Process | None:
    with contextlib.suppress(psutil.Error):
        return psutil.Process(pid)
    return None


def start(
    command: Sequence[str], *, environment: dict[str, str], fds: Sequence[int], cwd: str = "/"
) -> tuple[subprocess.Popen[bytes], IO[bytes]]:
    """Start a launcher with nothing but the given descriptors, an empty stdin, and a file for its last words.

    It is told to die with the thread that calls this, so that thread must live as long as the box.
    """
    errors = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as the box
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=errors,
        env=environment,
        cwd=cwd,
        pass_fds=fds,
        start_new_session=True,
    )
    return process, errors
