"""Reading the learner's file: compile, run as a module, find the entry points; turn exceptions into plain data."""

from __future__ import annotations

import difflib
import inspect
import linecache
import sys
import traceback
import types
from typing import Any

MODULE = "submission"
_MESSAGE_LIMIT = 4000


class EntryProblem(Exception):
    """An entry point is missing or takes the wrong arguments; `data` says which."""

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__(data["kind"])
        self.data = data


def run_source(source: str, filename: str, name: str = MODULE) -> types.ModuleType:
    """Execute the learner's file as module `name` (a script runs as `__main__`). Whatever it raises passes through."""
    module = types.ModuleType(name)
    module.__file__ = filename
    sys.modules[name] = module
    # Tracebacks, inspect.getsource, tf.function and torch.compile all ask linecache for the text; there is no file to read.
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    code = compile(source, filename, "exec", dont_inherit=True)
    exec(code, module.__dict__)  # noqa: S102  running the learner's code is what this process is for
    return module


def find_entries(module: types.ModuleType, entries: list[dict[str, Any]]) -> dict[str, Any]:
    """The entry points by name. Raises `EntryProblem` with the nearest name found, or with the two signatures."""
    found = {}
    for entry in entries:
        name = entry["name"]
        target = getattr(module, name, None)
        if not callable(target):
            raise EntryProblem(
                {"kind": "missing", "name": name, "similar": _similar(module, name), "found": _public(module)[:12]}
            )
        _check_signature(target, entry)
        found[name] = target
    return found


def _check_signature(target: Any, entry: dict[str, Any]) -> None:
    try:
        signature = inspect.signature(target)
    except (TypeError, ValueError):
        return
    try:
        signature.bind(*range(entry["arguments"]))
    except TypeError:
        raise EntryProblem({"kind": "signature", "name": entry["name"], "found": f"{entry['name']}{signature}"[:200]}) from None


def _public(module: types.ModuleType) -> list[str]:
    return [
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and callable(value) and getattr(value, "__module__", None) == MODULE
    ]


def _similar(module: types.ModuleType, name: str) -> str | None:
    close = difflib.get_close_matches(name.lower(), [n.lower() for n in _public(module)], n=1, cutoff=0.5)
    return next((n for n in _public(module) if close and n.lower() == close[0]), None)


def describe(error: BaseException, filename: str) -> dict[str, Any]:
    """An exception as data: type, message, and the learner's own frames only (innermost last)."""
    if isinstance(error, EntryProblem):
        return {"entry": error.data}
    data: dict[str, Any] = {"type": type(error).__name__[:200], "message": _text(error), "frames": _frames(error, filename)}
    if isinstance(error, SyntaxError):
        data["syntax"] = {
            "line": error.lineno or 0,
            "text": (error.text or "").rstrip()[:300],
            "own": error.filename == filename,
        }
    if isinstance(error, ImportError):
        data["module"] = str(error.name or "")[:200]
    return data


def _text(error: BaseException) -> str:
    try:
        return str(error)[:_MESSAGE_LIMIT]
    except BaseException:
        return "<异常的 __str__ 也抛出了异常>"


def _frames(error: BaseException, filename: str) -> list[dict[str, Any]]:
    frames = traceback.extract_tb(error.__traceback__, limit=-60)
    own = [f for f in frames if f.filename == filename]
    return [{"line": f.lineno or 0, "function": f.name[:100], "text": (f.line or "")[:300]} for f in own[-8:]]
