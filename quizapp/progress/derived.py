"""The derived tables: one event written further, or everything rebuilt from the log. Both ways must lead to the same rows."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from quizapp.progress.events import COLUMNS, Event, Kind, dumps, from_row
from quizapp.progress.schema import DERIVED, DERIVED_TABLES, DERIVED_VERSION, statements
from quizapp.progress.standing import UNCHARGED, Standing, after, amended, apply, fold, scheduled
from quizapp.study.schedule import Memory, Policy

_FIELDS: Final = (
    "question", "attempts", "begun", "last_score", "best_score", "last_at", "last_rating", "last_verdict", "failed", "stability",
    "difficulty", "reviewed", "reviews", "lapses", "due", "forward", "wrong", "right_row", "favourite", "suspended", "met",
    "flag", "note", "latest",
)  # fmt: skip
_SAVE: Final = f"INSERT OR REPLACE INTO standing ({', '.join(_FIELDS)}) VALUES ({', '.join('?' * len(_FIELDS))})"  # noqa: S608
_LOAD: Final = f"SELECT {', '.join(_FIELDS)} FROM standing"  # noqa: S608
_DAY: Final = """
INSERT INTO day VALUES (:day, :answers, :recalled, :submissions, :accepted, :ms)
ON CONFLICT (day) DO UPDATE SET answers = answers + :answers, recalled = recalled + :recalled,
    submissions = submissions + :submissions, accepted = accepted + :accepted, ms = ms + :ms
"""
_NEEDS_THE_PAST: Final = (Kind.OVERRULE, Kind.UNDO)


def advance(db: sqlite3.Connection, event: Event) -> None:
    """Write one event, already in the log, into the derived tables. Runs inside the caller's transaction."""
    if event.kind is Kind.POLICY:
        _change_policy(db, Policy.from_json(event.body))
        return
    if event.kind is Kind.SESSION:
        _session(db, event)
        return
    if event.question is None:
        return
    policy = load_policy(db)
    standing = load_standing(db, event.question)
    if event.kind in _NEEDS_THE_PAST or event.utc_us < standing.latest:
        _redo_question(db, event.question, policy)
        return
    _count(db, event)
    save_standing(db, apply(standing, event, policy))


def rebuild(db: sqlite3.Connection) -> None:
    """Drop all derived tables and work them out from the log. Runs inside the caller's transaction."""
    for table in DERIVED_TABLES:
        db.execute(f"DROP TABLE IF EXISTS {table}")
    for statement in statements(DERIVED):
        db.execute(statement)
    db.execute("INSERT OR REPLACE INTO meta VALUES ('derived', ?)", (DERIVED_VERSION,))
    last = db.execute("SELECT body FROM log WHERE kind = 'policy' ORDER BY seq DESC LIMIT 1").fetchone()
    if last:
        db.execute("INSERT INTO policy VALUES (1, ?)", last)
    for row in db.execute(f"SELECT {COLUMNS} FROM log WHERE kind = 'session' ORDER BY seq").fetchall():  # noqa: S608
        _session(db, from_row(row))
    policy = load_policy(db)
    for question, events in _by_question(db):
        _redo(db, question, events, policy)


def fingerprints(db: sqlite3.Connection) -> dict[str, str]:
    """A digest of each derived table's rows."""
    found = {}
    for table in DERIVED_TABLES:
        digest = hashlib.sha256()
        for row in db.execute(f"SELECT * FROM {table} ORDER BY 1"):  # noqa: S608
            digest.update(repr(row).encode())
        found[table] = digest.hexdigest()
    return found


def _by_question(db: sqlite3.Connection) -> Iterator[tuple[str, list[Event]]]:
    rows = db.execute(f"SELECT {COLUMNS} FROM log WHERE question IS NOT NULL ORDER BY question, utc_us, seq")  # noqa: S608
    for question, group in itertools.groupby(rows, key=lambda row: row[6]):
        yield question, [from_row(row) for row in group]


def question_events(db: sqlite3.Connection, question: str) -> list[Event]:
    """Everything that ever happened to a question, in order of time."""
    rows = db.execute(f"SELECT {COLUMNS} FROM log WHERE question = ? ORDER BY utc_us, seq", (question,))  # noqa: S608
    return [from_row(row) for row in rows]


def _redo_question(db: sqlite3.Connection, question: str, policy: Policy) -> None:
    _uncount(db, question)
    _redo(db, question, question_events(db, question), policy)


def _redo(db: sqlite3.Connection, question: str, events: list[Event], policy: Policy) -> None:
    kept = _amended(db, events)
    for event in kept:
        _count(db, event)
    standing = after(question, kept, policy)
    save_standing(db, replace(standing, latest=max((event.utc_us for event in events), default=0)))


def _amended(db: sqlite3.Connection, events: list[Event]) -> list[Event]:
    targets = [(event.body["target"],) for event in events if event.kind is Kind.UNDO]
    db.executemany("INSERT OR IGNORE INTO undone VALUES (?)", targets)
    return amended(events)


def _count(db: sqlite3.Connection, event: Event) -> None:
    """The typed row of an answer or a submission, and the day's totals."""
    body = event.body
    if event.kind is Kind.ANSWER:
        ms = round(body["seconds"] * 1000)
        values = (event.seq, event.question, event.day.isoformat(), body["rating"], body["score"], ms)
        more = (body["mode"], body["confidence"], int(body.get("overruled", False)))
        db.execute("INSERT INTO answer VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*values, *more))
        _add_day(db, event.day, answers=1, recalled=int(body["rating"] > 1), ms=ms)
    elif event.kind is Kind.SUBMISSION:
        charged = body["verdict"] not in UNCHARGED
        values = (event.seq, event.question, event.day.isoformat(), body["verdict"], body["score"], body["framework"])
        db.execute("INSERT INTO submission VALUES (?, ?, ?, ?, ?, ?, ?)", (*values, int(charged)))
        if charged:
            _add_day(db, event.day, submissions=1, accepted=int(body["verdict"] == "AC"))


def _add_day(db: sqlite3.Connection, day: dt.date, **amounts: int) -> None:
    nothing = {"answers": 0, "recalled": 0, "submissions": 0, "accepted": 0, "ms": 0}
    db.execute(_DAY, {"day": day.isoformat(), **nothing, **amounts})


def _uncount(db: sqlite3.Connection, question: str) -> None:
    """Take the rows of a question out, and out of the days' totals."""
    for day, rating, ms in db.execute("SELECT day, rating, ms FROM answer WHERE question = ?", (question,)).fetchall():
        _add_day(db, dt.date.fromisoformat(day), answers=-1, recalled=-int(rating > 1), ms=-ms)
    query = "SELECT day, verdict FROM submission WHERE question = ? AND charged"
    for day, verdict in db.execute(query, (question,)).fetchall():
        _add_day(db, dt.date.fromisoformat(day), submissions=-1, accepted=-int(verdict == "AC"))
    db.execute("DELETE FROM day WHERE answers = 0 AND submissions = 0")
    db.execute("DELETE FROM answer WHERE question = ?", (question,))
    db.execute("DELETE FROM submission WHERE question = ?", (question,))


def _session(db: sqlite3.Connection, event: Event) -> None:
    step = event.body["op"]
    if step == "start":
        values = (event.session, event.body["mode"], event.utc_us, event.utc_us)
        db.execute("INSERT OR REPLACE INTO session VALUES (?, ?, ?, ?, NULL)", values)
        return
    finished = event.utc_us if step == "finish" else None
    db.execute(
        "UPDATE session SET updated = ?, finished = coalesce(?, finished) WHERE id = ?", (event.utc_us, finished, event.session)
    )


def _change_policy(db: sqlite3.Connection, policy: Policy) -> None:
    """Due days follow at once; memories only when what they depend on has changed."""
    old = load_policy(db)
    db.execute("INSERT OR REPLACE INTO policy VALUES (1, ?)", (dumps(policy.to_json()),))
    if (old.parameters, old.leave_wrong_after) != (policy.parameters, policy.leave_wrong_after):
        for question, events in list(_by_question(db)):
            save_standing(db, replace(fold(question, events, policy), latest=max(event.utc_us for event in events)))
        return
    for standing in list(standings(db)):
        save_standing(db, scheduled(standing, policy))


def load_policy(db: sqlite3.Connection) -> Policy:
    """The policy in force."""
    row = db.execute("SELECT body FROM policy").fetchone()
    return Policy.from_json(json.loads(row[0])) if row else Policy()


def standings(db: sqlite3.Connection) -> Iterator[Standing]:
    """All questions with any history."""
    return map(_standing, db.execute(_LOAD))


def load_standing(db: sqlite3.Connection, question: str) -> Standing:
    """One question; fresh when nothing ever happened to it."""
    row = db.execute(f"{_LOAD} WHERE question = ?", (question,)).fetchone()
    return _standing(row) if row else Standing(question)


def save_standing(db: sqlite3.Connection, standing: Standing) -> None:
    """Write one row."""
    memory = standing.memory
    values: dict[str, Any] = {
        **vars(standing),
        "last_at": standing.last_at.isoformat() if standing.last_at else None,
        "stability": memory.stability if memory else None,
        "difficulty": memory.difficulty if memory else None,
        "reviewed": _day(memory.day) if memory else None,
        "reviews": memory.reviews if memory else 0,
        "lapses": memory.lapses if memory else 0,
        "begun": _day(standing.begun),
        "due": _day(standing.due),
        "forward": _day(standing.forward),
        "wrong": _day(standing.wrong),
        "favourite": int(standing.favourite),
        "suspended": int(standing.suspended),
    }
    db.execute(_SAVE, [values[name] for name in _FIELDS])


def _standing(row: tuple[Any, ...]) -> Standing:
    values = dict(zip(_FIELDS, row, strict=True))
    stability, difficulty, reviewed = values.pop("stability"), values.pop("difficulty"), values.pop("reviewed")
    reviews, lapses = values.pop("reviews"), values.pop("lapses")
    if reviewed is not None:
        values["memory"] = Memory(stability, difficulty, dt.date.fromisoformat(reviewed), reviews, lapses)
    if values["last_at"] is not None:
        values["last_at"] = dt.datetime.fromisoformat(values["last_at"])
    for name in ("begun", "due", "forward", "wrong"):
        if values[name] is not None:
            values[name] = dt.date.fromisoformat(values[name])
    values["favourite"], values["suspended"] = bool(values["favourite"]), bool(values["suspended"])
    return Standing(**values)


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
