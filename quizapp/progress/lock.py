"""One program at a time owns a progress file. The system drops the lock when its holder dies, however it dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from quizapp.problems import reason
from quizapp.progress.problems import ProgressProblem, SecondInstance


class OwnerLock:
    """Held from construction to `release`. Raises `SecondInstance` when another program holds it."""

    def __init__(self, database: Path) -> None:
        path = database.with_name(database.name + ".lock")
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file: IO[str] = path.open("a+", encoding="ascii")
        except OSError as error:
            raise ProgressProblem(f"无法写入 {path.parent}：{reason(error)}；检查权限，或用 QUIZAPP_HOME 换一个位置") from None
        if not _try_lock(self._file):
            self._file.seek(0)
            holder = self._file.read().strip()
            self._file.close()
            who = f"（进程 {holder}）" if holder else ""
            raise SecondInstance(f"quizapp 已经开着{who}：请回到那个窗口，或先关掉它；只读打开不受影响")
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def release(self) -> None:
        """Let others in. The file stays: removing it would let two programs hold two different locks."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.release()


def _try_lock(file: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(1 << 20)  # past the text, so that the holder's number stays readable
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
