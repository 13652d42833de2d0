"""JSON schemas of the bank's files, for editors that complete and check YAML while it is typed. Generated, committed, kept fresh by a test."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from question_bank.models import Coding, Theory, Topic

FOLDER: Final = Path(__file__).resolve().parent / "schema"
_BESIDE: Final = ("statement", "hints", "starters")


def schemas() -> dict[str, str]:
    """File name to content: one schema for theory files, one for problem.yaml, one for topics.yaml."""
    coding = TypeAdapter(Coding).json_schema()
    for name in _BESIDE:  # files of their own, see `reading`
        del coding["properties"][name]
    return {
        "theory.schema.json": _text("理论题", TypeAdapter(Theory).json_schema()),
        "problem.schema.json": _text("编程题", coding),
        "topics.schema.json": _text("主题树", TypeAdapter(tuple[Topic, ...]).json_schema()),
    }


def write(folder: Path = FOLDER) -> list[Path]:
    """Write all schemas into `folder`; which files were written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in schemas().items():
        path = folder / name
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def _text(title: str, schema: dict[str, Any]) -> str:
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    return (
        json.dumps(head | {key: value for key, value in schema.items() if key != "title"}, ensure_ascii=False, indent=2) + "\n"
    )
