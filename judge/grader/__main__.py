"""A cold grader: one request as JSON on stdin, events as JSON lines on stdout. Exit status 0, or 2 with a sentence on stderr."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from types import FrameType

from judge.clean import clean
from judge.verdict import Event, Request


def main() -> int:
    """Judge the request. stdout is moved away first, so that nothing but events can reach it."""
    channel = os.dup(1)
    os.dup2(2, 1)
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_die_with_parent, args=(os.getppid(),), daemon=True).start()
    request = Request.model_validate_json(sys.stdin.buffer.readline())

    def emit(event: Event) -> None:
        _write(channel, event.model_dump_json().encode() + b"\n")

    from judge.grader.failures import JudgeProblem, UsageProblem
    from judge.grader.single import judge_request

    try:
        judge_request(request, emit, run_all=os.environ.get("JUDGE_RUN_ALL") == "1")
    except UsageProblem as problem:
        sys.stderr.write(clean(str(problem)) + "\n")
        return 2
    except JudgeProblem as problem:
        sys.stderr.write(clean(str(problem)) + "\n")
        return 3
    return 0


def _stop(number: int, frame: FrameType | None) -> None:
    """SIGTERM unwinds the stack, so that the box is ended on the way out."""
    del number, frame
    raise SystemExit(143)


def _die_with_parent(parent: int) -> None:
    """When whoever asked is gone, nobody wants the verdict: end the box too."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)


def _write(fd: int, data: bytes) -> None:
    with contextlib.suppress(BrokenPipeError):
        while data:
            data = data[os.write(fd, data) :]


if __name__ == "__main__":
    sys.exit(main())
