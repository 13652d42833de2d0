"""Landlock through its three system calls: which paths this process may still touch, and whom it may still signal. Stdlib only.

Source: the kernel's `Documentation/userspace-api/landlock.rst` (ABI 1 to 7).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
from collections.abc import Iterable

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446  # the same on every architecture
# fmt: off
_NAMES = (
    "EXECUTE", "WRITE_FILE", "READ_FILE", "READ_DIR", "REMOVE_DIR", "REMOVE_FILE", "MAKE_CHAR", "MAKE_DIR", "MAKE_REG", "MAKE_SOCK",
    "MAKE_FIFO", "MAKE_BLOCK", "MAKE_SYM", "REFER", "TRUNCATE", "IOCTL_DEV",
)
# fmt: on
_RIGHT = {name: 1 << bit for bit, name in enumerate(_NAMES)}
_COUNT_BY_ABI = {1: 13, 2: 14, 3: 15, 4: 15}
_READ = _RIGHT["READ_FILE"] | _RIGHT["READ_DIR"] | _RIGHT["EXECUTE"]
_FILE_ONLY = sum(_RIGHT[name] for name in ("EXECUTE", "WRITE_FILE", "READ_FILE", "TRUNCATE", "IOCTL_DEV"))
_NOT_IN_SCRATCH = sum(_RIGHT[name] for name in ("MAKE_CHAR", "MAKE_BLOCK", "IOCTL_DEV", "EXECUTE"))
_DEVICE = _RIGHT["READ_FILE"] | _RIGHT["WRITE_FILE"] | _RIGHT["IOCTL_DEV"]


def abi() -> int:
    """The kernel's Landlock version; 0 without it. Asked by the call itself: lists under /sys are known to lie."""
    libc = ctypes.CDLL(None, use_errno=True)
    return max(0, int(libc.syscall(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint(1))))


def restrict(*, read: Iterable[str], write: Iterable[str], devices: Iterable[str] = ()) -> int:
    """Only these paths from now on, no TCP (ABI 4), no signal or abstract socket to the outside (ABI 6). Returns the ABI used.

    Paths that do not exist are passed over. Raises `OSError` when the kernel refuses.
    """
    version = abi()
    if not version:
        return 0
    handled = (1 << _COUNT_BY_ABI.get(version, 16)) - 1
    ruleset = _create(handled, version)
    for paths, access in ((read, _READ), (write, handled & ~_NOT_IN_SCRATCH), (devices, _DEVICE)):
        for path in paths:
            _allow(ruleset, path, access & handled)
    libc = ctypes.CDLL(None, use_errno=True)
    _checked(libc.prctl(38, 1, 0, 0, 0), "no_new_privs")
    _checked(libc.syscall(_RESTRICT, ruleset, ctypes.c_uint(0)), "landlock_restrict_self")
    os.close(ruleset)
    return version


def _create(handled: int, version: int) -> int:
    network = 3 if version >= 4 else 0
    scope = 3 if version >= 6 else 0
    attributes = struct.pack("=QQQ", handled, network, scope)[: 8 if version < 4 else 16 if version < 6 else 24]
    buffer = ctypes.create_string_buffer(attributes, len(attributes))
    libc = ctypes.CDLL(None, use_errno=True)
    return _checked(
        libc.syscall(_CREATE, buffer, ctypes.c_size_t(len(attributes)), ctypes.c_uint(0)), "landlock_create_ruleset"
    )


def _allow(ruleset: int, path: str, access: int) -> None:
    with contextlib.suppress(FileNotFoundError, PermissionError, NotADirectoryError):
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            granted = access if os.path.isdir(path) else access & _FILE_ONLY
            rule = ctypes.create_string_buffer(struct.pack("=Qi", granted, fd), 12)
            libc = ctypes.CDLL(None, use_errno=True)
            _checked(libc.syscall(_ADD_RULE, ruleset, 1, rule, ctypes.c_uint(0)), f"landlock_add_rule {path}")
        finally:
            os.close(fd)


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result
