"""Emptying a folder that a submission has written to: locked, endlessly deep or strangely named, it goes. Stdlib only.

Nothing here follows a symbolic link, recurses, or builds a long path: a folder inside a folder is first moved up to the top.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat


def empty(folder: str | os.PathLike[str]) -> bool:
    """Remove everything inside. The submission's processes must have ended. False when something would not go."""
    top = os.fsencode(folder)
    prefix = secrets.token_hex(8).encode()
    count = 0
    try:
        while entries := _entries(top):
            for path in entries:
                if not _is_folder(path):
                    os.unlink(path)
                    continue
                for inner in _entries(path):
                    count += 1
                    _lift(inner, os.path.join(top, b".%s.%d" % (prefix, count)))
                os.rmdir(path)
    except OSError:
        return False
    return True


def remove(folder: str | os.PathLike[str]) -> bool:
    """The folder itself, too."""
    done = empty(folder)
    with contextlib.suppress(OSError):
        os.rmdir(folder)
    return done and not os.path.lexists(folder)


def _lift(path: bytes, target: bytes) -> None:
    """Up to the top when it is a folder, away when it is anything else. A folder can only be moved by who may write to it."""
    if not _is_folder(path):
        os.unlink(path)
        return
    os.chmod(path, stat.S_IRWXU)
    os.rename(path, target)


def _entries(folder: bytes) -> list[bytes]:
    """What is inside, after unlocking it where it is ours to unlock."""
    with contextlib.suppress(PermissionError):
        os.chmod(folder, stat.S_IRWXU)
    return [os.path.join(folder, name) for name in os.listdir(folder)]


def _is_folder(path: bytes) -> bool:
    return stat.S_ISDIR(os.lstat(path).st_mode)
