"""Recognising questions in text people have: `Q:/A:` notes, choice questions pasted from Word, articles with **题目：** and **答案：**."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from quizapp.study.transfer.drafts import Draft

_Q: Final = re.compile(r"^\s*(?:\*\*)?(?:Q|问)\s*\d*\s*[:：.](?:\*\*)?\s*", re.IGNORECASE)
_A: Final = re.compile(r"^\s*(?:\*\*)?(?:A|答)\s*[:：](?:\*\*)?\s*", re.IGNORECASE)
_OPTION: Final = re.compile(r"(?:(?<=^)|(?<=\s))([A-H])\s*[.、．:：)）]\s*")
_OPTION_LINE: Final = re.compile(r"^\s*[A-H]\s*[.、．:：)）]")
_ANSWER: Final = re.compile(
    r"^\s*(?:\*\*)?【?(?:正确|参考|标准)?答案】?\s*[:：]?(?:\*\*)?\s*[:：]?\s*"
    r"(?P<said>[A-H](?:[,，、\s]*[A-H])*(?![a-z])|(?:正确|错误|对|错|√|×)(?![\w\u4e00-\u9fff]))\s*(?P<rest>.*)$",
    re.IGNORECASE,
)
_WHY: Final = re.compile(
    r"^\s*(?:\*\*)?(?:【(?:答案)?(?:解析|解释|分析)】\s*[:：]?|(?:答案)?(?:解析|解释|分析)\s*[:：])(?:\*\*)?\s*[:：]?\s*"
)
_NUMBER: Final = re.compile(
    r"^\s*(?:#+\s*)?(?:第\s*\d+\s*题|\d+)\s*[.、．)）:：]?\s*(?:[（(【\[](?:单选|多选|判断|不定项)题?[)）】\]])?\s*"
)


def _mark(words: str) -> re.Pattern[str]:
    """`**题目：**`, `**题目**：`, `### 题目 2：`, `【题目】` and the like at the beginning of a line."""
    number = r"\s*[\d一二三四五六七八九十]*\s*"
    return re.compile(
        rf"^\s*(?:#+\s*)?\**\s*(?:【(?:{words}){number}】\s*\**\s*[:：]?|(?:{words}){number}\**\s*[:：])\s*\**\s*[:：]?\s*"
    )


_TOPIC_MARK: Final = _mark("题目|问题|面试题")
_SOLUTION_MARK: Final = _mark("参考答案|答案|解答|回答")
_HEADING: Final = re.compile(r"^\s*(?:#{1,6}\s+|-{3,}\s*$|\*{3,}\s*$)")


def recognise(text: str) -> str | None:
    """`article`, `choices` or `qa`; None when it is none of them."""
    lines = text.split("\n")
    lettered = sum(mark["said"][0].upper() in "ABCDEFGH" for mark in map(_ANSWER.match, lines) if mark)
    if lettered and lettered >= sum(bool(_TOPIC_MARK.match(line)) for line in lines) and any(map(_OPTION_LINE.match, lines)):
        return "choices"
    if any(_TOPIC_MARK.match(line) for line in lines) and any(_SOLUTION_MARK.match(line) for line in lines):
        return "article"
    if any(_OPTION_LINE.match(line) for line in lines) and any(_ANSWER.match(line) for line in lines):
        return "choices"
    if any(_Q.match(line) for line in lines) and any(_A.match(line) for line in lines):
        return "qa"
    return "choices" if any(_ANSWER.match(line) for line in lines) else None


def read(text: str, kind: str) -> list[Draft]:
    """All questions of a text of that kind."""
    text = text.replace("\r\n", "\n").lstrip("\ufeff")
    reader = {"article": _article, "choices": _choices, "qa": _qa}[kind]
    return [draft for draft in reader(text) if draft.prompt.strip()]


def _fenced(lines: list[str]) -> Iterator[tuple[str, bool]]:
    """Every line, and whether it belongs to a code block: marks inside code mean nothing."""
    is_open = False
    for line in lines:
        is_fence = line.lstrip().startswith(("```", "~~~"))
        yield line, is_open or is_fence
        is_open ^= is_fence


def _qa(text: str) -> Iterator[Draft]:
    """`Q: …` up to `A: …` up to the next `Q:`."""
    prompt: list[str] = []
    answer: list[str] = []
    place: list[str] | None = None
    for line, is_code in _fenced(text.split("\n")):
        if not is_code and (mark := _Q.match(line)):
            if prompt:
                yield Draft("\n".join(prompt).strip(), "\n".join(answer).strip())
            prompt, answer = [line[mark.end() :]], []
            place = prompt
        elif not is_code and place is not None and (mark := _A.match(line)):
            answer.append(line[mark.end() :])
            place = answer
        elif place is not None:
            place.append(line)
    if prompt:
        yield Draft("\n".join(prompt).strip(), "\n".join(answer).strip())


def _article(text: str) -> Iterator[Draft]:
    """`**题目：** …` up to `**答案：** …` up to the next 题目 or heading; code blocks belong to the answer."""
    title, prompt, answer = "", list[str](), list[str]()
    place: list[str] | None = None
    heading = ""
    for line, is_code in _fenced(text.split("\n")):
        if not is_code and (mark := _TOPIC_MARK.match(line)):
            if prompt:
                yield Draft("\n".join(prompt).strip(), "\n".join(answer).strip(), title=title)
            title, prompt, answer = heading, [line[mark.end() :]], []
            heading, place = "", prompt
        elif not is_code and place is not None and (mark := _SOLUTION_MARK.match(line)):
            answer.append(line[mark.end() :])
            place = answer
        elif not is_code and _HEADING.match(line):
            heading = _title_of(line)
            place = None if place is answer and heading else place
            if place is not None and heading:
                place.append(line)
        elif place is not None:
            place.append(line)
    if prompt:
        yield Draft("\n".join(prompt).strip(), "\n".join(answer).strip(), title=title)


def _title_of(line: str) -> str:
    """A heading's words without its number; empty for a rule."""
    words = re.sub(r"^\s*#+\s*", "", line) if line.lstrip().startswith("#") else ""
    return re.sub(r"^(?:第?[\d一二三四五六七八九十]+[.、．题]*\s*[:：]?\s*)", "", words).strip(" *")


def _choices(text: str) -> Iterator[Draft]:
    """Blocks that end with 答案 and perhaps 解析: the next question begins with the first line that is neither."""
    stem, options, correct, why = list[str](), dict[str, str](), "", list[str]()
    stage = "stem"
    for line in text.split("\n"):
        if mark := _ANSWER.match(line):
            correct, rest = _letters(mark["said"]), mark["rest"].strip()
            why, stage = ([_WHY.sub("", rest)] if rest else []), "why"
        elif _OPTION_LINE.match(line) and stage in ("stem", "options"):
            options.update(_split_options(line))
            stage = "options"
        elif stage == "why" and (mark := _WHY.match(line)):
            why, stage = [*why, *filter(None, [line[mark.end() :]])], "explained"
        elif stage in ("why", "explained") and _begins_question(line, why, explained=stage == "explained"):
            yield _choice(stem, options, correct, why)
            stem, options, correct, why, stage = [line], {}, "", [], "stem"
        elif stage in ("why", "explained"):
            why.append(line)
        elif stage == "options" and line.strip():
            last = list(options)[-1]
            options[last] += " " + line.strip()
        elif stage == "stem":
            stem.append(line)
    if correct:
        yield _choice(stem, options, correct, why)


def _begins_question(line: str, why: list[str], *, explained: bool) -> bool:
    """After an answer: a numbered line, or text after an empty line, is the next question. What follows a bare 解析 is not."""
    if not line.strip():
        return False
    number = _NUMBER.match(line)
    numbered = number is not None and number[0].strip() != ""
    return numbered or (not why[-1].strip() if why else not explained)


def _split_options(line: str) -> dict[str, str]:
    """`A. … B. … C. …`, also several on one line."""
    marks = list(_OPTION.finditer(line))
    ends = [*(mark.start() for mark in marks[1:]), len(line)]
    return {mark[1]: line[mark.end() : end].strip().rstrip("；;") for mark, end in zip(marks, ends, strict=True)}


def _letters(answer: str) -> str:
    word = answer.strip().upper()
    if word in ("对", "正确", "√"):
        return "对"
    if word in ("错", "错误", "×"):
        return "错"
    return "".join(sorted(set(re.findall(r"[A-H]", word))))


def _choice(stem: list[str], options: dict[str, str], correct: str, why: list[str]) -> Draft:
    prompt = _TOPIC_MARK.sub("", _NUMBER.sub("", "\n".join(stem).strip(), count=1), count=1)
    known = "".join(letter for letter in correct if letter in options) if options else correct
    explanation = "\n".join(why).strip()
    return Draft(prompt, explanation or f"正确答案：{correct}", options, known)
