"""Looking after the progress file while the learner already works: the check of a large file, and the day's backup."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path

from quizapp.problems import reason
from quizapp.progress import backups
from quizapp.progress.opening import inspect
from quizapp.progress.problems import ProgressProblem


class Care:
    """Runs once in the background, on connections of its own. A damaged file is never copied over good backups."""

    def __init__(self, path: Path, day: dt.date, *, checked: bool) -> None:
        self.trouble = ""
        """What was found wrong: the file is damaged, or today's copy could not be made."""
        self._path, self._day, self._checked = path, day, checked
        self._thread = threading.Thread(target=self._run, name="care", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            if not self._checked:
                inspect(self._path)
            backups.rotate(self._path, self._day)
        except ProgressProblem as problem:
            self.trouble = str(problem)
        except OSError as error:
            self.trouble = f"今天的备份没有做成：{reason(error)}"

    def wait(self) -> None:
        """Until it is through."""
        self._thread.join()
