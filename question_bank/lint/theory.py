"""Rules for theory questions: an answer hits its own key points, a choice explains itself, a formula has a value."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Final

from question_bank import arithmetic, numeric
from question_bank.lint.found import Found
from question_bank.matching import hit_groups, normalise
from question_bank.models import (
    Cloze,
    KeyPoint,
    MultipleChoice,
    Numeric,
    Ordering,
    Question,
    ShortAnswer,
    SingleChoice,
)

POINTS: Final = range(4, 9)
_DRAWS: Final = 2000


def rules(question: Question) -> Iterator[Found]:
    """The rules of the question's own type."""
    match question:
        case ShortAnswer():
            yield from _short_answer(question)
        case SingleChoice() | MultipleChoice():
            yield from _choice(question)
        case Cloze():
            yield from _cloze(question)
        case Ordering():
            yield from _ordering(question)
        case Numeric():
            yield from _numeric(question)


def _short_answer(question: ShortAnswer) -> Iterator[Found]:
    if len(question.key_points) not in POINTS:
        yield Found(f"要点应有 {POINTS[0]} 到 {POINTS[-1]} 个，现在 {len(question.key_points)} 个", ("key_points",))
    for field in ("brief", "mistakes", "follow_ups"):
        if not getattr(question, field):
            yield Found(f"简答题缺少 {field}", ("type",))
    for index, point in enumerate(question.key_points):
        yield from _key_point(question, index, point)


def _key_point(question: ShortAnswer, index: int, point: KeyPoint) -> Iterator[Found]:
    """The model answer earns the point, the question's own words do not, and no pattern calls the answer wrong."""
    answer = normalise(question.answer)
    hits = hit_groups(point.keywords, answer)
    for group, hit in enumerate(hits):
        if not hit:
            words = "、".join(point.keywords[group])
            yield Found(f"参考答案没有命中要点 {point.id} 的关键词：{words}", ("key_points", index, "keywords", group))
    if all(hit_groups(point.keywords, normalise(f"{question.title} {question.prompt}"))):
        yield Found(f"照抄题目就能命中要点 {point.id}：关键词换成题目里没有的说法", ("key_points", index, "keywords"))
    texts = {"参考答案": answer, "要点原文": normalise(point.text), "简答": normalise(question.brief or "")}
    for place, pattern in enumerate(point.must_not):
        path = ("key_points", index, "must_not", place)
        try:
            compiled = re.compile(pattern)
        except re.error as error:
            yield Found(f"正则 {pattern} 写错了：{error}", path)
            continue
        for name, text in texts.items():
            if found := compiled.search(text):
                yield Found(f"must_not 误伤{name}：{pattern} 匹配了“{found[0]}”", path)


def _choice(question: SingleChoice | MultipleChoice) -> Iterator[Found]:
    for index, option in enumerate(question.options):
        if not option.why:
            yield Found(f"选项 {option.id} 没有 why：说明它为什么对或错", ("options", index))
    texts = Counter(option.text for option in question.options)
    for index, option in enumerate(question.options):
        if texts[option.text] > 1:
            yield Found(f"选项 {option.id} 与别的选项相同", ("options", index))
    if isinstance(question, MultipleChoice):
        if len(set(question.correct)) != len(question.correct):
            yield Found("correct 里有重复的选项", ("correct",))
        if len(set(question.correct)) == 1:
            yield Found("多选题只有一个正确选项：改成单选题", ("correct",), level="warning")
        if len(question.correct) == len(question.options):
            yield Found("多选题的选项全对：全选就能得分", ("correct",), level="warning")


def _cloze(question: Cloze) -> Iterator[Found]:
    used = {int(number) for number in re.findall(r"\{\{(\d+)\}\}", question.prompt)}
    if extra := sorted(used - set(range(1, len(question.blanks) + 1))):
        yield Found(f"prompt 里的空 {extra} 没有答案：在 blanks 里补上", ("prompt",))


def _ordering(question: Ordering) -> Iterator[Found]:
    if len(set(question.items)) != len(question.items):
        yield Found("items 里有相同的项：无法判断顺序", ("items",))


def _numeric(question: Numeric) -> Iterator[Found]:
    known = {parameter.name for parameter in question.parameters}
    if len(known) != len(question.parameters):
        yield Found("parameters 里有重名的参数", ("parameters",))
    try:
        needed = arithmetic.names(question.expression)
    except arithmetic.ExpressionProblem as problem:
        yield Found(str(problem), ("expression",))
        return
    for name in sorted(needed - known):
        yield Found(f"算式里的 {name} 不是参数", ("expression",))
    for index, parameter in enumerate(question.parameters):
        if f"{{{parameter.name}}}" not in question.prompt:
            yield Found(f"题面没有写出参数 {{{parameter.name}}}", ("parameters", index))
    if "{answer}" not in question.worked:
        yield Found("worked 里没有 {answer}：算到最后要给出结果", ("worked",))
    if needed <= known:
        yield from _every_draw(question)


def _every_draw(question: Numeric) -> Iterator[Found]:
    for values in islice(numeric.draws(question), _DRAWS):
        try:
            result = numeric.answer(question, values)
            numeric.worked(question, values)
        except arithmetic.ExpressionProblem as problem:
            yield Found(f"参数取 {values} 时：{problem}", ("expression",))
            return
        if result == 0:
            yield Found(f"参数取 {values} 时答案是 0：相对误差无从判断", ("expression",))
            return
