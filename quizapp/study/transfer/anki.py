"""An Anki deck of questions, with the library genanki (extra `anki`). A note's GUID comes from the question's id and nothing else, so a
deck imported again updates its notes and keeps their reviews."""

from __future__ import annotations

import hashlib
import html
import re
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZipFile

from judge.whole import written_whole
from quizapp.problems import UsageProblem, reason
from quizapp.study.transfer.papers import put

if TYPE_CHECKING:
    from question_bank.models import Question

MODEL_ID: Final = 1_607_392_319
DECK_ID: Final = 2_059_400_110
FIELDS: Final = ("题目", "答案", "编号")
_CODE_OR_MATH: Final = re.compile(r"```.*?```|`[^`\n]*`|\$\$.+?\$\$|(?<![\w$])\$\S[^$\n]*?\$", re.DOTALL)
_STYLE: Final = (
    ".card { font-family: sans-serif; font-size: 18px; text-align: left; line-height: 1.6 } pre { overflow-x: auto }"
)


def guid(question_id: str) -> str:
    """The note's identity in every collection."""
    return hashlib.sha256(f"quizapp:{question_id}".encode()).hexdigest()[:20]


def write_apkg(questions: Sequence[Question], titles: Mapping[str, str], path: Path, timestamp: float) -> int:
    """Write the deck. `timestamp` in seconds: Anki takes edits only from a later file. Returns the number of notes.

    Raises `UsageProblem` without genanki, or when the file cannot be written.
    """
    try:
        import genanki
    except ImportError:
        raise UsageProblem("导出 Anki 需要 genanki：pip install 'quizapp[anki]'") from None
    model = genanki.Model(
        MODEL_ID,
        "quizapp",
        fields=[{"name": name} for name in FIELDS],
        templates=[{"name": "问答", "qfmt": "{{题目}}", "afmt": "{{FrontSide}}<hr id=answer>{{答案}}"}],
        css=_STYLE,
    )
    deck = genanki.Deck(DECK_ID, "quizapp 大模型面试")
    for question in questions:
        deck.add_note(_note(genanki, model, question, titles))
    try:
        _write(genanki.Package(deck), path, timestamp)
    except OSError as error:
        raise UsageProblem(f"无法写 {path}：{reason(error)}") from None
    except sqlite3.OperationalError:
        raise UsageProblem("写不进临时文件夹：磁盘已满或不可写；腾出空间，或把 TMPDIR 设为别处后重试") from None
    return len(questions)


def _write(package: Any, path: Path, timestamp: float) -> None:
    """What genanki's `write_to_file` does, without the copy of the deck that it leaves among the temporary files."""
    with TemporaryDirectory(prefix="quizapp-") as folder, written_whole(path) as draft:
        database = Path(folder) / "collection.anki2"
        with closing(sqlite3.connect(database)) as connection:
            package.write_to_db(connection.cursor(), timestamp, count(int(timestamp * 1000)))
            connection.commit()
        with ZipFile(draft, "w") as archive:
            archive.write(database, database.name)
            archive.writestr("media", "{}")


def _note(genanki: Any, model: Any, question: Question, titles: Mapping[str, str]) -> Any:
    made = put(question, 0)
    options = "\n".join(f"- {option}" for option in made.options)
    front = f"**{question.title}**\n\n{made.prompt}\n\n{options}"
    tags = [titles.get(question.topic, question.topic), *question.tags]
    fields = [as_html(front), as_html(made.solution), html.escape(question.id)]
    return genanki.Note(model=model, fields=fields, tags=[tag.replace(" ", "_") for tag in tags], guid=guid(question.id))


def as_html(markdown: str) -> str:
    """Markdown as Anki shows it; formulas between $ become MathJax. Raw HTML is shown, not obeyed."""
    from markdown_it import MarkdownIt
    from mdit_py_cjk_friendly import cjk_friendly

    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        if not match[0].startswith("$"):
            return match[0]  # code
        kept.append(match[0])
        return f"\x02{len(kept) - 1}\x03"

    renderer = MarkdownIt("commonmark", {"html": False}).enable("table").use(cjk_friendly)
    text = _CODE_OR_MATH.sub(keep, markdown)
    rendered: str = renderer.render(text)
    return re.sub(r"\x02(\d+)\x03", lambda match: _mathjax(kept[int(match[1])]), rendered)


def _mathjax(formula: str) -> str:
    block = formula.startswith("$$")
    inner = html.escape(formula.strip("$"))
    return f"\\[{inner}\\]" if block else f"\\({inner}\\)"
