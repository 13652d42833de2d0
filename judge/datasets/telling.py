"""What a person sees while data is fetched: lines on stderr, and on a terminal one line that changes in place."""

from __future__ import annotations

import sys
from typing import IO


class Telling:
    """Writes to `stream`, standard error unless told otherwise."""

    def __init__(self, stream: IO[str] | None = None) -> None:
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()

    def line(self, text: str) -> None:
        """A line that stays."""
        self._write(f"{self._erase()}{text}\n")

    def passing(self, text: str) -> None:
        """A line that the next one replaces; only where somebody watches."""
        if self._live:
            self._write(f"{self._erase()}{text}")

    def _erase(self) -> str:
        return "\r\033[K" if self._live else ""

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
