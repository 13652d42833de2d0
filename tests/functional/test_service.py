"""The judge's service: started on demand, private, shared by clients, survived by none of its submissions."""

import asyncio
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from judge import client
from judge.verdict import PhaseEvent, ReportEvent, Request, Verdict

pytestmark = [pytest.mark.torch, pytest.mark.skipif(client.socket_path() is None, reason="no Unix sockets here")]
ROOT = Path(__file__).resolve().parents[2]
PROBLEM = "scaled_dot_product_attention"
GOOD = (ROOT / "solutions" / "architecture" / PROBLEM / "accepted" / "torch_matmul.py").read_bytes()
SLEEPS = b"import torch, time\ndef scaled_dot_product_attention(query, key, value, mask=None):\n    time.sleep(300)\n"


@pytest.fixture
def events():
    return []


async def judge(source, events):
    return await client.judge(Request(problem=PROBLEM, source=source), events.append)


async def nothing_runs():
    async with asyncio.timeout(60):
        while (await client._ask(await client._connect(), {"op": "status"}))["running"]:
            await asyncio.sleep(0.01)


async def test_the_last_event_is_the_report(events):
    report = await judge(GOOD, events)

    assert report.verdict is Verdict.AC
    assert isinstance(events[0], PhaseEvent)
    assert events[-1] == ReportEvent(report=report)


async def test_a_slot_serves_again(events):
    await judge(GOOD, events)
    await nothing_runs()  # the report is out before the slot is cleaned up and free again
    second = await judge(GOOD, events)

    assert second.timings.start_s == 0


async def test_only_its_user_may_enter(events):
    await judge(GOOD, events)
    path = client.socket_path()

    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_folder_that_others_may_enter_is_refused(tmp_path):
    tmp_path.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-m", "judge.service", str(tmp_path / "s.sock")], capture_output=True, text=True, timeout=60
    )

    assert done.returncode == 1
    assert "不是只属于你" in done.stderr


async def test_cancelling_ends_the_submission_and_the_next_is_judged(events):
    running = asyncio.create_task(judge(SLEEPS, events))
    while not any(isinstance(event, PhaseEvent) and event.phase == "contract" for event in events):
        await asyncio.sleep(0.1)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert (await judge(GOOD, [])).verdict is Verdict.AC


async def test_what_cannot_be_served_is_a_sentence(events):
    with pytest.raises(client.Unavailable, match="no_such_problem"):
        await client.judge(Request(problem="no_such_problem", source=GOOD), events.append)


async def test_without_the_service_everything_works_cold(events, monkeypatch):
    monkeypatch.setenv("QUIZAPP_NO_SERVICE", "1")

    assert (await judge(GOOD, events)).verdict is Verdict.AC


async def test_an_idle_service_goes_by_itself():
    folder = Path(os.environ["QUIZAPP_RUNTIME"]) / "idle"
    folder.mkdir(mode=0o700)
    process = subprocess.Popen([sys.executable, "-m", "judge.service", str(folder / "s.sock"), "0.5"])

    assert process.wait(60) == 0
    assert not (folder / "s.sock").exists()


async def test_two_services_of_one_installation_do_not_fight(events):
    await judge(GOOD, events)
    second = subprocess.run([sys.executable, "-m", "judge.service", str(client.socket_path())], timeout=60)

    assert second.returncode == 1
    assert (await judge(GOOD, events)).verdict is Verdict.AC


async def test_a_killed_service_is_replaced(events):
    await judge(GOOD, events)
    status = await client._ask(await client._connect(), {"op": "status"})
    os.kill(status["pid"], 9)
    time.sleep(0.2)

    assert (await judge(GOOD, events)).verdict is Verdict.AC
