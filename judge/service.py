"""The judge's service: one per user, on a private Unix socket, started on demand, gone after some idle minutes.

A connection carries one JSON line with what is asked (`judge`, `warm`, `status`, `stop`) and gets JSON lines back: events, then the report; or one
`{"kind": "unavailable" | "broken", "message": …}`. Hanging up cancels the submission. Without the service everything works, cold.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

from judge.client import peer_uid
from judge.verdict import Event, ReportEvent, Request

IDLE_S = 600.0
_REQUEST_LIMIT = 8 << 20


class Service:
    """Answers connections with one engine."""

    def __init__(self, idle_s: float = IDLE_S) -> None:
        from judge.grader.engine import Engine

        self.engine = Engine(idle_s=idle_s / 2)
        self._idle_s = idle_s
        self._stop = asyncio.Event()
        self._answers: set[asyncio.Task[Any]] = set()

    async def run(self, listener: socket.socket) -> None:
        """Serve until told to stop or idle for long."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        server = await asyncio.start_unix_server(self._answer, sock=listener, limit=_REQUEST_LIMIT)
        async with server:
            while not self._stop.is_set():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stop.wait(), min(10.0, self._idle_s))
                self.engine.drop_idle()
                if not self.engine.running and time.monotonic() - self.engine.last_used > self._idle_s:
                    self._stop.set()
        self.engine.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._keep(asyncio.current_task())
        try:
            if peer_uid(writer.get_extra_info("socket")) != os.getuid():
                return
            line = await reader.readline()
            asked = json.loads(line)
            await self._serve(asked, reader, writer)
        except (ValueError, ConnectionError):
            pass  # no client of ours: nothing to say to it
        finally:
            with contextlib.suppress(ConnectionError):
                writer.close()
                await writer.wait_closed()

    def _keep(self, task: asyncio.Task[Any] | None) -> None:
        """asyncio lets go of an answer when its client hangs up. A collection then would end it, and its box, while it is still tidying up."""
        if task is not None:
            self._answers.add(task)
            task.add_done_callback(self._answers.discard)

    async def _serve(self, asked: dict[str, Any], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        match asked.get("op"):
            case "judge":
                await self._judge(asked, reader, writer)
            case "warm":
                _say(writer, self._warm(asked))
            case "status":
                _say(writer, {"kind": "status", "pid": os.getpid(), "running": self.engine.running})
            case "stop":
                self._stop.set()
                _say(writer, {"kind": "stopping"})
            case _:
                _say(writer, {"kind": "unavailable", "message": "判题服务不认识这个请求"})

    def _warm(self, asked: dict[str, Any]) -> dict[str, Any]:
        from judge.grader.failures import UsageProblem
        from judge.grader.prepare import choose_framework
        from judge.grader.single import choose_tier, find_problem

        try:
            problem = find_problem(str(asked.get("problem")))
            self.engine.warm((choose_tier(None), choose_framework(asked.get("framework"), b"", problem), "cpu"))
        except UsageProblem as problem_:
            return {"kind": "unavailable", "message": str(problem_)}
        return {"kind": "warming"}

    async def _judge(self, asked: dict[str, Any], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from judge.grader.failures import JudgeProblem, UsageProblem

        told = asyncio.Event()

        def emit(event: Event) -> None:
            writer.write(event.model_dump_json().encode() + b"\n")
            if isinstance(event, ReportEvent):
                told.set()

        request = Request.model_validate(asked["request"])
        work = asyncio.create_task(self.engine.judge(request, emit, run_all=bool(asked.get("run_all"))))
        gone = asyncio.create_task(reader.read(1))
        await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        if not work.done() and not told.is_set():  # who hangs up after the report has what they wanted
            work.cancel()
        try:
            await work
        except asyncio.CancelledError:
            pass
        except UsageProblem as problem:
            _say(writer, {"kind": "unavailable", "message": str(problem)})
        except JudgeProblem as problem:
            _say(writer, {"kind": "broken", "message": str(problem)})
        with contextlib.suppress(ConnectionError):
            await writer.drain()


def _say(writer: asyncio.StreamWriter, message: dict[str, Any]) -> None:
    writer.write(json.dumps(message, ensure_ascii=False).encode() + b"\n")


def listen(path: Path) -> socket.socket | None:
    """The listening socket in a folder only this user may enter; None when another service of theirs is already there."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = path.parent.stat()
    if status.st_uid != os.getuid() or status.st_mode & 0o077:
        sys.stderr.write(f"{path.parent} 不是只属于你的文件夹：请删除它再试\n")
        return None
    lock = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    path.chmod(0o600)
    listener.listen(64)
    return listener


def main() -> int:
    """`python -m judge.service SOCKET [IDLE_SECONDS]`."""
    path = Path(sys.argv[1])
    idle_s = float(sys.argv[2]) if len(sys.argv) > 2 else IDLE_S
    listener = listen(path)
    if listener is None:
        return 1
    from judge.grader.engine import preload

    preload()

    async def serve() -> None:
        await Service(idle_s).run(listener)

    asyncio.run(serve())
    path.unlink(missing_ok=True)
    path.with_suffix(".lock").unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
