"""One entry of the log, and the kinds there are."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

Row: TypeAlias = tuple[int, str, int, int, str, str, str | None, str | None, str]

COLUMNS = "seq, uid, utc_us, offset_s, day, kind, question, session, body"

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


class Kind(StrEnum):
    """What happened."""

    ANSWER = "answer"
    SUBMISSION = "submission"
    OVERRULE = "overrule"
    FAVOURITE = "favourite"
    NOTE = "note"
    WRONG = "wrong"
    SUSPEND = "suspend"
    MET = "met"
    FLAG = "flag"
    FORWARD = "forward"
    SESSION = "session"
    POLICY = "policy"
    UNDO = "undo"


UNDOABLE = (
    Kind.ANSWER, Kind.OVERRULE, Kind.FAVOURITE, Kind.NOTE, Kind.WRONG, Kind.SUSPEND, Kind.MET, Kind.FLAG,
)  # fmt: skip
"""What a keypress did and another may take back. A submission is not: it was judged."""


@dataclass(frozen=True)
class Event:
    """Something that happened, as the log keeps it. `at` has the learner's own offset, `day` is the learning day it counts for."""

    seq: int
    uid: str
    at: dt.datetime
    day: dt.date
    kind: Kind
    body: Mapping[str, Any]
    question: str | None = None
    session: str | None = None
    attachments: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def utc_us(self) -> int:
        """Microseconds since 1970, exactly."""
        return utc_us(self.at)

    def row(self) -> tuple[str, int, int, str, str, str | None, str | None, str]:
        """The columns after `seq`."""
        offset = self.at.utcoffset() or dt.timedelta()
        seconds = int(offset.total_seconds())
        return self.uid, self.utc_us, seconds, self.day.isoformat(), self.kind, self.question, self.session, dumps(self.body)


def from_row(row: Row) -> Event:
    """The event of a row of `log`."""
    seq, uid, us, offset_s, day, kind, question, session, body = row
    return Event(seq, uid, moment(us, offset_s), dt.date.fromisoformat(day), Kind(kind), json.loads(body), question, session)


def utc_us(moment: dt.datetime) -> int:
    """Microseconds since 1970, exactly."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(us: int, offset_s: int = 0) -> dt.datetime:
    """The time of a row, as the learner's clock showed it."""
    zone = dt.timezone(dt.timedelta(seconds=offset_s))
    return (_EPOCH + us * _MICROSECOND).astimezone(zone)


def dumps(value: Any) -> str:
    """JSON with one spelling: what is read and written again is the same bytes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
