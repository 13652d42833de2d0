"""Reading an answer: its normal form, its sentences, and what of it does not count."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from quizapp.study.grading.noise import has_speech, is_bare_list, is_copied, is_for_the_grader
from quizapp.study.grading.result import Remark
from quizapp.study.normalize import Folded, Span, fold

_END: Final = re.compile(r"[。!?]+|(?<!\bdr)(?<!\bvs)(?<!\be\.g)(?<!\bi\.e)\.(?=\s|$)", re.ASCII)
_BLANK: Final = "。"
CLAUSE_END: Final = re.compile(r"[,。;!?]")
SENTENCE_END: Final = re.compile(r"[。;；!！?？\n]")


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer as it is graded. In `text` every ignored sentence is blanked, so that places stay what they are."""

    written: str
    folded: Folded
    text: str
    sentences: tuple[Span, ...]
    ignored: tuple[Remark, ...]


def read(answer: str, question: str, is_term: Callable[[str], bool], adds: Callable[[str], bool] = lambda _: False) -> Reading:
    """Read `answer` to a question whose normalised text is `question`.

    `is_term` knows the keywords; `adds` tells whether a normalised sentence holds one that the question does not: who says the
    question back and goes on to answer has not copied it.
    """
    folded = fold(answer)
    text = list(folded.text)
    kept: list[Span] = []
    ignored: list[Remark] = []
    reasons = _reasons(answer, folded, question, is_term, adds)
    for span in _sentences(folded.text):
        if reason := reasons(span):
            start, end = folded.origin(span)
            ignored.append(Remark(span=(start, end), text=answer[start:end], reason=reason))
            text[slice(*span)] = _BLANK * (span[1] - span[0])
        else:
            kept.append(span)
    return Reading(answer, folded, "".join(text), tuple(kept), tuple(ignored))


def _reasons(
    answer: str, folded: Folded, question: str, is_term: Callable[[str], bool], adds: Callable[[str], bool]
) -> Callable[[Span], str]:
    """Tells why a sentence does not count; empty when it does."""
    whole = is_bare_list(answer, is_term)

    def reason(span: Span) -> str:
        sentence = folded.text[slice(*span)]
        if is_for_the_grader(sentence):
            return "这是对评分者说的话"
        if is_copied(sentence, question) and not adds(sentence):
            return "这是题目里的话"
        written = answer[slice(*folded.origin(span))]
        if is_bare_list(written, is_term) or (whole and not has_speech(written, is_term)):
            return "只罗列了术语，没有说明"
        return ""

    return reason


def around(text: str, span: Span, ends: re.Pattern[str]) -> Span:
    """The clause or sentence around a stretch of text; several, when the stretch does not lie within one."""
    start = max((match.end() for match in ends.finditer(text, 0, span[0])), default=0)
    end = ends.search(text, span[1])
    return start, end.start() if end else len(text)


def _sentences(text: str) -> Iterator[Span]:
    start = 0
    for match in _END.finditer(text):
        if match.start() > start:
            yield start, match.start()
        start = match.end()
    if start < len(text):
        yield start, len(text)
