"""Reading the learner's file: compile, run as a module, find the entry points; turn exceptions into plain data."""

from __future__ import annotations

import difflib
import importlib.abc
import inspect
import linecache
import re
import sys
import textwrap
import traceback
import types
from typing import Any

MODULE = "submission"
_MESSAGE_LIMIT = 4000
_TEXT_LIMIT = 1 << 16  # of which what stands before the message is cut


class EntryProblem(Exception):
    """An entry point is missing or takes the wrong arguments; `data` says which."""

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__(data["kind"])
        self.data = data


class _InMemory(importlib.abc.InspectLoader):
    """Where the text of the learner's module is, for whoever looks again: AutoGraph throws away what linecache knows and asks the loader."""

    def __init__(self, source: str) -> None:
        self._source = source

    def get_source(self, fullname: str) -> str:
        return self._source


def run_source(source: str, filename: str, name: str = MODULE) -> types.ModuleType:
    """Execute the learner's file as module `name` (a script runs as `__main__`). Whatever it raises passes through."""
    module = types.ModuleType(name)
    module.__file__ = filename
    module.__loader__ = _InMemory(source)
    sys.modules[name] = module
    sys.argv = [filename]  # as `python FILE` would have it: argparse reads this
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
    message = _text(error)
    frames = [*_frames(error, filename), *_traced_frames(message, filename)][-8:]
    said = _without_trace(message)[:_MESSAGE_LIMIT]
    data: dict[str, Any] = {"type": type(error).__name__[:200], "message": said, "frames": frames}
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
        return str(error)[:_TEXT_LIMIT]
    except BaseException:
        return "<异常的 __str__ 也抛出了异常>"


def _frames(error: BaseException, filename: str) -> list[dict[str, Any]]:
    frames = traceback.extract_tb(error.__traceback__, limit=-60)
    own = [f for f in frames if f.filename == filename]
    return [{"line": f.lineno or 0, "function": f.name[:100], "text": (f.line or "")[:300]} for f in own]


# What AutoGraph has converted runs from a file of its own; the learner's lines are in the message only, each with a star.
_TRACED = re.compile(
    r'^ *File "(?P<file>[^"\n]*)", line (?P<line>\d{1,7}), in (?P<function>\S+) +\*\n *(?P<text>.*)$', re.MULTILINE
)
_GRAPH_TRACE = re.compile(r'\A.*^ *File "[^"\n]*", line \d+, in [^\n]*$', re.DOTALL | re.MULTILINE)
_TRACE = re.compile(r"\Ain user code:\n.*^ {4}\w+: ", re.DOTALL | re.MULTILINE)


def _traced_frames(message: str, filename: str) -> list[dict[str, Any]]:
    own = (match for match in _TRACED.finditer(message) if match["file"] == filename)
    return [{"line": int(m["line"]), "function": m["function"][:100], "text": m["text"].strip()[:300]} for m in own]


def _without_trace(message: str) -> str:
    """What went wrong, without the frames that TensorFlow puts before it: most of them are its own and ours."""
    if message.startswith("in user code:"):
        return textwrap.dedent(_TRACE.sub("", message)).strip()
    return _GRAPH_TRACE.sub("", message).strip() if message.startswith("Graph execution error:") else message
