"""The tables. `log` and `attachment` are the truth and only grow; the rest can be dropped and worked out again from them.

The truth is changed by numbered migrations only. The derived tables have a version of their own: when it differs they are rebuilt.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Final

APPLICATION_ID: Final = 0x51_5A_41_50  # "QZAP"

_LOG_V1: Final = """
CREATE TABLE log (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT,
    uid      TEXT    NOT NULL UNIQUE,
    utc_us   INTEGER NOT NULL,               -- microseconds since 1970, UTC
    offset_s INTEGER NOT NULL,               -- what the learner's clock was ahead of UTC
    day      TEXT    NOT NULL,               -- the learning day it counts for
    kind     TEXT    NOT NULL,
    question TEXT,                           -- id in the bank; kept when the bank drops the question
    session  TEXT,
    body     TEXT    NOT NULL CHECK (json_valid(body))
) STRICT;
CREATE INDEX log_question ON log (question, utc_us, seq) WHERE question IS NOT NULL;
CREATE INDEX log_session ON log (session, seq) WHERE session IS NOT NULL;
CREATE INDEX log_kind ON log (kind, seq);

CREATE TABLE attachment (                    -- what is large and seldom read: sources, reports
    seq     INTEGER NOT NULL REFERENCES log (seq),
    name    TEXT    NOT NULL,
    content BLOB    NOT NULL,
    UNIQUE (seq, name)
) STRICT;

CREATE TRIGGER log_keeps    BEFORE DELETE ON log        BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
CREATE TRIGGER log_stands   BEFORE UPDATE ON log        BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
CREATE TRIGGER files_keep   BEFORE DELETE ON attachment BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
CREATE TRIGGER files_stand  BEFORE UPDATE ON attachment BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;

CREATE TABLE draft (                         -- half-typed answers: overwritten while typing, so not in the log
    question TEXT    PRIMARY KEY,
    utc_us   INTEGER NOT NULL,
    text     TEXT    NOT NULL
) STRICT;

CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""

MIGRATIONS: Final[tuple[str, ...]] = (_LOG_V1,)
"""The n-th script leads from version n-1 to n. One that was released is never changed."""

DERIVED_VERSION: Final = "3"
"""Change it with anything below, or with what `standing.py` works out."""

DERIVED: Final = """
CREATE TABLE standing (
    question     TEXT PRIMARY KEY,
    attempts     INTEGER NOT NULL,
    begun        TEXT,
    last_score   REAL,
    best_score   REAL,
    last_at      TEXT,
    last_rating  INTEGER,
    last_verdict TEXT,
    failed       INTEGER NOT NULL,
    stability    REAL,
    difficulty   REAL,
    reviewed     TEXT,
    reviews      INTEGER NOT NULL,
    lapses       INTEGER NOT NULL,
    due          TEXT,
    forward      TEXT,
    wrong        TEXT,
    right_row    INTEGER NOT NULL,
    favourite    INTEGER NOT NULL,
    suspended    INTEGER NOT NULL,
    met          INTEGER NOT NULL,
    flag         TEXT,
    note         TEXT NOT NULL,
    latest       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX standing_due ON standing (due) WHERE due IS NOT NULL;

CREATE TABLE answer (
    seq        INTEGER PRIMARY KEY,
    question   TEXT    NOT NULL,
    day        TEXT    NOT NULL,
    rating     INTEGER NOT NULL,
    score      REAL,
    ms         INTEGER NOT NULL,
    mode       TEXT    NOT NULL,
    confidence INTEGER,
    overruled  INTEGER NOT NULL
) STRICT;
CREATE INDEX answer_question ON answer (question, seq);
CREATE INDEX answer_overruled ON answer (seq) WHERE overruled;

CREATE TABLE submission (
    seq       INTEGER PRIMARY KEY,
    question  TEXT    NOT NULL,
    day       TEXT    NOT NULL,
    verdict   TEXT    NOT NULL,
    score     REAL    NOT NULL,
    framework TEXT,
    charged   INTEGER NOT NULL
) STRICT;
CREATE INDEX submission_question ON submission (question, seq);

CREATE TABLE day (
    day         TEXT PRIMARY KEY,
    answers     INTEGER NOT NULL,
    recalled    INTEGER NOT NULL,
    submissions INTEGER NOT NULL,
    accepted    INTEGER NOT NULL,
    ms          INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    id       TEXT PRIMARY KEY,
    mode     TEXT    NOT NULL,
    started  INTEGER NOT NULL,
    updated  INTEGER NOT NULL,
    finished INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE undone (uid TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE policy (one INTEGER PRIMARY KEY CHECK (one = 1), body TEXT NOT NULL) STRICT;
"""

DERIVED_TABLES: Final = ("standing", "answer", "submission", "day", "session", "undone", "policy")


def statements(script: str) -> Iterator[str]:
    """The single statements of a script; `sqlite3.executescript` would commit behind our back."""
    gathered = ""
    for line in script.splitlines(keepends=True):
        gathered += line
        if gathered.strip() and sqlite3.complete_statement(gathered):
            yield gathered
            gathered = ""
