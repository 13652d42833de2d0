"""Loading the bank: take the compiled one if nothing changed, else read all files and compile them anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from question_bank import compiled as compiling
from question_bank.bank import Bank, BankProblem, Outline, Shelf
from question_bank.compiled import Compiled, Head
from question_bank.search import prepare

if TYPE_CHECKING:
    from question_bank.models import Question
    from question_bank.reading import Reader

__all__ = ["Bank", "BankProblem", "Outline", "load_bank"]

ROOT: Final = Path(__file__).resolve().parent


def load_bank(root: Path | None = None, *, cache: bool = True) -> Bank:
    """The bank under `root` (the installed one by default). Never raises for what its files contain: see `Bank.problems`."""
    root = (root or ROOT).resolve()
    found = _cached(root) if cache else compile_bank(root)
    head = found.head
    shelf = Shelf([outline.id for outline in head.outlines], found.parts)
    return Bank(root, head.topics, head.outlines, head.problems, shelf, found.keys)


def _cached(root: Path) -> Compiled:
    stamp = compiling.stamp(root)

    def anew() -> Compiled:
        found = compile_bank(root)
        compiling.write(root, stamp, found)
        return found

    return compiling.read(root, stamp, mend=anew) or anew()


def compile_bank(root: Path) -> Compiled:
    """Read every file under `root`."""
    from question_bank.reading import Reader  # brings PyYAML, which a start from the cache does without

    reader = Reader(root)
    topics = reader.topics(root / "topics.yaml")
    order = {topic.id: place for place, topic in enumerate(topics)}
    read = list(_distinct(reader, root))
    read.sort(key=lambda found: (order.get(found[1].topic, len(order)), found[1].type == "coding"))
    questions = [question for _, question in read]
    outlines = tuple(_outline(root, path, question) for path, question in read)
    return Compiled.of(
        head=Head(topics=topics, outlines=outlines, problems=tuple(reader.problems)),
        keys=prepare(questions, {topic.id: topic.title for topic in topics}).model_dump_json().encode(),
        questions={question.id: question.model_dump_json().encode() for question in questions},
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
    return Outline(
        id=question.id,
        type=question.type,
        title=question.title,
        topic=question.topic,
        difficulty=question.difficulty,
        frequency=question.frequency,
        tags=question.tags,
        requires=question.requires,
        file=path.relative_to(root).as_posix(),
    )
