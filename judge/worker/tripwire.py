"""The run-time half of a problem's rules: forbidden functions are wrapped, and note when the learner's own code calls them.

A library that calls one for its own purposes is not the learner's doing, so only the direct caller counts: any code that is no file of an
installed library, which takes in what `exec` made of a string.
"""

from __future__ import annotations

import functools
import importlib
import os
import sys
import sysconfig
from collections.abc import Callable, Iterable
from typing import Any

_LIBRARIES = (
    *(sysconfig.get_paths()[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")),
    os.path.dirname(__file__),  # the worker itself differentiates on the grader's behalf
)


class Tripwire:
    """Wraps the forbidden names; `tripped` lists those that were called."""

    def __init__(self, filename: str) -> None:
        self._filename = filename
        self.tripped: list[str] = []

    def arm(self, names: Iterable[str]) -> None:
        """Wrap every name that exists in this process."""
        for name in names:
            owner, attribute = _resolve(name)
            if owner is None:
                continue
            target = getattr(owner, attribute)
            if isinstance(target, type):
                target.__init__ = self._watched(target.__init__, name)  # type: ignore[misc]
            elif callable(target):
                setattr(owner, attribute, self._watched(target, name))

    def _watched(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        @functools.wraps(function)
        def watched(*args: Any, **kwargs: Any) -> Any:
            caller = sys._getframe(1).f_code.co_filename
            if name not in self.tripped and (caller == self._filename or not caller.startswith(_LIBRARIES)):
                self.tripped.append(name)
            return function(*args, **kwargs)

        return watched


def _resolve(name: str) -> tuple[Any, str]:
    """The object that holds the last part of a dotted name, or None.

    Only inside packages that are loaded already: arming a rule of the other framework must not import it on the learner's clock.
    """
    parts = name.split(".")
    if parts[0] not in sys.modules:
        return None, ""
    for cut in range(len(parts) - 1, 0, -1):
        try:
            owner: Any = importlib.import_module(".".join(parts[:cut]))
        except ImportError:
            continue
        for part in parts[cut:-1]:
            owner = getattr(owner, part, None)
        return (owner, parts[-1]) if owner is not None and hasattr(owner, parts[-1]) else (None, "")
    return None, ""
