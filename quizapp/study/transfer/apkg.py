"""Notes of an Anki package (.apkg) as drafts. The package is a zip from somewhere: sizes are bounded, nothing is extracted by name."""

from __future__ import annotations

import html
import json
import re
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from quizapp.problems import UsageProblem, reason
from quizapp.study.transfer.drafts import Draft

_COLLECTIONS: Final = ("collection.anki21", "collection.anki2")
_MOST_BYTES: Final = 256 << 20
_BREAKS: Final = re.compile(r"<\s*(?:br|/p|/div|/li|/tr|hr)\b[^>]*>", re.IGNORECASE)
_ITEMS: Final = re.compile(r"<\s*li\b[^>]*>", re.IGNORECASE)
_CODE: Final = re.compile(r"<\s*pre\b[^>]*>(.*?)<\s*/\s*pre\s*>", re.IGNORECASE | re.DOTALL)
_MEDIA: Final = re.compile(r"<img[^>]*>|\[sound:[^\]]*\]", re.IGNORECASE)
_TAGS: Final = re.compile(r"<[^>]+>")
_CLOZE: Final = re.compile(r"\{\{c\d+::(.*?)(?:::.*?)?\}\}", re.DOTALL)


def read_apkg(path: Path) -> list[Draft]:
    """The notes; of each the first field asks and the others answer. Raises `UsageProblem`."""
    try:
        with zipfile.ZipFile(path) as package:
            names = set(package.namelist())
            found = next((name for name in _COLLECTIONS if name in names), None)
            if found is None:
                raise UsageProblem(_missing(path, names))
            if package.getinfo(found).file_size > _MOST_BYTES:
                raise UsageProblem(f"{path} 里的牌组超过 {_MOST_BYTES >> 20} MiB：请在 Anki 里分批导出")
            content = package.read(found)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
        raise UsageProblem(f"{path} 不是 .apkg 文件（它应是一个 zip）") from None
    except OSError as error:
        raise UsageProblem(f"读不了 {path}：{reason(error)}") from None
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "collection.db"
        database.write_bytes(content)
        return list(_notes(database, path))


def _missing(path: Path, names: set[str]) -> str:
    if "collection.anki21b" in names:
        return f"{path} 是新的压缩格式：在 Anki 导出时勾选“支持较旧的 Anki 版本”再导入"
    return f"{path} 里没有 Anki 牌组"


def _notes(database: Path, path: Path) -> Iterator[Draft]:
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        for fields, tags, guid in db.execute("SELECT flds, tags, guid FROM notes ORDER BY id"):
            yield from _note([as_text(field) for field in fields.split("\x1f")], tags, guid)
    except (sqlite3.DatabaseError, json.JSONDecodeError):
        raise UsageProblem(f"{path} 里的牌组读不出来：文件可能损坏") from None
    finally:
        db.close()


def _note(fields: list[str], tags: str, guid: str) -> Iterator[Draft]:
    question, *rest = fields
    answer = "\n\n".join(part for part in rest if part)
    if hidden := _CLOZE.findall(question):
        answer = "\n\n".join([_CLOZE.sub(r"\1", question), answer]).strip()
        question = _CLOZE.sub("____", question)
        answer += "\n\n" + "\n".join(f"- {text}" for text in hidden)
    if question:
        yield Draft(
            question, answer, tags=tuple(tag.replace("_", " ") for tag in tags.split() if "::" not in tag), guid=str(guid)
        )


def as_text(field: str) -> str:
    """A field's HTML as Markdown of the plainest kind. Pictures and sounds are left out."""
    text = _CODE.sub(lambda match: "\n```text\n" + _TAGS.sub("", _BREAKS.sub("\n", match[1])).strip("\n") + "\n```\n", field)
    text = _MEDIA.sub("", text)
    text = _ITEMS.sub("\n- ", _BREAKS.sub("\n", text))
    text = html.unescape(_TAGS.sub("", text)).replace("\u00a0", " ")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()
