"""The whole log as JSON lines, and back: what is written, read into an empty progress file and written again is the same bytes.

The first line says what the file is. Then a line for each event, its attachments in base64, and a line for each draft.
"""

from __future__ import annotations

import base64
import binascii
import json
import operator
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from quizapp.progress import derived
from quizapp.progress.events import Event, Kind, dumps, from_row
from quizapp.progress.problems import ProgressProblem
from quizapp.progress.standing import Standing, apply
from quizapp.study.schedule import Policy

HEADER: Final = {"format": "quizapp-log", "version": 1}

_EVENTS: Final = "SELECT seq, uid, utc_us, offset_s, day, kind, question, session, body FROM log ORDER BY seq"
_FILES: Final = "SELECT name, content FROM attachment WHERE seq = ? ORDER BY name"
_INSERT: Final = "INSERT INTO log (uid, utc_us, offset_s, day, kind, question, session, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_FIELDS: Final[Mapping[str, tuple[type, ...]]] = {
    "uid": (str,),
    "utc_us": (int,),
    "offset_s": (int,),
    "day": (str,),
    "kind": (str,),
    "question": (str, type(None)),
    "session": (str, type(None)),
    "body": (dict,),
}

_SENSELESS: Final = (KeyError, TypeError, ValueError, AttributeError, OverflowError, AssertionError, sqlite3.IntegrityError)
"""What an event that a program of ours never wrote may raise."""


@dataclass(frozen=True)
class Merged:
    """What reading a file did."""

    added: int
    known: int
    """Events that were there already."""
    drafts: int


def written(db: sqlite3.Connection) -> Iterator[str]:
    """The lines, each with its line end. Runs inside one read transaction of the caller's."""
    yield dumps(HEADER) + "\n"
    for seq, uid, utc_us, offset_s, day, kind, question, session, body in db.execute(_EVENTS):
        line = {"uid": uid, "utc_us": utc_us, "offset_s": offset_s, "day": day, "kind": kind, "question": question}
        files = {name: base64.b64encode(content).decode() for name, content in db.execute(_FILES, (seq,))}
        event = {**line, "session": session, "body": json.loads(body), **({"files": files} if files else {})}
        yield dumps(event) + "\n"
    for question, utc_us, text in db.execute("SELECT question, utc_us, text FROM draft ORDER BY question"):
        yield dumps({"draft": question, "utc_us": utc_us, "text": text}) + "\n"


def merge(db: sqlite3.Connection, lines: Iterable[str]) -> Merged:
    """Add the events and drafts that are not there yet; runs inside the caller's transaction, so a bad line adds nothing.

    Raises `ProgressProblem` with the number of the line.
    """
    added = known = drafts = number = 0
    for number, line in enumerate(lines, start=1):
        entry = _parsed(line, number)
        if number == 1:
            _check_header(entry)
        elif "draft" in entry:
            drafts += _add_draft(db, entry, number)
        elif _add_event(db, _checked(entry, number), number):
            added += 1
        else:
            known += 1
    if number == 0:
        raise ProgressProblem("文件是空的；什么都没有导入")
    if added:
        try:
            derived.rebuild(db)
        except _SENSELESS as error:
            raise ProgressProblem(f"有一条记录的内容不对（{error}）；什么都没有导入") from None
    return Merged(added, known, drafts)


def _parsed(line: str, number: int) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        raise _bad(number, "不是 JSON") from None
    if not isinstance(entry, dict):
        raise _bad(number, "不是 JSON 对象")
    return entry


def _check_header(entry: Mapping[str, Any]) -> None:
    if entry.get("format") != HEADER["format"]:
        raise _bad(1, "这不是 quizapp 导出的 JSONL")
    if entry.get("version") != HEADER["version"]:
        raise _bad(1, f"格式版本 {entry.get('version')}，本版本认识 {HEADER['version']}：请升级 quizapp")


def _checked(entry: dict[str, Any], number: int) -> dict[str, Any]:
    for name, kinds in _FIELDS.items():
        if name not in entry or not isinstance(entry[name], kinds) or isinstance(entry[name], bool):
            raise _bad(number, f"缺少字段 {name}，或类型不对")
    if entry["kind"] not in Kind._value2member_map_:
        raise _bad(number, f"不认识的事件 {entry['kind']}：可能由更新版本写成，请升级 quizapp")
    if unknown := set(entry) - {*_FIELDS, "files"}:
        raise _bad(number, f"多了字段 {'、'.join(sorted(unknown))}")
    return entry


def _add_event(db: sqlite3.Connection, entry: Mapping[str, Any], number: int) -> bool:
    if db.execute("SELECT 1 FROM log WHERE uid = ?", (entry["uid"],)).fetchone():
        return False
    values = [entry[name] for name in _FIELDS if name != "body"]
    body = dumps(entry["body"])
    try:
        _make_sense_of(from_row((0, *values, body)))
        seq = db.execute(_INSERT, (*values, body)).lastrowid
    except _SENSELESS:
        raise _bad(number, f"的 {entry['kind']} 内容不完整，或不对") from None
    for name, content in _files(entry, number).items():
        try:
            db.execute("INSERT INTO attachment VALUES (?, ?, ?)", (seq, name, base64.b64decode(content, validate=True)))
        except (binascii.Error, TypeError, ValueError):
            raise _bad(number, f"附件 {name} 不是 base64") from None
    return True


def _files(entry: Mapping[str, Any], number: int) -> Mapping[str, Any]:
    files = entry.get("files", {})
    if not isinstance(files, dict):
        raise _bad(number, "附件不是 JSON 对象")
    return files


def _make_sense_of(event: Event) -> None:
    """Raise one of `_SENSELESS` for an event that the derived tables could not be worked out from."""
    body = event.body
    match event.kind:
        case Kind.POLICY:
            Policy.from_json(body)
        case Kind.SESSION:
            operator.itemgetter("op", *(("mode", "questions") if body["op"] == "start" else ()))(body)
        case Kind.UNDO:
            operator.itemgetter("target")(body)
        case Kind.OVERRULE:
            operator.itemgetter("answer", "score", "rating")(body)
        case _:
            apply(Standing(event.question or ""), event, Policy())
    if event.kind is Kind.ANSWER:
        operator.itemgetter("text", "points", "mode", "confidence")(body)
        round(body["seconds"])
    elif event.kind is Kind.SUBMISSION:
        operator.itemgetter("filename", "framework", "message")(body)


def _add_draft(db: sqlite3.Connection, entry: Mapping[str, Any], number: int) -> bool:
    """The newer of two drafts stays."""
    question, utc_us, text = entry.get("draft"), entry.get("utc_us"), entry.get("text")
    if not (isinstance(question, str) and isinstance(utc_us, int) and isinstance(text, str)):
        raise _bad(number, "草稿的字段不对")
    row = db.execute("SELECT utc_us FROM draft WHERE question = ?", (question,)).fetchone()
    if row and row[0] >= utc_us:
        return False
    db.execute("INSERT OR REPLACE INTO draft VALUES (?, ?, ?)", (question, utc_us, text))
    return True


def _bad(number: int, what: str) -> ProgressProblem:
    return ProgressProblem(f"第 {number} 行{what}；什么都没有导入")
