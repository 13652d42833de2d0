"""Time as the learner lives it. Domain code is handed a `Clock`; only the edges of the program read the real one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TypeAlias

Clock: TypeAlias = Callable[[], dt.datetime]
"""Gives the present moment, aware of the learner's time zone."""

CUTOFF_HOUR = 4
"""A learning day begins at this local hour: what is answered after midnight still belongs to the evening."""


def local_now() -> dt.datetime:
    """The present in the time zone of this machine."""
    return dt.datetime.now().astimezone()


def clock_in(zone: str | None) -> Clock:
    """The clock of an IANA time zone, or of this machine."""
    if zone is None:
        return local_now
    from zoneinfo import ZoneInfo  # here, because the first frame needs no time zone

    tz = ZoneInfo(zone)
    return lambda: dt.datetime.now(tz)


def learning_day(moment: dt.datetime, cutoff_hour: int = CUTOFF_HOUR) -> dt.date:
    """The day `moment` counts for.

    Goes by what the wall clock showed, so a change to or from summer time makes no day twice or never.
    """
    day = moment.date()
    return day if moment.hour >= cutoff_hour else day - dt.timedelta(days=1)
