"""Stands between the judge and a zygote where there is no pid namespace: `python -I -S -B …/judge/worker/warden.py COMMAND…`.

What a submission detaches is handed to this process instead of to the machine's first one, so it can always be found; and when the judge or
the zygote is gone, however it went, everything under it is ended.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
from pathlib import Path

_PDEATHSIG, _SUBREAPER = 1, 36
_SIGNALS = {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD}


def main(command: list[str]) -> None:
    """Run the zygote and outlive it."""
    from judge.worker import family

    judge = os.getppid()
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    libc = ctypes.CDLL(None)
    libc.prctl(_SUBREAPER, 1, 0, 0, 0)
    libc.prctl(_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    zygote = os.fork()
    if zygote == 0:
        _become(command)
    os.closerange(3, 4096)  # the control socket above all: the judge must see it close when the zygote ends
    while os.getppid() == judge and signal.sigwait(_SIGNALS) == signal.SIGCHLD:
        if zygote in family.reap():
            break
    family.end_descendants()


def _become(command: list[str]) -> None:
    """What uses up the memory goes first when there is none left: not the judge, and not this process."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
    os.execv(command[0], command)  # noqa: S606  no shell, and nothing of a submission's in it


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    main(sys.argv[1:])
