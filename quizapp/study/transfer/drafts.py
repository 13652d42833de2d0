"""Questions from elsewhere as drafts for the bank: YAML files in a folder laid out like one, to be reviewed by a person.

What can be worked out is filled in (key points from the list items of an answer, their keywords from its terms). What cannot be known
(follow-ups, common mistakes, why an option is wrong) says 待审. `python -m question_bank check FOLDER` tells what is left to do.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from question_bank.lint.text import DRAFT as REVIEW
from question_bank.markdown_text import join_soft_breaks
from question_bank.matching import has_keyword, normalise
from quizapp.problems import UsageProblem, reason

_HEAD: Final = "# 导入的草稿：核对事实与措辞，改好要点和关键词，去掉“待审”，再移进 question_bank/theory/。\n"
_MOST_POINTS: Final = 8
_ID_LENGTH: Final = 48


@dataclass(frozen=True)
class Draft:
    """One question as it was found. `options` and `correct` (option letters) for choices; `why` is the 解析."""

    prompt: str
    answer: str
    options: Mapping[str, str] = field(default_factory=dict)
    correct: str = ""
    title: str = ""
    tags: tuple[str, ...] = ()
    guid: str = ""
    """The note's identity in Anki, where it comes from there."""

    @property
    def kind(self) -> str:
        """The type it becomes."""
        if not self.options:
            return "true_false" if self.correct in ("对", "错") else "short_answer"
        return "single" if len(self.correct) == 1 else "multiple"


def write_drafts(drafts: Sequence[Draft], folder: Path, topic: str, topics: Path, taken: Collection[str]) -> list[Path]:
    """One file for each draft under `folder`; none is overwritten. `taken` are ids that exist already. Raises `UsageProblem`."""
    used = set(taken)
    written = []
    try:
        (folder / "theory" / topic).mkdir(parents=True, exist_ok=True)
        if not (folder / "topics.yaml").exists():
            shutil.copyfile(topics, folder / "topics.yaml")
        used |= {path.stem for path in (folder / "theory").glob("*/*.yaml")}
        for draft in drafts:
            name = question_id(draft, used)
            used.add(name)
            path = folder / "theory" / topic / f"{name}.yaml"
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(_HEAD + as_yaml(fields(draft, name, topic)))
            written.append(path)
    except OSError as error:
        raise UsageProblem(f"无法写草稿到 {folder}：{reason(error)}") from None
    return written


def question_id(draft: Draft, taken: Collection[str]) -> str:
    """An id from the title: its pinyin and Latin words, with a number when it is taken."""
    from question_bank.pinyin import spoken

    name = re.sub(r"[^a-z0-9]+", "_", "_".join(syllable for syllable, _ in spoken(headline(draft).lower()))).strip("_")
    name = re.sub(r"^[^a-z]+", "", name)[: _ID_LENGTH - 4].strip("_") or "imported"
    name = name if len(name) > 1 else f"q_{name}"
    return next(found for found in (name, *(f"{name}_{number}" for number in range(2, 10_000))) if found not in taken)


def headline(draft: Draft) -> str:
    """The title: the given one, or the first sentence of the prompt, short enough for a list."""
    text = draft.title or re.split(r"(?<=[。？！?!])|\n", draft.prompt.strip(), maxsplit=1)[0]
    plain = re.sub(r"[*`#>\[\]]|\(\s*\)|（\s*）", "", text).strip().rstrip("。：:")
    return plain[:26] or "导入的题目"


def fields(draft: Draft, name: str, topic: str) -> dict[str, Any]:
    """The YAML document."""
    prompt = tidy(draft.prompt) or draft.title.strip() or f"{REVIEW}：补上题目"
    answer = tidy(draft.answer) or f"{REVIEW}：补上答案"
    document: dict[str, Any] = {
        "id": name,
        "type": draft.kind,
        "title": headline(draft),
        "topic": topic,
        "difficulty": 2,
        "frequency": 2,
        "tags": [*dict.fromkeys([*draft.tags, REVIEW])],
        "prompt": prompt,
        "answer": answer,
    }
    if draft.kind in ("single", "multiple"):
        options = [{"id": letter, "text": text, "why": f"{REVIEW}：说明为什么"} for letter, text in draft.options.items()]
        return {**document, "options": options, "correct": draft.correct if draft.kind == "single" else list(draft.correct)}
    if draft.kind == "true_false":
        return {**document, "correct": draft.correct == "对"}
    points = list(key_points(answer, f"{document['title']} {prompt}"))
    more = {"brief": _first_sentence(answer), "mistakes": [f"{REVIEW}：常见错误"], "follow_ups": [f"{REVIEW}：可以怎样追问？"]}
    return {**document, **more, "key_points": points}


def tidy(text: str) -> str:
    """Markdown as the bank wants it: one paragraph a line, every code block with a language."""
    text = join_soft_breaks(text.replace("\r\n", "\n").replace("\u00a0", " ").strip())
    lines, is_open = [], False
    for line in text.split("\n"):
        fence = re.match(r" *(```|~~~) *$", line)
        lines.append(line.rstrip() + ("" if is_open or not fence else "text"))
        is_open ^= line.lstrip().startswith(("```", "~~~"))
    return "\n".join([*lines, "```"] if is_open else lines)


def key_points(answer: str, question: str) -> Iterator[dict[str, Any]]:
    """Key points from list items, else from sentences; each with words that the answer has and the question has not."""
    asked = normalise(question)
    texts = _statements(answer)
    seen: set[str] = set()
    for number, text in enumerate(texts[:_MOST_POINTS], start=1):
        words = [word for word in terms(text) if not has_keyword(word, asked) and word.lower() not in seen]
        seen |= {word.lower() for word in words}
        keywords = words[:4] or [_own_words(text, asked)]
        yield {"id": f"point_{number}", "text": text, "keywords": [keywords]}


def _statements(answer: str) -> list[str]:
    prose = re.sub(r"```.*?(?:```|$)", "", answer, flags=re.DOTALL)
    items = re.findall(r"^\s*(?:[-*+]|\d+[.、)）]|[（(]\d+[)）])\s*(.+)$", prose, re.MULTILINE)
    sentences = [part for part in re.split(r"[。！？\n]+|(?<=[.!?])\s", prose) if len(part.strip()) >= 6]
    chosen = items if len(items) >= 3 else sentences
    plain = [re.sub(r"[*`#>]+", "", text).strip().rstrip("；;。") for text in chosen]
    return [text for text in dict.fromkeys(plain) if text] or [answer.strip().split("\n")[0]]


_TERM: Final = re.compile(r"[A-Za-z][A-Za-z0-9+\-]*(?: [A-Z][A-Za-z0-9\-]*)*|[\u4e00-\u9fff]{2,}")
_GLUE: Final = re.compile(
    r"可以|能够|需要|使用|用于|以及|因为|所以|如果|通过|进行|就是|不是|一个|一种|每个|这个|它们|从而|并且|但是|由于|例如|比如|的|了|和|与|在|把|被|对|为|是|有|会|不"
)


def terms(text: str) -> list[str]:
    """Words that carry the meaning: Latin terms, and Chinese between the small words. The longest first."""
    found: dict[str, None] = {}
    for match in _TERM.findall(text):
        parts = [match] if match[0].isascii() else _GLUE.split(match)
        found.update(dict.fromkeys(part for part in parts if 2 <= len(part) <= 10))
    return sorted(found, key=lambda word: (not word[0].isascii(), -len(word)))


def _own_words(text: str, asked: str) -> str:
    """Some stretch of the text that the question does not have; what merely repeats the question is for a person."""
    plain = normalise(text)
    stretches = (plain[start : start + 6].strip(" -_") for start in range(max(1, len(plain) - 5)))
    return next(
        (part for part in stretches if len(part) >= 2 and re.search(r"\w", part) and not has_keyword(part, asked)), REVIEW
    )


def _first_sentence(text: str) -> str:
    prose = re.sub(r"```.*?(?:```|$)", "", text, flags=re.DOTALL).strip()
    sentence = re.split(r"(?<=[。！？])|\n", prose, maxsplit=1)[0].strip()
    return re.sub(r"^[-*#>\d.、\s]+", "", sentence) or f"{REVIEW}：一句话的简答"


# --- YAML ------------------------------------------------------------------------------------------------------------------

_PLAIN: Final = re.compile(r"[A-Za-z\u4e00-\u9fff][\w\u4e00-\u9fff（）。，、？！；“”《》+/ .-]*")
_WORDS: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


class _Dumper(yaml.SafeDumper):
    """Block texts for prose; quotes for whatever a YAML reader might take for something else than text."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Lists are indented, as the bank has them."""
        return super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    lines = text.split("\n")
    blocky = (
        len(lines) > 1
        and not any(line != line.rstrip() for line in lines)
        and not lines[0].startswith((" ", "\t"))
        and text.strip()
    )
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS and text == text.strip()
    style = "|" if blocky and "\t" not in text else None if plain else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def as_yaml(document: Mapping[str, Any]) -> str:
    """The document so that `question_bank.yaml_text` reads the same values back."""
    text: str = yaml.dump(dict(document), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)
    return text


def summary(paths: Iterable[Path]) -> str:
    """The ids of the files, for a person."""
    return "、".join(path.stem for path in paths)
