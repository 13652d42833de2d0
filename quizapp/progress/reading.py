"""Asking the progress file: states, history, drafts, totals. Nothing here writes."""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from quizapp.clock import CUTOFF_HOUR, Clock, learning_day
from quizapp.progress import derived
from quizapp.progress.events import COLUMNS, Event, Kind, from_row, moment
from quizapp.progress.records import Answer, Day, Overrule, QuestionState, Session, Stats, Submission, streaks
from quizapp.progress.standing import Standing, leech
from quizapp.study.schedule import Policy, Rating

if TYPE_CHECKING:
    from judge.verdict import Report

KEPT = "uid NOT IN (SELECT uid FROM undone)"
_TOTALS = """
SELECT (SELECT coalesce(sum(answers), 0) FROM day), (SELECT coalesce(sum(submissions), 0) FROM day),
       (SELECT coalesce(sum(accepted), 0) FROM day), (SELECT count(*) FROM standing WHERE attempts > 0),
       (SELECT count(*) FROM standing WHERE last_verdict = 'AC'),
       (SELECT count(*) FROM standing WHERE due <= :today AND NOT suspended),
       (SELECT count(*) FROM standing WHERE wrong IS NOT NULL), (SELECT count(*) FROM standing WHERE lapses >= :leech),
       (SELECT count(*) FROM answer WHERE overruled), (SELECT coalesce(sum(ms), 0) / 1000.0 FROM day)
"""


class Reading:
    """The questions one can ask. Safe to call from any thread."""

    def __init__(self, db: sqlite3.Connection, clock: Clock, cutoff_hour: int = CUTOFF_HOUR) -> None:
        self._db = db
        self._clock = clock
        self._cutoff_hour = cutoff_hour
        self._guard = threading.RLock()

    def today(self) -> dt.date:
        """The current learning day."""
        return learning_day(self._clock(), self._cutoff_hour)

    def policy(self) -> Policy:
        """The scheduling policy in force."""
        with self._guard:
            return derived.load_policy(self._db)

    def states(self) -> dict[str, QuestionState]:
        """Every question with any history, whether or not the bank still has it."""
        with self._guard:
            policy = derived.load_policy(self._db)
            return {standing.question: self._state(standing, policy) for standing in derived.standings(self._db)}

    def state(self, question_id: str) -> QuestionState:
        """One question; `new` when nothing ever happened to it."""
        with self._guard:
            return self._state(derived.load_standing(self._db, question_id), derived.load_policy(self._db))

    def standings(self) -> dict[str, Standing]:
        """What the scheduler works with."""
        with self._guard:
            return {standing.question: standing for standing in derived.standings(self._db)}

    def _state(self, standing: Standing, policy: Policy) -> QuestionState:
        return QuestionState(
            question=standing.question,
            status=standing.status,
            attempts=standing.attempts,
            last_score=standing.last_score,
            best_score=standing.best_score,
            last_at=standing.last_at,
            last_rating=standing.last_rating,
            last_verdict=standing.last_verdict,
            due=self._begin(standing.due) if standing.due else None,
            favourite=standing.favourite,
            wrong=standing.wrong is not None,
            leech=leech(standing, policy),
            suspended=standing.suspended,
            met=standing.met,
            stability=standing.memory.stability if standing.memory else None,
            lapses=standing.memory.lapses if standing.memory else 0,
            note=standing.note,
            flag=standing.flag,
            forward=standing.forward is not None,
        )

    def _begin(self, day: dt.date) -> dt.datetime:
        """The moment a learning day begins, on the learner's own clock."""
        return dt.datetime.combine(day, dt.time(self._cutoff_hour), tzinfo=self._clock().tzinfo)

    def answers(self, question_id: str | None = None, limit: int = 50, session: str | None = None) -> list[Answer]:
        """The newest answers that were not undone, newest first."""
        where, values = _where(**{"answer.question": question_id, "log.session": session})
        columns = ", ".join(f"log.{column}" for column in COLUMNS.split(", "))
        query = f"SELECT {columns} FROM answer JOIN log USING (seq) WHERE 1{where} ORDER BY answer.seq DESC LIMIT ?"  # noqa: S608
        with self._guard:
            events = [from_row(row) for row in self._db.execute(query, (*values, limit))]
            overruled = self._overrules(events, question_id)
        return [_answer(event, overruled.get(event.uid)) for event in events]

    def _overrules(self, answers: list[Event], question_id: str | None) -> dict[str, Event]:
        """The last overrule of each of these answers."""
        if not answers:
            return {}
        where, values = _where(question=question_id)
        query = f"SELECT DISTINCT question FROM answer WHERE overruled AND seq BETWEEN ? AND ?{where}"  # noqa: S608
        numbers = [event.seq for event in answers]  # their range and not each: there may be more than SQLite takes parameters
        questions = tuple(name for (name,) in self._db.execute(query, (min(numbers), max(numbers), *values)))
        marks = ", ".join("?" * len(questions))
        events = self._events(f"kind = 'overrule' AND {KEPT} AND question IN ({marks}) ORDER BY utc_us, seq", questions)
        return _merged(events)

    def overrules(self) -> list[Overrule]:
        """Every overruled answer, oldest first, as it was judged and as it stands now."""
        last = _merged(self._events(f"kind = 'overrule' AND {KEPT} ORDER BY utc_us, seq"))
        answers = self._events(f"kind = 'answer' AND {KEPT} AND seq IN (SELECT seq FROM answer WHERE overruled) ORDER BY seq")  # noqa: S608
        return [
            Overrule(answer.question or "", last[answer.uid].at, answer.body["points"], last[answer.uid].body["points"])
            for answer in answers
            if answer.uid in last
        ]

    def submissions(self, problem: str | None = None, limit: int = 50) -> list[Submission]:
        """The newest submissions, newest first, judge errors among them."""
        where, values = _where(question=problem)
        events = self._events(f"kind = 'submission'{where} ORDER BY seq DESC LIMIT ?", (*values, limit))
        return [_submission(event) for event in events]

    def source(self, submission_id: int) -> bytes:
        """The program exactly as it was submitted."""
        return self._attachment(submission_id, "source")

    def report(self, submission_id: int) -> Report:
        """The whole report of a submission."""
        from judge.verdict import Report

        return Report.model_validate_json(self._attachment(submission_id, "report"))

    def _attachment(self, seq: int, name: str) -> bytes:
        with self._guard:
            row = self._db.execute("SELECT content FROM attachment WHERE seq = ? AND name = ?", (seq, name)).fetchone()
        if row is None:
            raise KeyError(f"{seq} {name}")
        return bytes(row[0])

    def draft(self, question_id: str) -> str:
        """The half-typed answer; empty when there is none."""
        with self._guard:
            row = self._db.execute("SELECT text FROM draft WHERE question = ?", (question_id,)).fetchone()
        return row[0] if row else ""

    def note(self, question_id: str) -> str:
        """The learner's note on a question."""
        with self._guard:
            return derived.load_standing(self._db, question_id).note

    def sessions(self, limit: int = 50, *, unfinished: bool = False) -> list[Session]:
        """The newest sessions, newest first."""
        where = "WHERE finished IS NULL" if unfinished else ""
        with self._guard:
            rows = self._db.execute(f"SELECT * FROM session {where} ORDER BY updated DESC, id LIMIT ?", (limit,)).fetchall()  # noqa: S608
        return [Session(name, mode, moment(a), moment(b), moment(c) if c is not None else None) for name, mode, a, b, c in rows]

    def session_events(self, session_id: str) -> list[Event]:
        """What happened in a session, in order, without what was undone."""
        return self._events(f"session = ? AND {KEPT} ORDER BY seq", (session_id,))

    def events(self, question_id: str | None = None, kind: Kind | None = None) -> list[Event]:
        """The log itself, oldest first, undone entries among it."""
        where, values = _where(question=question_id, kind=kind)
        return self._events(f"1{where} ORDER BY seq", values)

    def count(self) -> int:
        """Entries of the log."""
        with self._guard:
            row = self._db.execute("SELECT count(*) FROM log").fetchone()
        return int(row[0])

    def _events(self, condition: str, values: tuple[Any, ...] = ()) -> list[Event]:
        with self._guard:
            rows = self._db.execute(f"SELECT {COLUMNS} FROM log WHERE {condition}", values).fetchall()  # noqa: S608
        return [from_row(row) for row in rows]

    def history(self) -> dict[str, list[tuple[dt.date, Rating]]]:
        """Every rated answer by question, oldest first: what FSRS is fitted to."""
        found: dict[str, list[tuple[dt.date, Rating]]] = {}
        with self._guard:
            rows = self._db.execute("SELECT question, day, rating FROM answer ORDER BY day, seq").fetchall()
        for question, day, rating in rows:
            found.setdefault(question, []).append((dt.date.fromisoformat(day), rating))
        return found

    def days(self) -> tuple[Day, ...]:
        """All learning days with work, oldest first."""
        with self._guard:
            rows = self._db.execute("SELECT * FROM day ORDER BY day").fetchall()
        return tuple(Day(dt.date.fromisoformat(day), a, r, s, ac, ms / 1000) for day, a, r, s, ac, ms in rows)

    def stats(self) -> Stats:
        """The totals."""
        today, days = self.today(), self.days()
        current, longest = streaks([day.day for day in days], today)
        with self._guard:
            leech_after = derived.load_policy(self._db).leech_after
            row = self._db.execute(_TOTALS, {"today": today.isoformat(), "leech": leech_after}).fetchone()
        names = ("answers", "submissions", "accepted", "questions", "solved", "due", "wrong", "leeches", "overruled", "seconds")
        now = next((day for day in reversed(days) if day.day == today), Day(today))
        return Stats(**dict(zip(names, row, strict=True)), streak=current, longest_streak=longest, today=now, days=days)


def _where(**equals: str | None) -> tuple[str, tuple[str, ...]]:
    given = {name: value for name, value in equals.items() if value is not None}
    return "".join(f" AND {name} = ?" for name in given), tuple(given.values())


def _merged(overrules: Iterable[Event]) -> dict[str, Event]:
    """The last overrule of each answer, with the points of those before it. Events are in order of time."""
    found: dict[str, Event] = {}
    for event in overrules:
        before = found.get(event.body["answer"])
        points = {**(before.body["points"] if before else {}), **event.body["points"]}
        found[event.body["answer"]] = replace(event, body={**event.body, "points": points})
    return found


def _answer(event: Event, overrule: Event | None) -> Answer:
    body: Mapping[str, Any] = event.body
    points = dict(body["points"])
    score, rating = body["score"], body["rating"]
    if overrule is not None:
        points.update(overrule.body["points"])
        score, rating = overrule.body["score"], overrule.body["rating"]
    return Answer(
        id=event.seq,
        uid=event.uid,
        question=event.question or "",
        at=event.at,
        day=event.day,
        text=body["text"],
        rating=rating,
        score=score,
        points=points,
        mode=body["mode"],
        seconds=body["seconds"],
        confidence=body["confidence"],
        session=event.session,
        detail=body.get("detail", {}),
        overruled=overrule is not None,
    )


def _submission(event: Event) -> Submission:
    body = event.body
    return Submission(
        id=event.seq,
        uid=event.uid,
        question=event.question or "",
        at=event.at,
        day=event.day,
        filename=body["filename"],
        verdict=body["verdict"],
        score=body["score"],
        framework=body["framework"],
        device=body["device"],
        seed=body["seed"],
        message=body["message"],
        diagnoses=tuple(body["diagnoses"]),
    )
