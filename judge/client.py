"""How the app and the command line have a submission judged: `await judge(request, on_event)`.

Light on purpose: the UI process imports this, so no NumPy, no pytest, no framework. The work happens in a grader process.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable

from pydantic import TypeAdapter

from judge.clean import clean
from judge.verdict import Event, Report, ReportEvent, Request

EVENTS: TypeAdapter[Event] = TypeAdapter(Event)
_LINE_LIMIT = 64 << 20
_STOP_S = 3.0


class Unavailable(Exception):
    """The judge cannot serve this request here. One Chinese sentence that says why and what to do; exit status 2."""


class Broken(Exception):
    """The judge itself failed before it could write a report. Exit status 3."""


async def judge(request: Request, on_event: Callable[[Event], None]) -> Report:
    """Judge a submission; `on_event` hears every event as it happens.

    Cancelling the awaiting task ends the submission's whole process tree before the cancellation goes on.

    Raises: `Unavailable`, `Broken`.
    """
    return await judge_cold(request, on_event)


async def judge_cold(request: Request, on_event: Callable[[Event], None]) -> Report:
    """Judge in a grader process started for this request alone."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-I", "-B", "-X", "utf8", "-m", "judge.grader"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=_LINE_LIMIT,
        start_new_session=True,
    )
    try:
        return await _converse(process, request, on_event)
    finally:
        await _end(process)


async def _converse(process: asyncio.subprocess.Process, request: Request, on_event: Callable[[Event], None]) -> Report:
    assert process.stdin is not None and process.stdout is not None and process.stderr is not None  # noqa: S101
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
