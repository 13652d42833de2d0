"""How the app and the command line have a submission judged: `await judge(request, on_event)`.

Light on purpose: the UI process imports this, so no NumPy, no pytest, no framework. The work happens in a grader process.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from judge.clean import clean
from judge.verdict import Event, PhaseEvent, Report, ReportEvent, Request

EVENTS: TypeAdapter[Event] = TypeAdapter(Event)
_LINE_LIMIT = 64 << 20
_STOP_S = 3.0
_START_S = 10.0
_HANDOVER_S = 1.0


class Unavailable(Exception):
    """The judge cannot serve this request here. One Chinese sentence that says why and what to do; exit status 2."""


class Broken(Exception):
    """The judge itself failed before it could write a report. Exit status 3."""


Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def judge(request: Request, on_event: Callable[[Event], None], *, run_all: bool = False) -> Report:
    """Judge a submission; `on_event` hears every event as it happens.

    Cancelling the awaiting task ends the submission's whole process tree before the cancellation goes on.

    The service is used, and started when need be; without it (Windows, `QUIZAPP_NO_SERVICE=1`, killed meanwhile) the run is cold.

    Raises: `Unavailable`, `Broken`.
    """
    connection = await _service()
    if connection is not None:
        report = await _judge_warm(connection, request, on_event, run_all)
        if report is not None:
            return report
        on_event(PhaseEvent(phase="start", title="判题服务中途退出了：不经它再判一次"))
    return await judge_cold(request, on_event, run_all=run_all)


async def warm(problem: str, framework: str | None = None) -> None:
    """Have a slot waiting for this problem; call it when the learner opens one. Silent when there can be no service."""
    if connection := await _service():
        await _ask(connection, {"op": "warm", "problem": problem, "framework": framework})


async def stop_service() -> bool:
    """Stop this user's service. False when there was none."""
    connection = await _connect()
    return connection is not None and bool(await _ask(connection, {"op": "stop"}))


async def judge_cold(request: Request, on_event: Callable[[Event], None], *, run_all: bool = False) -> Report:
    """Judge in a grader process started for this request alone."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-I", "-X", "utf8", "-m", "judge.grader"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=_LINE_LIMIT,
        start_new_session=True,
        env={**os.environ, "JUDGE_RUN_ALL": "1" if run_all else "0"},
    )
    try:
        return await _converse(process, request, on_event)
    finally:
        await _end(process)


async def _converse(process: asyncio.subprocess.Process, request: Request, on_event: Callable[[Event], None]) -> Report:
    assert process.stdin is not None  # noqa: S101  all three were asked to be pipes
    assert process.stdout is not None  # noqa: S101
    assert process.stderr is not None  # noqa: S101
    errors = asyncio.create_task(process.stderr.read())
    with contextlib.suppress(ConnectionError):
        process.stdin.write(encode(request))
        await process.stdin.drain()
        process.stdin.close()
    report: Report | None = None
    async for line in process.stdout:
        event = EVENTS.validate_json(line)
        on_event(event)
        if isinstance(event, ReportEvent):
            report = event.report
    code = await process.wait()
    said = clean((await errors).decode("utf-8", "replace")).strip()
    if report is not None:
        return report
    if code == 2:
        raise Unavailable(said.splitlines()[-1] if said else "判题机拒绝了这次请求")
    raise Broken(said or f"判题进程意外退出（{code}）")


async def _end(process: asyncio.subprocess.Process) -> None:
    """Ask first, so that the grader ends its box; then insist."""
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(asyncio.shield(process.wait()), _STOP_S)
        except (TimeoutError, asyncio.CancelledError):
            process.kill()
            await process.wait()


def encode(request: Request) -> bytes:
    """One request as one line. The source crosses as base64, so any bytes survive."""
    return request.model_dump_json().encode() + b"\n"


def socket_path() -> Path | None:
    """Where this user's service listens; None where there is none (no Unix sockets or no fork)."""
    if not hasattr(socket, "SO_PEERCRED") or not hasattr(os, "fork") or os.environ.get("QUIZAPP_NO_SERVICE") == "1":
        return None
    chosen = os.environ.get("QUIZAPP_RUNTIME") or os.environ.get("XDG_RUNTIME_DIR")
    folder = Path(chosen) / "quizapp" if chosen else Path(tempfile.gettempdir()) / f"quizapp-{os.getuid()}"
    return folder / f"judge-{fingerprint()}.sock"


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Another for every installation, every change to its judge or bank, and other data.

    A service with other code is never asked, and never disturbed.
    """
    root = Path(__file__).resolve().parent
    digest = hashlib.sha256(f"{sys.executable}{os.environ.get('QUIZAPP_MNIST')}".encode())
    bank = root.parent / "question_bank"
    for files in (root.rglob("*.py"), bank.glob("*.py"), bank.glob("coding/*/*/problem.yaml")):
        for path in sorted(files):
            status = path.stat()
            digest.update(f"{path}{status.st_mtime_ns}{status.st_size}".encode())
    return digest.hexdigest()[:16]


async def _service() -> Connection | None:
    """A connection to this installation's service, started if need be."""
    path = socket_path()
    if path is None:
        return None
    if (connection := await _connect()) is not None:
        return connection
    starting = _start_service(path)
    until = time.monotonic() + _START_S
    while time.monotonic() < until:
        await asyncio.sleep(0.05)
        if (connection := await _connect()) is not None:
            return connection
        if starting.poll() is not None:  # it may not serve here; or another one is just coming, or going
            until = min(until, time.monotonic() + _HANDOVER_S)
    return None


async def _connect() -> Connection | None:
    """A connection to what listens there, if that is ours: nobody else sees the source, or says what the verdict is."""
    path = socket_path()
    if path is None or not path.exists():
        return None
    try:
        connection = await asyncio.open_unix_connection(str(path), limit=_LINE_LIMIT)
    except OSError:
        return None
    if peer_uid(connection[1].get_extra_info("socket")) == os.getuid():
        return connection
    connection[1].close()
    return None


def peer_uid(connection: socket.socket) -> int:
    """The user at the other end of a Unix socket (Linux)."""
    packed = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", packed)[1])


def _start_service(path: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-X", "utf8", "-m", "judge.service", str(path)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd="/",
    )


async def _ask(connection: Connection, message: dict[str, Any]) -> dict[str, Any]:
    """One question, one answer; empty when the service hung up."""
    reader, writer = connection
    try:
        writer.write(json.dumps(message).encode() + b"\n")
        await writer.drain()
        answer = json.loads(await reader.readline() or b"{}")
        return answer if isinstance(answer, dict) else {}
    except (OSError, ValueError):
        return {}
    finally:
        writer.close()


async def _judge_warm(
    connection: Connection, request: Request, on_event: Callable[[Event], None], run_all: bool
) -> Report | None:
    """The service's report; None when the service ended before it had one."""
    reader, writer = connection
    asked = {"op": "judge", "request": request.model_dump(mode="json"), "run_all": run_all}
    try:
        writer.write(json.dumps(asked).encode() + b"\n")
        async for line in reader:
            if not line.endswith(b"\n"):
                break  # it was cut off
            kind = json.loads(line).get("kind")
            if kind == "unavailable":
                raise Unavailable(json.loads(line)["message"])
            if kind == "broken":
                raise Broken(json.loads(line)["message"])
            event = EVENTS.validate_json(line)
            on_event(event)
            if isinstance(event, ReportEvent):
                return event.report
        return None
    except ConnectionError:
        return None
    finally:
        writer.close()  # hanging up is what cancels
