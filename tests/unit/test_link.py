"""What the grader keeps of what a submission tells it about its training."""

import math
from types import SimpleNamespace
from typing import Any, cast

from judge.grader.link import Link
from judge.grader.slot import Slot
from judge.verdict import Event, ProgressEvent
from question_bank.models import Coding, Limits


def told(points: list[dict[str, Any]]) -> tuple[list[Event], Link]:
    seen: list[Event] = []
    slot = cast(
        "Slot", SimpleNamespace(box=SimpleNamespace(pid=-1, descendants=list, host_folder=None, scratch="/nowhere", clean=()))
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
