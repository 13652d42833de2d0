"""The compiled bank: what loading needs, in one file outside the project, so that YAML is parsed only when something changed.

A header line, the head (topics, outlines, problems: JSON, read at every start), then the parts (search keys and every question, JSON),
each read from its place when somebody asks for it. A damaged, foreign or unwritable cache is as good as none: the bank is read from
its YAML.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

from platformdirs import user_cache_dir

from question_bank.bank import BankProblem, Outline
from question_bank.base import Topic

_FORMAT: Final = 4
_KEYS: Final = "*"
"""The part that holds the search keys; no question can have this id."""


@dataclass(frozen=True)
class Head:
    """What every start needs."""

    topics: tuple[Topic, ...]
    outlines: tuple[Outline, ...]
    problems: tuple[BankProblem, ...]


@dataclass(frozen=True)
class Compiled:
    """A bank ready to be opened. `parts` are JSON: questions by id, and the search keys."""

    head: Head
    parts: Mapping[str, bytes]

    @classmethod
    def of(cls, head: Head, keys: bytes, questions: Mapping[str, bytes]) -> Compiled:
        """Put together what was read from YAML."""
        return cls(head, {_KEYS: keys, **questions})

    def keys(self) -> bytes:
        """The search keys."""
        return self.parts[_KEYS]


class _Stored(Mapping[str, bytes]):
    """Parts in a cache file, by name. What cannot be read as it was written is made anew by `mend`."""

    def __init__(self, file: Path, start: int, table: list[tuple[str, int, int]], mend: Callable[[], Compiled]) -> None:
        offsets = accumulate((length for _, length, _ in table), initial=start)
        self._places = {name: (at, length, check) for at, (name, length, check) in zip(offsets, table, strict=False)}
        self._file = file
        self._mend = mend

    def __getitem__(self, name: str) -> bytes:
        offset, length, checksum = self._places[name]
        with suppress(OSError), self._file.open("rb") as stream:
            stream.seek(offset)
            part = stream.read(length)
            if zlib.crc32(part) == checksum:
                return part
        return self._mended.parts[name]

    @cached_property
    def _mended(self) -> Compiled:
        return self._mend()

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def cache_file(root: Path) -> Path:
    """Where the compiled form of the bank under `root` lies: `$QUIZAPP_CACHE`, else the user's cache folder."""
    folder = Path(os.environ.get("QUIZAPP_CACHE") or user_cache_dir("quizapp"))
    return folder / f"bank-{hashlib.sha256(os.fsencode(root)).hexdigest()[:16]}.cache"


def stamp(root: Path) -> str:
    """A digest that changes when a file of the bank, or the code that reads it, is added, removed or rewritten."""
    states: list[str] = [str(_FORMAT), str(root)]
    for folder in (root / "theory", root / "coding"):
        _gather(str(folder), states)
    for path in (root / "topics.yaml", *sorted(Path(__file__).parent.glob("*.py"))):
        with suppress(OSError):
            status = path.stat()
            states.append(f"{path.name}\0{status.st_size}\0{status.st_mtime_ns}")
    return hashlib.sha256("\n".join(states).encode(errors="surrogateescape")).hexdigest()


def _gather(folder: str, states: list[str]) -> None:
    """Add name, size and time of every file below `folder`, in a fixed order."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:
        return
    states.append(folder)
    for entry in entries:
        if entry.is_dir():
            if not entry.name.startswith((".", "__")):
                _gather(entry.path, states)
        else:
            with suppress(OSError):
                status = entry.stat()
                states.append(f"{entry.name}\0{status.st_size}\0{status.st_mtime_ns}")


def read(root: Path, wanted: str, mend: Callable[[], Compiled]) -> Compiled | None:
    """The cached bank with the stamp `wanted`, or None. `mend` makes it anew, should a part turn out damaged later."""
    file = cache_file(root)
    try:
        with file.open("rb") as stream:
            stamped, length, checksum = json.loads(stream.readline())
            head = stream.read(length)
            start = stream.tell()
        if stamped != wanted or zlib.crc32(head) != checksum:
            return None
        found = json.loads(head)
        return Compiled(_head(found), _Stored(file, start, found["parts"], mend))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _head(found: dict[str, Any]) -> Head:
    """The head as it was written: validated then, vouched for by the checksum now, so that a start builds no validator."""
    columns = dict(zip(Outline._fields, found["outlines"], strict=True))
    for name in ("tags", "requires"):
        columns[name] = list(map(tuple, columns[name]))
    return Head(
        topics=tuple(
            Topic.model_construct(id=name, title=title, prerequisites=tuple(wanted)) for name, title, wanted in found["topics"]
        ),
        outlines=tuple(map(Outline._make, zip(*columns.values(), strict=True))),
        problems=tuple(BankProblem.model_construct(**problem) for problem in found["problems"]),
    )


def write(root: Path, wanted: str, compiled: Compiled) -> None:
    """Keep `compiled` under the stamp `wanted`. A cache that cannot be written is not worth a message."""
    contents = {
        "topics": [(topic.id, topic.title, topic.prerequisites) for topic in compiled.head.topics],
        "problems": [problem.model_dump() for problem in compiled.head.problems],
        "outlines": [[outline[place] for outline in compiled.head.outlines] for place in range(len(Outline._fields))],
        "parts": [(name, len(part), zlib.crc32(part)) for name, part in compiled.parts.items()],
    }
    head = json.dumps(contents, ensure_ascii=False).encode()
    header = json.dumps((wanted, len(head), zlib.crc32(head))).encode()
    file = cache_file(root)
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        _replace(file, b"".join((header, b"\n", head, *compiled.parts.values())))


def _replace(file: Path, content: bytes) -> None:
    """Write beside the file and rename, so that a reader or a crash never meets half of it."""
    handle, name = tempfile.mkstemp(prefix=file.name, dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        os.replace(name, file)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise
