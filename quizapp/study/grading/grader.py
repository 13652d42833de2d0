"""Grading one answer: read it, judge every point, add up."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final

from question_bank.matching import group_pattern, normalise
from question_bank.models import KeyPoint, ShortAnswer
from quizapp.study.grading.reading import CLAUSE_END, SENTENCE_END, Reading, around, read
from quizapp.study.grading.result import Grade, PointGrade, Status, assemble
from quizapp.study.grading.stance import learnt
from quizapp.study.normalize import Span, plain

_DENIED: Final = re.compile(
    r"(不需要|不必|不用|无需|没必要|没有必要|(?<!有)没有|(?<!是)不是|并非|并不|(?<!会)不会|(?<!能)不能|无法|没法|没办法|不可能|难以|不再|不存在|谈不上|没什么|没啥"
    r"|(?<![有能会要是用])[不没]|无)"
    r"(任何|什么|再|去|做|进行|额外的?|单独的?|自己|人工|专门)*$"
)
_DENIES: Final = re.compile(r"[不没无非未少省去免防]|避免|降低|减|缺|难")
_CLAIMED: Final = r"(误以为|误认为|错误地?认为|有人(说|认为)|以为)"
_CALLED_WRONG: Final = r"(错误?的|(?<!对)不对|误解|误区|不正确)"
_QUOTED: Final = re.compile(rf"(不是|并非|不能说|不要说|{_CLAIMED})[^,。;!?]{{0,12}}$")
_SAID_BY: Final = re.compile(rf"[,。;!?]?(但|可)?{_CLAIMED}")
"""At the beginning of a claim that reaches back to the beginning of its clause."""
_TURNED: Final = re.compile(r"(不(要|能|应该?|该|会|是|可以?|可能)?|没有?|无法?|非|别|避免|防止|不像[^,。;!?]{0,8})$")
"""Right before a wrong claim, it makes it a right one: `不` before `需要价值模型`."""
_REFUTED: Final = re.compile(rf"[^,。;!?]{{0,4}},?(这|那)?(种说法)?(是|就)?{_CALLED_WRONG}")
_REFUTES: Final = re.compile(rf"{_CLAIMED}|{_CALLED_WRONG}|说法")
"""Somewhere in a sentence that speaks of a mistake instead of making it."""
_DISMISSED: Final = re.compile(
    r"(?<!有)没有?(什么|任何|半点|多大|太大)?(关系|帮助|用处|作用|好处|意义|必要|价值)|没(什么)?用(?!到|过|上)|无关(?!紧要|的|内容|信息)|无所谓|毫无(?!疑问)"
    r"|不重要(?!的)|(?<!要)不要紧|派不上用场|(纯属|就是|是)(浪费|多余)|可有可无|不算(什么|壁垒|问题)"
)
"""What waves something away."""
_NEGATIVE: Final = re.compile(r"不|没有|无")
_SUPPOSED: Final = re.compile(r"如果|假如|要是|若|否则|不然|的话")
"""What would be is not what is."""
_ONLY_SUPPOSED: Final = re.compile(r"(如果|假如|(?<![主只需])要是|倘若)(?!.*就)|(的话|的情况下)$")
"""In a clause that does not say what follows, too, as one with `就` does."""
_REACH: Final = 24
"""So far before a claim, in characters, is looked for who is said to claim it."""
_DENIAL: Final = 10
"""So far before a word its denial may begin."""
_NEAR: Final = 2
"""The parts of one point may stand in this many sentences in a row; further apart they are not one thought."""
_AT_LENGTH: Final = 8
"""From this many clauses on, an answer of which only one word was looked for, and that never names its subject, is about something else."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What an answer says of one point: its words (one of each group that is there), or where it says the opposite."""

    point: KeyPoint
    words: tuple[Span, ...] = ()
    against: Span | None = None
    is_doubt: bool = False
    """Whether no pattern says so, only the wording of the sentence."""

    @property
    def complete(self) -> bool:
        return len(self.words) == len(self.point.keywords)


def grade(question: ShortAnswer, answer: str, *, doubting: bool = True) -> Grade:
    """Grade `answer`. The same question and answer always get the same grade. `doubting` off: by keywords and patterns alone."""
    asked = _asked(question.title, question.prompt)
    reading = read_answer(question, answer)
    opposite = {point.id: next(_opposites(point, reading), None) for point in question.key_points}
    wrong = tuple(_clause(span, reading.text) for span in opposite.values() if span)
    found = [_look(point, opposite[point.id], wrong, reading, asked, question) for point in question.key_points]
    elsewhere = _is_elsewhere(question, reading, found)
    if elsewhere:
        found = [_Found(one.point) for one in found]
    elif doubting:
        sounds_wrong = partial(learnt().doubts, question.id)
        found = [_doubted(one, reading, sounds_wrong) for one in found]
    return assemble(
        question.id,
        (_judged(one, reading) for one in found),
        deeper=next(iter(question.follow_ups), None),
        ignored=reading.ignored,
        note="看起来答的是别的题" if elsewhere else _note(reading),
    )


def _note(reading: Reading) -> str:
    """Says that some sentences did not count."""
    reasons = dict.fromkeys(remark.reason for remark in reading.ignored)
    return f"有 {len(reading.ignored)} 句不计分：{'；'.join(reasons)}" if reasons else ""


def read_answer(question: ShortAnswer, answer: str) -> Reading:
    """What of `answer` counts. A sentence made of the question's words counts when it claims something, right or wrong."""
    groups = [group_pattern(group) for point in question.key_points for group in point.keywords]
    claims = [*groups, *(_compiled(pattern) for point in question.key_points for pattern in point.must_not)]
    asked = _asked(question.title, question.prompt)

    def is_term(item: str) -> bool:
        item = plain(item)
        return any(pattern.fullmatch(item) for pattern in groups)

    def adds(sentence: str) -> bool:
        return any(match[0] not in asked for pattern in claims for match in pattern.finditer(sentence))

    return read(answer, asked, is_term, adds)


@lru_cache(maxsize=512)
def _asked(title: str, prompt: str) -> str:
    return normalise(f"{title}。{prompt}")


def _opposites(point: KeyPoint, reading: Reading) -> Iterator[Span]:
    """Where the answer says the opposite, unless it says so to refute it."""
    for pattern in point.must_not:
        for match in _compiled(pattern).finditer(reading.text):
            if not (_is_refuted(match.span(), reading.text) or _is_supposed(match.span(), reading.text)):
                yield match.span()
    yield from _dismissals(point, reading.text)


def _is_supposed(claim: Span, text: str) -> bool:
    """Whether all of a claim stands in a clause that only supposes it: `如果不除以 √d，…`, `没有参考模型的话，…`."""
    start, end = _clause((claim[0], claim[0] + 1), text)
    return claim[1] <= end and bool(_ONLY_SUPPOSED.search(text[start:end]))


def _is_refuted(claim: Span, text: str) -> bool:
    before = text[max(0, claim[0] - _REACH) : claim[0]]
    if before[-2:] == f"{text[claim[0]]}不":  # `流不流畅` asks, and denies nothing
        before = before[:-2]
    if _QUOTED.search(before) or _TURNED.search(before) or _SAID_BY.match(text, claim[0]):
        return True
    return any(_REFUTED.match(text, end) for end in (claim[1], _clause(claim, text)[1]))


def _dismissals(point: KeyPoint, text: str) -> Iterator[Span]:
    """Clauses that name what the point asks for and wave it away. A point that itself denies something may be said so."""
    if _NEGATIVE.search(point.text):
        return
    for dismissed in _DISMISSED.finditer(text):
        clause = _clause(dismissed.span(), text)
        before = text[clause[0] : dismissed.start()]
        if _SUPPOSED.search(before) or _is_refuted(dismissed.span(), text):
            continue
        if all(group_pattern(group).search(before) for group in point.keywords):
            yield clause


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _clause(span: Span, text: str) -> Span:
    return around(text, span, CLAUSE_END)


def _look(
    point: KeyPoint, against: Span | None, wrong: tuple[Span, ...], reading: Reading, asked: str, question: ShortAnswer
) -> _Found:
    """What the answer says of `point`. A clause that says anything the wrong way round proves nothing else either."""
    if against:
        return _Found(point, against=against)
    groups = [
        [span for span in _words(group, reading) if not any(a <= span[0] < b for a, b in wrong)] for group in point.keywords
    ]
    words = _together(groups, reading)
    if len(words) < len(groups):
        if denied := _denied(point, reading):
            return _Found(point, against=denied)
        telling = [
            [span for span in spans if _is_telling(reading.text[slice(*span)], point, asked, question)] for spans in groups
        ]
        words = _together(telling, reading)
    return _Found(point, words)


def _doubted(found: _Found, reading: Reading, sounds_wrong: Callable[[str, str], bool]) -> _Found:
    """What was found, unless the sentence it stands in sounds like the opposite. To refute a mistake one has to say it."""
    if not found.words:
        return found
    sentence = around(reading.text, (min(found.words)[0], max(end for _, end in found.words)), SENTENCE_END)
    text = reading.text[slice(*sentence)]
    if _REFUTES.search(text) or not sounds_wrong(found.point.id, text):
        return found
    return _Found(found.point, against=sentence, is_doubt=True)


def _words(group: tuple[str, ...], reading: Reading) -> Iterator[Span]:
    """Where one of the group stands and is not denied."""
    return (span for span in _spans(group, reading) if not _is_denied(span, reading.text))


def _spans(group: tuple[str, ...], reading: Reading) -> Iterator[Span]:
    return (match.span() for match in group_pattern(group).finditer(reading.text))


def _is_denied(word: Span, text: str) -> bool:
    """Whether a denial stands right before a word. One that itself denies something may be said with another: `不会不收敛`."""
    return not _DENIES.search(text[slice(*word)]) and bool(_DENIED.search(text, max(0, word[0] - _DENIAL), word[0]))


def _denied(point: KeyPoint, reading: Reading) -> Span | None:
    """The clause that denies what the point says, all of it being spoken of: `重采样之后不需要校准`.

    A point that itself denies something may be said so. A single word denied may well be right
    of something else: that DPO needs no PPO is not held against RLHF.
    """
    if _NEGATIVE.search(point.text) or len(point.keywords) == 1:
        return None
    groups = [list(_spans(group, reading)) for group in point.keywords]
    if len(_together(groups, reading)) < len(groups):
        return None
    for span in (span for spans in groups for span in spans):
        word = reading.text[slice(*span)]
        if len(word) < 2 or not _is_denied(span, reading.text):
            continue
        clause = _clause(span, reading.text)
        before = reading.text[clause[0] : span[0]]
        supposed = _SUPPOSED.search(reading.text[slice(*clause)])
        if not (supposed or _QUOTED.search(before) or _REFUTED.match(reading.text, span[1])):
            return clause
    return None


def _together(groups: list[list[Span]], reading: Reading) -> tuple[Span, ...]:
    """One word of each group from neighbouring sentences, where most groups meet."""
    best: tuple[Span, ...] = ()
    for first in range(len(reading.sentences)):
        window = reading.sentences[first : first + _NEAR]
        start, end = window[0][0], window[-1][1]
        inside = ((spans, bisect_left(spans, (start, start))) for spans in groups)
        hits = tuple(spans[at] for spans, at in inside if at < len(spans) and spans[at][0] < end)
        if len(hits) > len(best):
            best = hits
    return best


def _is_telling(word: str, point: KeyPoint, asked: str, question: ShortAnswer) -> bool:
    """Whether a word that says only part of a point tells that this very point is meant."""
    if len(word) < 2 or word in asked:
        return False
    return not any(
        word in other.text.lower() or any(group_pattern(group).search(word) for group in other.keywords)
        for other in question.key_points
        if other is not point
    )


def _is_elsewhere(question: ShortAnswer, reading: Reading, found: list[_Found]) -> bool:
    """Whether the answer is about something else and met a keyword by chance."""
    met = [one for one in found if one.words]
    if len(met) != 1 or len(met[0].words) > 1 or any(one.against for one in found):
        return False
    if len({match[0] for group in met[0].point.keywords for match in group_pattern(group).finditer(reading.text)}) > 1:
        return False
    clauses = [clause for clause in CLAUSE_END.split(reading.text) if len(clause) > 2]
    if len(clauses) < _AT_LENGTH:
        return False
    words = {reading.text[slice(*span)] for span in met[0].words}
    subject = [normalise(tag) for tag in (*question.tags, *re.findall(r"[A-Za-z][\w-]+", question.title))]
    return not any(term in reading.text and term not in words for term in subject)


def _judged(found: _Found, reading: Reading) -> PointGrade:
    point = found.point
    spans = sorted(reading.folded.origin(span) for span in (found.words or filter(None, [found.against])))
    if found.against:
        status = Status.OPPOSITE
    elif found.complete:
        status = Status.HIT
    else:
        status = Status.PARTIAL if spans else Status.MISSED
    whole = (spans[0][0], max(end for _, end in spans)) if spans else None
    return PointGrade(
        id=point.id,
        text=point.text,
        weight=point.weight,
        status=status,
        span=whole,
        matched=reading.written[slice(*whole)] if whole else "",
        evidence=() if found.against else tuple(spans),
        against=tuple(spans) if found.against else (),
        reason=f"听起来与要点相反，但没有把握，不对就改判：{point.text}" if found.is_doubt else "",
        follow_up=point.follow_up,
    )
