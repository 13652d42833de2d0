"""A mock interview in words, for the screen and for `quizapp mock`. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from quizapp.study.mock import Line, MockReport

_UNANSWERED: Final[Mapping[str, str]] = {"skipped": "跳过", "unanswered": "没答"}
_SHOWN_EARLIER: Final = 5


def clock_words(left: float | None) -> str:
    """What is left of the time: minutes, and seconds only in the last one. Calm on purpose."""
    if left is None:
        return ""
    if left <= 0:
        return f"超时 {math.ceil(-left / 60)} 分钟" if left <= -1 else "时间到"
    return f"剩 {math.ceil(left)} 秒" if left < 60 else f"剩 {math.ceil(left / 60)} 分钟"


def headline(made: MockReport) -> str:
    """Score, how many were answered, how long it took."""
    over = f"（超时 {math.ceil(made.overtime / 60)} 分钟）" if made.overtime else ""
    return f"总分 {made.score:.0f}，答了 {made.answered}/{made.questions} 题，用时 {made.seconds / 60:.0f} 分钟{over}"


def compared(made: MockReport) -> str:
    """Against the mock before, and the last few; empty for the first."""
    if made.change is None:
        return ""
    step = (
        "与上一次相同" if round(made.change) == 0 else f"比上一次{'高' if made.change > 0 else '低'} {abs(made.change):.0f} 分"
    )
    before = "、".join(f"{earlier.at:%m-%d} {earlier.score:.0f}" for earlier in made.earlier[-_SHOWN_EARLIER:])
    return f"{step}；前几次：{before}"


def outcome(line: Line) -> str:
    """How one question went."""
    return _UNANSWERED.get(line.status, line.verdict or f"{line.score:.0f} 分")
