"""Real boxes: what is in them, what is not, and that nothing outlives them."""

import importlib.util
import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from judge.sandbox import launch, probe
from judge.sandbox.processes import is_running

ACCEPTED = Path(__file__).resolve().parents[2] / "solutions/architecture/scaled_dot_product_attention/accepted"
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def offered():
    return [name for name, tier in probe().tiers.items() if tier.available]


@pytest.fixture(params=["bwrap", "landlock", "process"])
def box(request):
    status = probe().tiers[request.param]
    if not status.available:
        pytest.skip(f"{request.param}: {status.reason}")
    with launch(request.param, framework="numpy") as started:
        assert select.select([started.control], [], [], 60)[0], started.stderr_tail()
        assert "ready" in json.loads(started.control.recv(1 << 16))
        yield started


def test_this_machine_isolates():
    """Where neither works the judge refuses to run, and so would most of this suite."""
    assert {"bwrap", "landlock"} & set(offered()), probe()


def test_ending_a_box_ends_every_process_in_it(box):
    everyone = [box.pid, *box.descendants()]
    box.kill()

    assert not any(is_running(pid) for pid in everyone)
    assert not box.alive()


def test_a_box_can_be_ended_twice(box):
    box.kill()
    box.kill()


def test_the_environment_of_the_judge_does_not_enter(box, monkeypatch):
    zygote = max(box.descendants(), default=box.pid)
    with open(f"/proc/{zygote}/environ", "rb") as file:
        names = {entry.split(b"=")[0] for entry in file.read().split(b"\0") if entry}

    assert names.isdisjoint({b"PYTHONPATH", b"QUIZAPP_HOME", b"VIRTUAL_ENV", b"SSH_AUTH_SOCK"})
    assert b"OMP_NUM_THREADS" in names


def test_a_private_folder_on_the_host_goes_with_the_box(box):
    folder = os.path.dirname(box.scratch)
    if box.tier == "bwrap":
        assert not os.path.exists(box.scratch), "the scratch of this tier is in memory only"
        return
    assert os.path.isdir(folder)
    os.mkdir(os.path.join(box.scratch, "locked"), 0o000)
    box.kill()

    assert not os.path.exists(folder)


def test_a_box_ends_when_its_judge_is_killed(tmp_path):
    if "bwrap" not in offered():
        pytest.skip("no bwrap here")
    read_end, write_end = os.pipe()
    judge = os.fork()
    if judge == 0:
        started = launch("bwrap", framework="numpy")
        select.select([started.control], [], [], 60)
        os.write(write_end, json.dumps([started.pid, *started.descendants()]).encode())
        os.kill(os.getpid(), 9)
    pids = json.loads(os.read(read_end, 4096))
    os.waitpid(judge, 0)
    deadline = time.monotonic() + 10
    while any(is_running(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)

    assert len(pids) >= 2
    assert not any(is_running(pid) for pid in pids)


_HANGS = """
import asyncio, os, signal, time
from pathlib import Path

import judge.grader.link as link
from judge.grader.engine import Engine, preload
from judge.verdict import PhaseEvent, Request

SOURCE = next(Path("ACCEPTED").glob("FRAMEWORK_*.py")).read_bytes()
told = []


async def main():
    engine = Engine(size=1)
    request = Request(problem="scaled_dot_product_attention", source=SOURCE, framework="FRAMEWORK")
    await engine.judge(request, told.append)
    (idle,) = [entry for found in engine._idle.values() for entry in found]
    box = idle.slot.box
    while not (waiting := [pid for pid in box.descendants() if pid not in box.own()]):
        time.sleep(0.01)
    os.kill(waiting[0], signal.SIGSTOP)
    link._CONFINE_S = 1.0
    report = await engine.judge(request, told.append)
    engine.close()
    print(report.verdict, box.alive(), sum(isinstance(event, PhaseEvent) and "再跑一次" in event.title for event in told))


preload()
asyncio.run(main())
"""


def test_a_waiting_process_that_hangs_costs_its_box_and_no_verdict():
    framework = next((name for name in ("torch", "tensorflow") if importlib.util.find_spec(name)), None)
    if framework is None or not {"bwrap", "landlock"} & set(offered()):
        pytest.skip("needs a framework and a tier that isolates")
    script = _HANGS.replace("ACCEPTED", str(ACCEPTED)).replace("FRAMEWORK", framework)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.split() == ["AC", "False", "1"], done.stderr
