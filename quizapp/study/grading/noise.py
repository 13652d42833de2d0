"""What earns nothing: words to the grader, the question said back, and bare lists of terms. Judged sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from typing import Final

_MARK: Final = r"(满分|最高分|高分|优秀|\d+ ?分)"
_TO_THE_GRADER: Final = re.compile(
    rf"(请(?!几|多|人|专家|标注|\d)|恳求|务必|麻烦|拜托)[^,。;!?]{{0,14}}{_MARK}|(给|打|判)(我|本|这份|该|此)[^,。;!?]{{0,8}}{_MARK}|(按|输出|返回|打|判为?){_MARK}处理?$"
    r"|(请|应|直接|全部?|都|一律)(判|算|视)(为|作|成)?(命中|对(?!错)|答对|正确|给?分)|判(为|成)?(命中|全对)|全部命中|写成 ?命中"
    r"|(忽略|无视|跳过)[^,。;!?]{0,8}(指令|评分|要点检查|规则|标准)|(你是|作为)[^,。;!?]{0,8}评分|评分(程序|说明|阈值)|阅卷|评卷"
    r"|(无需|不用|不必)(再)?评分|开发者模式|(score|band|status) ?[=:] ?(\d|优|命中|full|excellent|hit)"
    r"|参考答案(完全)?(一致|相同)|采用参考答案|ignore[^。;!?]{0,20}(instruction|rubric|previous)|full (marks|score|credit)"
)
"""Scores are spoken of in answers as well (`做对给 1 分`): what asks for one is told by who it is asked for."""
_ABOUT_THAT: Final = re.compile(r"注入|攻击|越狱|injection|奖励模型|奖励函数|reward model|训练集|测试集|验证集|裁判|judge")
"""What an answer may be about that has to speak of instructions ignored and of high scores."""
_MARKS: Final = re.compile(r"[、,，;；。!！\n\t]+")
_TERM: Final = re.compile(r"[a-z0-9_]+|[^\W\x21-\x7e]")
"""One Chinese character or one Latin word: a word written in letters does not weigh more than one in characters."""
_SPACES: Final = re.compile(r"\s+")
_FUNCTION: Final = re.compile(
    r"[的是了把会让被就也都很这那它再去给没可而只还为各拿]|不(?!确定)|(?<!饱)和|(?<![引作])用(?!户)|因为|所以|如果|需要|通过|进行|避免|每|多个|一次"
    r"|\b(a|an|and|are|as|be|but|by|can|does|for|from|gives?|has|have|if|in|into|is|it|its|makes?|no|not|of|on|per|so|than|that|the|then|to|too"
    r"|we|when|which|while|with|you)\b"
)
_SHORT: Final = 4.5
_LIST: Final = 6
_HEADED: Final = 12
_LISTED_PER_SPOKEN: Final = 10
_COPIED: Final = 0.72


def is_for_the_grader(sentence: str) -> bool:
    """Whether a normalised sentence speaks to whoever grades instead of answering."""
    return bool(_TO_THE_GRADER.search(sentence)) and not _ABOUT_THAT.search(sentence)


def is_copied(sentence: str, question: str) -> bool:
    """Whether a normalised sentence says nothing that the question does not say: nearly all its pairs of neighbours stand there."""
    pairs = _pairs(sentence)
    return len(pairs) >= 4 and len(pairs & _pairs(question)) / len(pairs) >= _COPIED


def is_bare_list(written: str, is_term: Callable[[str], bool] = lambda _: False) -> bool:
    """Whether a sentence, as written, only lists terms: many short items and hardly a word that binds them.

    A heading makes a list an answer (`预防：warmup、梯度裁剪`): it says what the terms are for, unless it is to hold a dozen of them.
    `is_term` knows terms that sound like a sentence (`减去最大值`).
    """
    *headings, listed = re.split(r"[:：]", written.strip())
    if len(headings) > 1 or re.search(r"[=→]", written):
        return False
    items = [item for item in _MARKS.split(listed) if item]
    if len(items) == 1:
        items = _SPACES.split(items[0].strip())
        chinese = [item for item in items if not item.isascii()]
        if len(chinese) > len(items) / 2:  # an English term of several words is no speech: `lost in the middle`
            items = chinese
    enough = _HEADED if headings else _LIST - 1 if all(map(is_term, items)) else _LIST
    if len(items) < enough or sum(map(_length, items)) / len(items) > _SHORT:
        return False
    return sum(_is_spoken(item, is_term) for item in items) <= len(items) // _LISTED_PER_SPOKEN


def has_speech(written: str, is_term: Callable[[str], bool] = lambda _: False) -> bool:
    """Whether anything in a sentence, as written, binds words together instead of only naming terms."""
    return any(_is_spoken(item, is_term) for item in _MARKS.split(written.strip()))


def _is_spoken(item: str, is_term: Callable[[str], bool]) -> bool:
    return bool(_FUNCTION.search(item)) and not is_term(item)


def _length(item: str) -> int:
    """Chinese characters and Latin words: what a term is long in."""
    return len(re.findall(r"[\x21-\x7e\uff01-\uff5e]+|[^\s\x21-\x7e]", item))


@lru_cache(maxsize=512)
def _pairs(text: str) -> frozenset[tuple[str, str]]:
    terms = _TERM.findall(text)
    return frozenset(pairwise(terms))
