"""Loading the bank: find the files, read what changed, keep the rest compiled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from question_bank.bank import Bank, BankProblem, Outline, Shelf
from question_bank.models import Question
from question_bank.reading import Reader

__all__ = ["Bank", "BankProblem", "Outline", "load_bank"]

ROOT: Final = Path(__file__).resolve().parent


def load_bank(root: Path | None = None, *, cache: bool = True) -> Bank:  # noqa: ARG001
    """The bank under `root` (the installed one by default). Never raises for what its files contain: see `Bank.problems`."""
    root = (root or ROOT).resolve()
    reader = Reader(root)
    topics = reader.topics(root / "topics.yaml")
    order = {topic.id: place for place, topic in enumerate(topics)}
    read = list(_distinct(reader, root))
    read.sort(key=lambda found: (order.get(found[1].topic, len(order)), found[1].type == "coding"))
    return Bank(
        root=root,
        topics=topics,
        outlines=tuple(_outline(root, path, question) for path, question in read),
        problems=tuple(reader.problems),
        shelf=Shelf({question.id: question.model_dump_json().encode() for _, question in read}),
    )


def question_files(root: Path) -> Iterator[Path]:
    """All files that hold a question, sorted; a coding folder without problem.yaml counts, for it should have one."""
    yield from sorted((root / "theory").glob("*/*.yaml"))
    folders = (path for path in (root / "coding").glob("*/*") if path.is_dir() and not path.name.startswith(("_", ".")))
    yield from sorted(folder / "problem.yaml" for folder in folders)


def _distinct(reader: Reader, root: Path) -> Iterator[tuple[Path, Question]]:
    """Questions that could be read; of two with one id the second is refused."""
    seen: dict[str, Path] = {}
    for path in question_files(root):
        question = reader.question(path)
        if question is None:
            continue
        if question.id in seen:
            first = seen[question.id].relative_to(root).as_posix()
            reader.refuse(path, "id", question.id, f"id {question.id} 已被 {first} 用过：给这道题换一个")
            continue
        seen[question.id] = path
        yield path, question


def _outline(root: Path, path: Path, question: Question) -> Outline:
    shared = {name: getattr(question, name) for name in Outline.model_fields if name != "file"}
    return Outline(file=path.relative_to(root).as_posix(), **shared)
