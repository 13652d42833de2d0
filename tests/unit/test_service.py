"""The service without a judge: what it does with its clients."""

import asyncio
import gc
import json
import shutil
import socket
import tempfile
from pathlib import Path

import pytest

from judge import client
from judge.service import Service
from judge.verdict import Report, ReportEvent, Request, Verdict

pytestmark = pytest.mark.skipif(client.socket_path() is None, reason="no Unix sockets here")
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


class Engine:
    """Tells the report, and then waits for a forked grader to say how it left the slot, as the real one does."""

    def __init__(self, idle_s):
        self.running = 0
        self.ended = asyncio.Event()
        self.how = ""

    async def judge(self, request, emit, *, run_all=False):
        ours, self.grader = socket.socketpair()
        reader, writer = await asyncio.open_connection(sock=ours)
        emit(ReportEvent(report=REPORT))
        try:
            self.how = (await reader.readline()).decode()
        except BaseException as error:
            self.how = type(error).__name__
            raise
        finally:
            writer.close()
            self.ended.set()
        return REPORT


@pytest.fixture
def folder():
    """A short path: Unix sockets take a hundred characters."""
    made = Path(tempfile.mkdtemp(prefix="qa-"))
    yield made
    shutil.rmtree(made)


async def test_a_client_that_goes_with_its_report_does_not_end_the_tidying_up(folder, monkeypatch):
    monkeypatch.setattr("judge.grader.engine.Engine", Engine)
    service = Service()
    asked = {"op": "judge", "request": Request(problem="mnist_digits", source=b"x = 1").model_dump(mode="json")}
    async with await asyncio.start_unix_server(service._answer, folder / "s"):
        reader, writer = await asyncio.open_unix_connection(folder / "s")
        writer.write(json.dumps(asked).encode() + b"\n")
        assert b'"report"' in await reader.readline()
        writer.close()
        await asyncio.sleep(0.1)  # until the service has seen it go
        gc.collect()
        assert service.engine.how == ""
        service.engine.grader.send(b"clean\n")
        await asyncio.wait_for(service.engine.ended.wait(), 30)

    assert service.engine.how == "clean\n"
