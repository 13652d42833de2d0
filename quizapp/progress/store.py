"""Recording: every call is one event, committed together with what is derived from it before the call returns."""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Self

from quizapp.clock import CUTOFF_HOUR, Clock, learning_day, local_now
from quizapp.paths import data_dir
from quizapp.problems import reason
from quizapp.progress import backups, derived, jsonl
from quizapp.progress.care import Care
from quizapp.progress.events import COLUMNS, UNDOABLE, Event, Kind, from_row, utc_us
from quizapp.progress.lock import OwnerLock
from quizapp.progress.opening import Mode, connect, is_checked_first, transaction
from quizapp.progress.problems import ProgressProblem, translated
from quizapp.progress.reading import KEPT, Reading
from quizapp.progress.records import Undone
from quizapp.progress.standing import UNCHARGED
from quizapp.study.schedule import Policy

if TYPE_CHECKING:
    from judge.verdict import Report

FILENAME = "progress.db"

_INSERT = "INSERT INTO log (uid, utc_us, offset_s, day, kind, question, session, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


class Progress(Reading):
    """The learner's progress. Open it with `Progress.open`; safe to call from any thread."""

    def __init__(
        self,
        db: sqlite3.Connection,
        path: Path,
        clock: Clock,
        *,
        cutoff_hour: int = CUTOFF_HOUR,
        lock: OwnerLock | None = None,
        new_uid: Callable[[], str] = lambda: secrets.token_hex(8),
    ) -> None:
        super().__init__(db, clock, cutoff_hour)
        self.path = path
        self._lock = lock
        self._new_uid = new_uid
        self._care: Care | None = None

    @classmethod
    def open(
        cls,
        path: Path | None = None,
        clock: Clock = local_now,
        *,
        mode: Mode = "owner",
        policy: Policy | None = None,
        cutoff_hour: int = CUTOFF_HOUR,
    ) -> Self:
        """Open the progress file, creating or upgrading it when need be; who writes makes the day's backup. Modes: `opening.Mode`.

        Raises `ProgressProblem`; `SecondInstance` when another program owns it and `mode` is `owner`.
        """
        path = path or data_dir() / FILENAME
        try:
            checked = is_checked_first(path)
            lock = OwnerLock(path) if mode == "owner" else None
        except OSError as error:
            raise ProgressProblem(f"打不开 {path}：{reason(error)}；可用环境变量 QUIZAPP_HOME 换一个位置") from None
        try:
            progress = cls(connect(path, mode), path, clock, cutoff_hour=cutoff_hour, lock=lock)
            if policy is not None and mode != "read":
                fitted = progress.policy()  # weights and seed are the log's, not the settings'
                progress.configure(replace(policy, parameters=fitted.parameters, seed=fitted.seed))
            if mode != "read" and progress.count():
                # A copy is checked before it counts; only who stays for long also looks through a large file.
                progress._care = Care(path, progress.today(), checked=checked or mode == "guest")
        except BaseException:
            if lock is not None:
                lock.release()
            raise
        return progress

    @property
    def trouble(self) -> str:
        """What was found wrong with the file in the background; empty when nothing, or not yet."""
        return self._care.trouble if self._care is not None else ""

    def close(self) -> None:
        """Let go of the file. Nothing waits to be written, but a copy being made is waited for."""
        if self._care is not None:
            self._care.wait()
        with self._guard:
            self._db.close()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def record_answer(
        self,
        question_id: str,
        *,
        text: str,
        rating: int,
        score: float | None,
        points: Mapping[str, str],
        mode: str,
        seconds: float,
        confidence: int | None = None,
        session: str | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> int:
        """An answer: `rating` 1 重来 to 4 轻松, `score` of 100, `points` the status of each key point, `detail` what was shown
        (order of options, drawn numbers). Its draft is done with. Returns the answer's id."""
        if rating not in (1, 2, 3, 4):
            raise ValueError(f"rating {rating}")
        body = {
            "text": text,
            "rating": rating,
            "score": score,
            "points": dict(points),
            "mode": mode,
            "seconds": round(seconds, 3),
            "confidence": confidence,
        }
        if detail:
            body["detail"] = dict(detail)
        return self._append(Kind.ANSWER, body, question_id, session, draft="")

    def record_submission(
        self,
        problem: str,
        *,
        source: bytes,
        filename: str,
        report: Report,
        related: Iterable[str] = (),
        session: str | None = None,
    ) -> int:
        """A judged program with its source and the whole report. A judge error is kept, and not charged. Returns its id.

        When a mistake was named, the `related` theory questions are asked today.
        """
        diagnoses = [check.diagnosis for check in report.checks if check.diagnosis]
        body = {
            "filename": filename,
            "verdict": report.verdict.value,
            "score": report.score,
            "framework": report.framework,
            "device": report.device,
            "seed": report.seed,
            "message": report.message,
            "diagnoses": diagnoses,
        }
        files = {"source": source, "report": report.model_dump_json().encode()}
        charged = report.verdict.value not in UNCHARGED and report.verdict.value != "AC"
        with self._writing():
            seq = self._insert(Kind.SUBMISSION, body, problem, session, files)
            for question_id in related if charged and diagnoses else ():
                self._insert(Kind.FORWARD, {"because": problem}, question_id)
        return seq

    def overrule(self, answer_id: int, points: Mapping[str, str], *, score: float | None, rating: int, reason: str = "") -> int:
        """The learner judges points of an answer otherwise; `score` and `rating` are the answer's from now on."""
        answer = self._event(answer_id)
        body = {"answer": answer.uid, "points": dict(points), "score": score, "rating": rating, "reason": reason}
        return self._append(Kind.OVERRULE, body, answer.question, answer.session)

    def _event(self, seq: int) -> Event:
        with self._guard:
            row = self._db.execute(f"SELECT {COLUMNS} FROM log WHERE seq = ?", (seq,)).fetchone()  # noqa: S608
        if row is None:
            raise KeyError(seq)
        return from_row(row)

    def set_favourite(self, question_id: str, on: bool) -> None:
        """收藏."""
        self._append(Kind.FAVOURITE, {"on": on}, question_id)

    def set_note(self, question_id: str, text: str) -> None:
        """The learner's note; empty takes it away."""
        self._append(Kind.NOTE, {"text": text}, question_id)

    def set_wrong(self, question_id: str, on: bool) -> None:
        """Into 错题本 or out of it, by hand."""
        self._append(Kind.WRONG, {"on": on}, question_id)

    def suspend(self, question_id: str, on: bool = True) -> None:
        """No longer ask this question, or ask it again."""
        self._append(Kind.SUSPEND, {"on": on}, question_id)

    def mark_met(self, question_id: str) -> None:
        """It was asked in a real interview."""
        self._append(Kind.MET, {}, question_id)

    def set_flag(self, question_id: str, reason: str | None) -> None:
        """Something is wrong with the question itself."""
        self._append(Kind.FLAG, {"reason": reason}, question_id)

    def record_session(self, session_id: str, op: str, **details: Any) -> None:
        """A step of a session; the first has op `start` and a `mode`, the last has op `finish`."""
        self._append(Kind.SESSION, {"op": op, **details}, session=session_id)

    def configure(self, policy: Policy) -> bool:
        """Put a policy in force. False when it already was."""
        if policy == self.policy():
            return False
        self._append(Kind.POLICY, policy.to_json())
        return True

    def undo(self) -> Undone | None:
        """Take back the last thing a keypress did, however long ago; an undone answer becomes a draft again, above what was half-typed
        since."""
        marks = ", ".join("?" * len(UNDOABLE))
        events = self._events(f"kind IN ({marks}) AND {KEPT} ORDER BY seq DESC LIMIT 1", UNDOABLE)
        if not events or events[0].question is None:
            return None
        event = events[0]
        text = event.body["text"] if event.kind is Kind.ANSWER else ""
        draft = self._with_begun(events[0].question, text) if text else None
        self._append(Kind.UNDO, {"target": event.uid}, event.question, event.session, draft=draft)
        return Undone(event.kind, event.question or "", event.at, text)

    def _with_begun(self, question_id: str, text: str) -> str:
        """`text` and, below it, what is half-typed: that stands nowhere else, unless it came from an answer itself."""
        begun = self.draft(question_id)
        answers = self._events("question = ? AND kind = 'answer'", (question_id,))
        kept = begun and all(begun != answer.body["text"] for answer in answers)
        return f"{text}\n{begun}" if kept else text

    def save_draft(self, question_id: str, text: str) -> None:
        """Keep what is being typed; empty text drops it."""
        with self._writing():
            self._put_draft(question_id, text)

    def _put_draft(self, question_id: str, text: str) -> None:
        if text:
            now = utc_us(self._clock())
            self._db.execute("INSERT OR REPLACE INTO draft VALUES (?, ?, ?)", (question_id, now, text))
        else:
            self._db.execute("DELETE FROM draft WHERE question = ?", (question_id,))

    def rebuild(self) -> tuple[str, ...]:
        """Work out all derived tables anew from the log. Returns the tables that were not as they should have been."""
        with self._writing():
            before = derived.fingerprints(self._db)
            derived.rebuild(self._db)
            after = derived.fingerprints(self._db)
        return tuple(table for table, digest in after.items() if before.get(table) != digest)

    def write_jsonl(self, out: IO[str]) -> int:
        """The whole log as JSON lines (see `jsonl`). Returns the number of lines."""
        count = 0
        with self._guard:
            self._db.execute("BEGIN")  # one moment of the log, whatever is added meanwhile
            try:
                for line in jsonl.written(self._db):
                    out.write(line)
                    count += 1
            finally:
                self._db.execute("ROLLBACK")
        return count

    def read_jsonl(self, lines: Iterable[str]) -> jsonl.Merged:
        """Add what is not there yet, all or nothing; a copy is made before. Raises `ProgressProblem`."""
        if self.count():
            backups.copy(self.path, backups.folder(self.path) / "before-import.db")
        with self._writing():
            return jsonl.merge(self._db, lines)

    def backup(self) -> Path | None:
        """Today's rotating copy, if there is none yet. Raises `ProgressProblem`."""
        return backups.rotate(self.path, self.today())

    def _append(
        self,
        kind: Kind,
        body: Mapping[str, Any],
        question: str | None = None,
        session: str | None = None,
        *,
        draft: str | None = None,
    ) -> int:
        with self._writing():
            seq = self._insert(kind, body, question, session)
            if draft is not None and question is not None:
                self._put_draft(question, draft)
        return seq

    def _insert(
        self,
        kind: Kind,
        body: Mapping[str, Any],
        question: str | None = None,
        session: str | None = None,
        files: Mapping[str, bytes] | None = None,
    ) -> int:
        now = self._clock()
        day = learning_day(now, self._cutoff_hour)
        return insert(self._db, Event(0, self._new_uid(), now, day, kind, body, question, session, files or {}))

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """A guarded transaction that says in Chinese why it failed."""
        with self._guard:
            try:
                with transaction(self._db):
                    yield
            except sqlite3.Error as error:
                raise translated(error, self.path) from error


def insert(db: sqlite3.Connection, event: Event) -> int:
    """Write an event into the log and the derived tables. Runs inside the caller's transaction."""
    seq = add(db, event)
    derived.advance(db, replace(event, seq=seq))
    return seq


def add(db: sqlite3.Connection, event: Event) -> int:
    """Write an event into the log alone; `derived.rebuild` must follow in the same transaction."""
    seq = db.execute(_INSERT, event.row()).lastrowid or 0
    db.executemany("INSERT INTO attachment VALUES (?, ?, ?)", [(seq, name, data) for name, data in event.attachments.items()])
    return seq
