"""A running box: the launcher's process, the control socket of the zygote inside, and how to end it all."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from judge.clean import clean
from judge.sandbox.processes import descendants, is_running
from judge.verdict import TierName

_END_S = 5.0


class Box:
    """One sandbox. Everything in it ends with `kill`; nothing it wrote outlives it."""

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
        self._process = process
        self._errors = errors
        self._host_folder = host_folder
        self._owner = os.getpid()

    def alive(self) -> bool:
        """Whether the launcher still runs."""
        return is_running(self.pid)

    def descendants(self) -> list[int]:
        """Host pids of everything under the launcher."""
        return descendants(self.pid)

    def stderr_tail(self) -> str:
        """The last words of launcher and zygote (never the learner's: their output goes elsewhere)."""
        with contextlib.suppress(OSError, ValueError):
            size = os.fstat(self._errors.fileno()).st_size
            return clean(os.pread(self._errors.fileno(), 2000, max(0, size - 2000)).decode("utf-8", "replace"))
        return ""

    def kill(self) -> None:
        """End every process of the box and remove what it wrote. Safe to call twice, and from a forked grader."""
        deadline = time.monotonic() + _END_S
        known = {self.pid}  # once the launcher is gone its children are nobody's: remember whom we saw
        while time.monotonic() < deadline:
            known.update(self.descendants())
            for pid in known:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            self._reap()
            if not any(is_running(pid) for pid in known):
                break
            time.sleep(0.005)
        with contextlib.suppress(OSError):
            self.control.close()
        if self._host_folder is not None:
            _remove(self._host_folder)

    def _reap(self) -> None:
        if os.getpid() == self._owner:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(0.5)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.kill()


def _remove(folder: Path) -> None:
    """Also what was made unreadable on purpose."""
    for root, names, _ in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                path = Path(root) / name
                if not path.is_symlink():
                    path.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)


def start(
    command: Sequence[str], *, environment: dict[str, str], fds: Sequence[int], cwd: str = "/"
) -> tuple[subprocess.Popen[bytes], IO[bytes]]:
    """Start a launcher with nothing but the given descriptors, an empty stdin, and a file for its last words."""
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
