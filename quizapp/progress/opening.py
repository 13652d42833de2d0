"""Opening the progress file: who owns it, whether it is sound, and bringing an older one up to date."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Literal, TypeAlias
from urllib.parse import quote

from quizapp.problems import reason
from quizapp.progress import backups
from quizapp.progress.derived import rebuild
from quizapp.progress.problems import Damaged, NewerSchema, OlderSchema, ProgressProblem, translated
from quizapp.progress.schema import APPLICATION_ID, DERIVED_VERSION, MIGRATIONS, statements

Mode: TypeAlias = Literal["owner", "guest", "read"]
"""`owner`: the one program the learner sits at. `guest`: a short command beside it, which adds whole events only, so the two
cannot harm each other. `read`: changes nothing."""

LARGE: Final = 32 << 20
"""Bytes; the check of a smaller file is not noticed."""

_WAIT_S: Final = 15.0


def connect(path: Path, mode: Mode) -> sqlite3.Connection:
    """A connection to a sound, current database. Raises `ProgressProblem`."""
    try:
        if mode == "read":
            return _connect_reading(path)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        db = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise translated(error, path) from None
    except OSError as error:
        raise ProgressProblem(f"无法创建 {path.parent}：{reason(error)}；可用环境变量 QUIZAPP_HOME 换一个位置") from None
    try:
        prepare(db, path)
    except sqlite3.Error as error:
        db.close()
        raise translated(error, path) from None
    except ProgressProblem:
        db.close()
        raise
    return db


def prepare(db: sqlite3.Connection, path: Path) -> None:
    """Settings, checks, migrations and derived tables of a connection that may write."""
    refuse_foreign(db, path)
    db.execute("PRAGMA journal_mode = WAL")
    # FULL syncs the log at every commit: an answer survives a power cut too. A learner commits a few times a minute.
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA foreign_keys = ON")
    if is_checked_first(path):
        check(db, path)
    migrate(db, path)
    if _derived_version(db) != DERIVED_VERSION:
        with transaction(db):
            rebuild(db)


def _connect_reading(path: Path) -> sqlite3.Connection:
    if not path.exists():
        raise ProgressProblem(f"还没有进度库 {path}：先运行 quizapp 作答一题")
    db = _open_to_look_at(path)
    refuse_foreign(db, path)
    if db.execute("PRAGMA user_version").fetchone()[0] < len(MIGRATIONS) or _derived_version(db) != DERIVED_VERSION:
        db.close()
        raise OlderSchema(f"{path} 是旧版本的进度库：先正常打开一次 quizapp 让它升级，再只读打开")
    return db


def _open_to_look_at(path: Path) -> sqlite3.Connection:
    db = _open_uri(path, "mode=ro")
    try:
        db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        return db
    except sqlite3.OperationalError:
        # A WAL database wants to create its index file beside it; on a read-only medium nobody writes, so it may be skipped.
        db.close()
        return _open_uri(path, "mode=ro&immutable=1")


def _open_uri(path: Path, query: str) -> sqlite3.Connection:
    uri = f"file:{quote(str(path.absolute()))}?{query}"
    return sqlite3.connect(uri, uri=True, timeout=_WAIT_S, isolation_level=None, check_same_thread=False)


def refuse_foreign(db: sqlite3.Connection, path: Path, newest: int = len(MIGRATIONS)) -> None:
    """Raise when the file is not ours to write: another program's, or a later version's."""
    owner = db.execute("PRAGMA application_id").fetchone()[0]
    version = db.execute("PRAGMA user_version").fetchone()[0]
    empty = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
    if owner != APPLICATION_ID and not empty:
        raise ProgressProblem(f"{path} 不是 quizapp 的进度库：换一个位置（QUIZAPP_HOME），或移走这个文件")
    if version > newest:
        raise NewerSchema(
            f"{path} 由更新版本的 quizapp 写成（格式 {version}，本版本认识到 {newest}）：请升级 quizapp，文件未改动"
        )


def is_checked_first(path: Path) -> bool:
    """Whether the file is looked through before anything else: always while that takes no time, and after a crash.

    A large file that was closed properly is looked through by its owner in the background, and before it is copied to a backup.
    """
    log = path.with_name(path.name + "-wal")
    crashed = log.exists() and log.stat().st_size > 0
    return crashed or not path.exists() or path.stat().st_size < LARGE


def check(db: sqlite3.Connection, path: Path) -> None:
    """Raise `Damaged` unless pages and references are sound."""
    found = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise translated(sqlite3.DatabaseError("malformed"), path)
    if broken := db.execute("PRAGMA foreign_key_check").fetchone():
        raise Damaged(f"{path} 里 {broken[0]} 表的第 {broken[1]} 行失去了它的日志：运行 quizapp doctor --restore 从备份恢复")


def inspect(path: Path) -> None:
    """`check` on a connection of its own. Raises `ProgressProblem`."""
    try:
        with contextlib.closing(_open_to_look_at(path)) as db:
            check(db, path)
    except sqlite3.Error as error:
        raise translated(error, path) from None


def migrate(db: sqlite3.Connection, path: Path, migrations: Sequence[str] = MIGRATIONS) -> Path | None:
    """Bring the schema up to date, one number at a time; the backup made before, if there was anything to lose."""
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version == len(migrations):
        return None
    backup = None
    if version > 0:
        backup = backups.folder(path) / f"before-v{len(migrations)}-from-v{version}.db"
        backups.copy(path, backup)
    for number in range(version + 1, len(migrations) + 1):
        with transaction(db):
            if db.execute("PRAGMA user_version").fetchone()[0] >= number:
                continue  # another program was faster
            for statement in statements(migrations[number - 1]):
                db.execute(statement)
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {number}")
    return backup


def _derived_version(db: sqlite3.Connection) -> str | None:
    row = db.execute("SELECT value FROM meta WHERE name = 'derived'").fetchone()
    return row[0] if row else None


@contextlib.contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, begun as a writer so that two programs queue instead of failing half-way."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
