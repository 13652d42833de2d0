"""Opening the learner's own editor and coming back."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_KNOWN: Final = ("nvim", "vim", "nano", "vi", "notepad")


def editor_command(wanted: str | None = None, environ: Mapping[str, str] = os.environ) -> list[str]:
    """The command that is set, that of $VISUAL or $EDITOR, else the first well-known terminal editor; empty when there is none."""
    for command in (wanted or "", environ.get("VISUAL", ""), environ.get("EDITOR", "")):
        if command.strip():
            return words(command)
    found = next((path for name in _KNOWN if (path := shutil.which(name, path=environ.get("PATH")))), None)
    return [found] if found else []


def words(command: str) -> list[str]:
    """A command line as its words; where the quotes do not match, at the spaces."""
    try:
        return shlex.split(command, posix=os.name != "nt")
    except ValueError:
        return command.split()


def edit(path: Path, command: list[str]) -> str | None:
    """Run the editor on `path` and wait. Returns a Chinese sentence when it could not be run."""
    try:
        with _interrupts_left_to_it():
            done = subprocess.run([*command, str(path)], check=False)
    except OSError as error:
        return f"打不开编辑器 {command[0]}：{error.strerror or error}。请检查设置里的编辑器或环境变量 EDITOR。"
    return None if done.returncode == 0 else f"编辑器 {command[0]} 以状态 {done.returncode} 结束。"


@contextmanager
def _interrupts_left_to_it() -> Iterator[None]:
    """Ctrl-C goes to every program of the terminal: here it is the editor's, and must not end the app behind it.

    A function that does nothing, not SIG_IGN: the editor would inherit that one.
    """
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
