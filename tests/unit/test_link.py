"""What the grader keeps of what a submission tells it about its training."""

import math
import os
import socket
from types import SimpleNamespace
from typing import Any, cast

import pytest

from judge.grader.failures import JudgeProblem, SubmissionFailed
from judge.grader.link import Link
from judge.grader.slot import Slot
from judge.sandbox.watch import Usage, Watch
from judge.verdict import Event, ProgressEvent
from judge.wire import Wire
from question_bank.models import Coding, Limits


def told(points: list[dict[str, Any]]) -> tuple[list[Event], Link]:
    seen: list[Event] = []
    slot = cast(
        "Slot",
        SimpleNamespace(
            box=SimpleNamespace(
                pid=-1, own=lambda: [-1], descendants=list, host_folder=None, scratch="/nowhere", clean=(), kill=lambda: None
            )
        ),
    )
    problem = cast("Coding", SimpleNamespace(limits=Limits(cpu_s=1, wall_s=1)))
    link = Link(slot, problem, seen.append)
    for point in points:
        link._note_progress(point)
    return seen, link


def test_a_diverged_loss_leaves_a_gap_and_every_event_survives_json():
    points = [
        {"unit": "step", "step": 1, "values": {"loss": 2.0}},
        {"unit": "step", "step": 2, "values": {"loss": math.nan}},
        {"unit": "epoch", "step": 1, "values": {"loss": math.inf, "accuracy": 0.1}},
    ]

    seen, link = told(points)

    assert [ProgressEvent.model_validate_json(event.model_dump_json()) for event in seen] == link.curve
    assert [event.values for event in link.curve] == [{"loss": 2.0}, {"accuracy": 0.1}]


class Waiting:
    """A submission that uses no processor at all while an hour passes, in steps of a second."""

    def __init__(self, *, starved: float) -> None:
        self.now = 0.0
        self.starved = starved

    def clock(self) -> float:
        return self.now

    def sample(self, *, limit_mib: float) -> Usage:
        del limit_mib
        return Usage(cpu_s=0.0, starved_s=self.starved * self.now, memory_mib=0.0, processes=1)

    def run(self) -> float:
        """Returns the second in which it was given up."""
        killed = SimpleNamespace(
            pid=-1, own=lambda: [-1], descendants=list, host_folder=None, scratch="/nowhere", clean=(), kill=lambda: None
        )
        problem = SimpleNamespace(limits=Limits(cpu_s=100, wall_s=3600))
        link = Link(cast("Slot", SimpleNamespace(box=killed)), cast("Coding", problem), lambda _: None, clock=self.clock)
        link._watch, link._pipe = cast("Watch", self), os.open(os.devnull, os.O_RDONLY)
        try:
            while self.now < 3600:
                self.now += 1
                link._tick()
        except SubmissionFailed:
            return self.now
        with pytest.raises(JudgeProblem, match="太忙"):
            link._excuse_busy_machine()
        return math.inf


def test_who_sleeps_is_given_up_and_who_gets_no_core_is_not() -> None:
    asleep, polling, starved = Waiting(starved=0.0).run(), Waiting(starved=0.2).run(), Waiting(starved=1.0).run()
    assert 20 < asleep < polling < 60
    assert starved == math.inf


def test_the_name_of_a_value_is_kept_short_and_clean():
    _, link = told([{"unit": "step", "step": 1, "values": {"\x1b]0;AC\x07" + "x" * 4_000_000: 0.5}}])

    (point,) = link.curve
    (name,) = point.values
    assert len(name) <= 40
    assert "\x1b" not in name


def test_who_never_stops_printing_does_not_keep_the_grader_reading():
    _, link = told([])
    link._pipe = os.open("/dev/zero", os.O_RDONLY)

    link._drain()

    with pytest.raises(SubmissionFailed, match="打印超过"):
        link._check_limits(0.0)
    os.close(link._pipe)


@pytest.mark.parametrize(("printed", "reason"), [(b"", "landlock: not permitted"), (b"worker: no memory", "no memory")])
def test_a_process_that_could_not_be_confined_is_quoted_wherever_it_wrote(printed: bytes, reason: str) -> None:
    _, link = told([])
    link._box.stderr_tail = lambda: "landlock: not permitted"  # type: ignore[method-assign]
    ours, theirs = socket.socketpair()
    link._wire, (link._pipe, write_end) = Wire(ours), os.pipe()
    os.write(write_end, printed)
    os.close(write_end)
    theirs.close()

    with pytest.raises(JudgeProblem, match=reason):
        link._await_confined()
    link.let_go()
