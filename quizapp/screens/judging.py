"""One run of the judge as a worker that posts messages: it never touches a widget."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from judge.verdict import Event, Report, Request
    from quizapp.services import Services


@dataclass
class Happened(Message):
    """The judge sent an event."""

    event: Event


@dataclass
class Finished(Message):
    """The run is over: with a report, or with a sentence saying why there is none."""

    report: Report | None
    problem: str | None = None


async def run(
    services: Services, request: Request, post: Callable[[Message], object], record: Callable[[Request, Report], object]
) -> None:
    """Judge and `record` (called in a thread). Everything that happens is posted; a cancellation goes on upwards after its message."""
    from judge.client import Broken, Unavailable

    try:
        report = await services.judge(request, lambda event: _forward(event, post))
    except asyncio.CancelledError:
        post(Finished(None, "已取消，这次没有计入提交记录。"))
        raise
    except Unavailable as reason:
        post(Finished(None, str(reason)))
    except Broken as reason:
        post(Finished(None, f"判题机出错：{reason} 这不是你的代码的问题，可以再提交一次。"))
    except Exception as error:
        post(Finished(None, f"判题没有完成（{type(error).__name__}: {error}）。你的代码没有丢，可以再提交一次。"))
    else:
        post(Finished(report, await _record(services, request, report, record)))


def _forward(event: Event, post: Callable[[Message], object]) -> None:
    post(Happened(event))


async def _record(
    services: Services, request: Request, report: Report, record: Callable[[Request, Report], object]
) -> str | None:
    if services.read_only:
        return "判题完成。另一个 quizapp 正开着，这次没有记进提交记录。"
    try:
        await asyncio.to_thread(record, request, report)
    except Exception as error:
        return f"判题完成，但没能记进进度：{error}"
    return None
