"""What a submission uses, seen from outside its box."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass

from judge.sandbox import storage
from judge.sandbox.box import Box
from judge.sandbox.processes import Resident, cpu_seconds, proportional, resident, starved_seconds


@dataclass(frozen=True)
class Usage:
    """CPU seconds of every process the submission has, and seconds its threads were ready but the machine was busy; MiB beyond what the
    zygote already held, files in memory included; how many processes.
    """

    cpu_s: float
    starved_s: float
    memory_mib: float
    processes: int


class Watch:
    """Made before a submission starts. Launcher and zygote are not the submission's."""

    def __init__(self, box: Box) -> None:
        before = box.own()  # without a launcher the zygote is the first of them
        self._box = box
        self._ours = set(before)
        self._baseline = max((_or_nothing(pid).anonymous_mib for pid in before), default=0.0)
        self._storage = storage.of(box, before[-1])

    def sample(self, *, limit_mib: float) -> Usage:
        """One look. Above the limit, shared pages are counted once before anybody is accused."""
        theirs = [pid for pid in self._box.descendants() if pid not in self._ours]
        cpu_s, starved_s, held = 0.0, 0.0, []
        for pid in theirs:
            with contextlib.suppress(OSError):
                cpu_s += cpu_seconds(pid)
                starved_s += starved_seconds(pid)
                held.append(resident(pid))
        files = self._storage.mib()
        memory = _sum((max(0.0, one.anonymous_mib - self._baseline) for one in held), (one.shared_mib for one in held), files)
        if memory > limit_mib and len(theirs) > 1:
            memory = self._shared_once(theirs, files, memory)
        return Usage(cpu_s, starved_s, memory, len(theirs))

    def _shared_once(self, pids: list[int], files: float, simple: float) -> float:
        """Data-loading workers share their parent's pages; added up they look like several times as much."""
        held = []
        for pid in pids:
            try:
                held.append(proportional(pid))
            except ProcessLookupError:
                continue
            except OSError:
                return simple
        return min(simple, _sum((one.anonymous_mib for one in held), (one.shared_mib for one in held), files))


def _sum(anonymous: Iterable[float], shared: Iterable[float], files: float) -> float:
    """Shared memory that is mapped may be a file in memory at the same time: it is counted once."""
    return sum(anonymous) + max(sum(shared), files)


def _or_nothing(pid: int) -> Resident:
    try:
        return resident(pid)
    except OSError:
        return Resident(0.0, 0.0)
