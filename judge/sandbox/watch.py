"""What a submission uses, seen from outside its box."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from judge.sandbox.box import Box
from judge.sandbox.processes import cpu_seconds, private_mib, proportional_mib


@dataclass(frozen=True)
class Usage:
    """CPU seconds of every process the submission has; MiB beyond what the zygote already held; how many processes."""

    cpu_s: float
    memory_mib: float
    processes: int


class Watch:
    """Made before a submission starts: what is in the box by then (launcher and zygote) is not the submission's."""

    def __init__(self, box: Box) -> None:
        self._box = box
        self._ours = {box.pid, *box.descendants()}  # without bubblewrap the launcher is the zygote itself
        self._baseline = max((_or_zero(pid) for pid in self._ours), default=0.0)

    def sample(self, *, limit_mib: float) -> Usage:
        """One look. Above the limit, shared pages are counted once before anybody is accused."""
        theirs = [pid for pid in self._box.descendants() if pid not in self._ours]
        cpu_s = memory = 0.0
        for pid in theirs:
            with contextlib.suppress(OSError):
                cpu_s += cpu_seconds(pid)
                memory += max(0.0, private_mib(pid) - self._baseline)
        if memory > limit_mib and len(theirs) > 1:
            memory = self._shared_once(theirs, memory)
        return Usage(cpu_s, memory, len(theirs))

    def _shared_once(self, pids: list[int], simple: float) -> float:
        """Data-loading workers share their parent's pages; added up they look like several times as much."""
        total = 0.0
        for pid in pids:
            try:
                total += proportional_mib(pid)
            except ProcessLookupError:
                continue
            except OSError:
                return simple
        return min(simple, total)


def _or_zero(pid: int) -> float:
    try:
        return private_mib(pid)
    except OSError:
        return 0.0
