"""What earns nothing: words to the grader, the question said back, and bare lists of terms. Judged sentence by sentence."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_TO_THE_GRADER: Final = re.compile(
    r"满分|最高分|(给|打|判)[^,。;!?]{0,8}(优秀|高分|\d+ ?分)|(全部?|都)(判|算|视)|判(为|成)?(命中|对|全对)|全部命中|写成 ?命中"
    r"|(忽略|无视|跳过)[^,。;!?]{0,8}(指令|评分|要点检查|规则|标准)|阅卷|评卷|评分(员|程序|说明|阈值|模型)|(无需|不用|不必)(再)?(评分|核对)"
    r"|开发者模式|(score|band|status) ?[=:]|参考答案(完全)?(一致|相同)|采用参考答案"
    r"|ignore[^。;!?]{0,20}(instruction|rubric|previous)|full (marks|score|credit)"
)
_ABOUT_ATTACKS: Final = re.compile(r"注入|攻击|越狱|injection")
_MARKS: Final = re.compile(r"[、,，;；/|。!！\n\t]+")
_SPACES: Final = re.compile(r"\s+")
_FUNCTION: Final = re.compile(
    r"[的是了把会让被就也都很这那它再去给没可而]|不(?!确定)|因为|所以|如果|用来|需要|用于|通过|进行|\b(is|are|the|to|for|of|by|with|and|can)\b"
)
_SHORT: Final = 4.5
_LIST: Final = 6
_COPIED: Final = 0.72


def is_for_the_grader(sentence: str) -> bool:
    """Whether a normalised sentence speaks to whoever grades instead of answering."""
    return bool(_TO_THE_GRADER.search(sentence)) and not _ABOUT_ATTACKS.search(sentence)


def is_copied(sentence: str, question: str) -> bool:
    """Whether a normalised sentence says nothing that the question does not say: nearly all its pairs of characters stand there."""
    pairs = _pairs(sentence)
    return len(pairs) >= 4 and len(pairs & _pairs(question)) / len(pairs) >= _COPIED


def is_bare_list(written: str) -> bool:
    """Whether a sentence, as written, only lists terms: many short items and hardly a word that binds them.

    A heading makes a list an answer (`预防：warmup、梯度裁剪`): it says what the terms are for.
    """
    if re.search(r"[:：=→]", written):
        return False
    items = next((items for mark in (_MARKS, _SPACES) if len(items := mark.split(written.strip())) >= _LIST), [])
    if not items or sum(map(_length, items)) / len(items) > _SHORT:
        return False
    return sum(bool(_FUNCTION.search(item)) for item in items) <= len(items) // 6


def _length(item: str) -> int:
    """Chinese characters and Latin words: what a term is long in."""
    return len(re.findall(r"[\x21-\x7e\uff01-\uff5e]+|[^\s\x21-\x7e]", item))


@lru_cache(maxsize=512)
def _pairs(text: str) -> frozenset[str]:
    letters = re.sub(r"[^\w]+", "", text)
    return frozenset(letters[i : i + 2] for i in range(len(letters) - 1))
