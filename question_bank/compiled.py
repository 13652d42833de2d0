"""The compiled bank: what loading needs, in one file outside the project, so that YAML is parsed only when something changed.

Lines of JSON: a header, the head (topics, outlines, problems), the search keys, then a question each. The head is read at once; the rest
is kept as bytes until somebody asks. A damaged, foreign or unwritable cache is as good as none: the bank is read from its YAML.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from platformdirs import user_cache_dir
from pydantic import ValidationError

from question_bank.bank import BankProblem, Outline
from question_bank.models import Model, Topic

_FORMAT: Final = 1


class Head(Model):
    """What every start needs."""

    topics: tuple[Topic, ...]
    outlines: tuple[Outline, ...]
    problems: tuple[BankProblem, ...]


class _Header(Model):
    stamp: str
    checksum: int


@dataclass(frozen=True)
class Compiled:
    """A bank ready to be opened. `keys` and the values of `questions` are JSON."""

    head: Head
    keys: bytes
    questions: Mapping[str, bytes]


def cache_file(root: Path) -> Path:
    """Where the compiled form of the bank under `root` lies: `$QUIZAPP_CACHE`, else the user's cache folder."""
    folder = Path(os.environ.get("QUIZAPP_CACHE") or user_cache_dir("quizapp"))
    return folder / f"bank-{hashlib.sha256(os.fsencode(root)).hexdigest()[:16]}.jsonl"


def stamp(root: Path) -> str:
    """A digest that changes when a file of the bank, or the code that reads it, is added, removed or rewritten."""
    digest = hashlib.sha256(f"{_FORMAT}\0{root}".encode())
    for folder in (root / "theory", root / "coding"):
        for line in sorted(_states(folder)):
            digest.update(line)
    for path in (root / "topics.yaml", *sorted(Path(__file__).parent.glob("*.py"))):
        with suppress(OSError):
            digest.update(_state(path.name, path.stat()))
    return digest.hexdigest()


def _states(folder: Path) -> Iterator[bytes]:
    """Name, size and time of every file below `folder`."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=True):
                if not entry.name.startswith((".", "__")):
                    yield from _states(Path(entry.path))
            elif not entry.name.endswith(".pyc"):
                with suppress(OSError):
                    yield _state(entry.path, entry.stat())


def _state(name: str, status: os.stat_result) -> bytes:
    return f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode(errors="surrogateescape")


def read(root: Path, wanted: str) -> Compiled | None:
    """The cached bank with the stamp `wanted`, or None."""
    try:
        raw = cache_file(root).read_bytes()
        first, _, body = raw.partition(b"\n")
        header = _Header.model_validate_json(first)
        if header.stamp != wanted or header.checksum != zlib.crc32(body):
            return None
        head, keys, *questions = body.split(b"\n")
        outlines = Head.model_validate_json(head)
        ids = (outline.id for outline in outlines.outlines)
        return Compiled(outlines, keys, dict(zip(ids, questions, strict=True)))
    except (OSError, ValueError, ValidationError):
        return None


def write(root: Path, wanted: str, compiled: Compiled) -> None:
    """Keep `compiled` under the stamp `wanted`. A cache that cannot be written is not worth a message."""
    head = compiled.head.model_dump_json().encode()
    body = b"\n".join((head, compiled.keys, *compiled.questions.values()))
    header = _Header(stamp=wanted, checksum=zlib.crc32(body)).model_dump_json().encode()
    file = cache_file(root)
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        _replace(file, header + b"\n" + body)


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
