"""The judge's client when the service is not what it should be: gone, cut off, unable to start, or somebody else's."""

import asyncio
import math
import os
import shutil
import socket
import tempfile
from pathlib import Path

import pytest

from judge import client
from judge.verdict import PhaseEvent, Report, Request, Verdict

pytestmark = pytest.mark.skipif(client.socket_path() is None, reason="no Unix sockets here")
REQUEST = Request(problem="mnist_digits", source=b"x = 1")
REPORT = Report(
    verdict=Verdict.AC,
    score=100.0,
    problem="mnist_digits",
    framework="torch",
    device="cpu",
    sandbox="bwrap",
    isolated=True,
    seed=1,
)


@pytest.fixture
def runtime(monkeypatch):
    """A private folder for sockets (their paths must be short); no cold judge runs, it only says that it was asked."""
    folder = Path(tempfile.mkdtemp(prefix="qa-"))
    monkeypatch.setenv("QUIZAPP_RUNTIME", str(folder))

    async def cold(request, on_event, *, run_all=False):
        return REPORT

    monkeypatch.setattr(client, "judge_cold", cold)
    (folder / "quizapp").mkdir(mode=0o700)
    yield folder
    shutil.rmtree(folder)


async def serve(answer):
    """Something that listens where the service would, hears one line, answers and hangs up."""

    async def one(reader, writer):
        await reader.readline()
        writer.write(answer)
        writer.close()

    return await asyncio.start_unix_server(one, str(client.socket_path()))


@pytest.mark.parametrize(
    "said",
    [b"", b'{"kind":"phase","phase":"import","title":"x"}\n', b'{"kind":"pha'],
    ids=["at once", "between two events", "in the middle of an event"],
)
async def test_a_service_that_ends_in_the_middle_costs_no_verdict(runtime, said):
    events = []
    async with await serve(said):
        report = await client.judge(REQUEST, events.append)

    assert report == REPORT
    assert isinstance(events[-1], PhaseEvent)
    assert "不经它" in events[-1].title


async def test_a_service_that_resets_the_connection_costs_no_verdict(runtime):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(client.socket_path()))
    listener.listen()
    judging = asyncio.create_task(client.judge(REQUEST, lambda _: None))
    await asyncio.sleep(0.05)
    listener.accept()[0].close()  # unread data: the other end sees a reset, not an end
    listener.close()

    assert await judging == REPORT


async def test_nobody_elses_service_is_told_the_source(runtime, monkeypatch):
    heard = []

    async def one(reader, writer):
        heard.append(await reader.read())
        writer.close()

    monkeypatch.setattr(client, "peer_uid", lambda _: os.getuid() + 1)
    monkeypatch.setattr(client, "_HANDOVER_S", 0.1)
    monkeypatch.setattr(client, "_start_service", lambda path: Ended())
    async with await asyncio.start_unix_server(one, str(client.socket_path())):
        assert await client.judge(REQUEST, lambda _: None) == REPORT
        await asyncio.sleep(0.05)

    assert not any(heard)


async def test_a_service_that_cannot_start_is_not_waited_for(runtime, monkeypatch):
    monkeypatch.setattr(client, "_START_S", math.inf)
    (runtime / "quizapp").chmod(0o755)  # others could enter: it refuses

    async with asyncio.timeout(120):
        assert await client.judge(REQUEST, lambda _: None) == REPORT


class Ended:
    """A process that has already gone."""

    def poll(self):
        return 1
