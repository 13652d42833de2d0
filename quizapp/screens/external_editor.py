"""Opening the learner's own editor and coming back."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Final

_KNOWN: Final = ("nvim", "vim", "nano", "vi", "notepad")


def editor_command(environ: dict[str, str] | None = None) -> list[str]:
    """The command of $VISUAL or $EDITOR, else the first well-known terminal editor; empty when there is none."""
    environ = dict(os.environ) if environ is None else environ
    for name in ("VISUAL", "EDITOR"):
        if command := environ.get(name, "").strip():
            return shlex.split(command, posix=os.name != "nt")
    found = next((path for name in _KNOWN if (path := shutil.which(name, path=environ.get("PATH")))), None)
    return [found] if found else []


def edit(path: Path, command: list[str]) -> str | None:
    """Run the editor on `path` and wait. Returns a Chinese sentence when it could not be run."""
    try:
        done = subprocess.run([*command, str(path)], check=False)
    except OSError as error:
        return f"打不开编辑器 {command[0]}：{error.strerror or error}。请检查环境变量 EDITOR。"
    return None if done.returncode == 0 else f"编辑器 {command[0]} 以状态 {done.returncode} 结束。"
