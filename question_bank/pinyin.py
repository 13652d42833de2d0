"""Titles as pinyin, for people who search without switching the keyboard. pypinyin (a quarter second to import) is loaded on use.

pypinyin picks the everyday reading of a 多音字; the field's own words are listed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

READINGS: Final[dict[str, str]] = {
    "重排": "chong pai",
    "重算": "chong suan",
    "重计算": "chong ji suan",
    "重参数": "chong can shu",
    "重复": "chong fu",
    "重写": "chong xie",
    "去重": "qu chong",
    "权重": "quan zhong",
    "参数": "can shu",
    "长度": "chang du",
    "长文本": "chang wen ben",
    "长上下文": "chang shang xia wen",
    "步长": "bu chang",
    "增长": "zeng zhang",
    "行业": "hang ye",
    "并行": "bing xing",
    "执行": "zhi xing",
    "调用": "diao yong",
    "调度": "diao du",
    "微调": "wei tiao",
    "调参": "tiao can",
    "调优": "tiao you",
    "降维": "jiang wei",
    "率": "lv",
    "量化": "liang hua",
    "向量": "xiang liang",
    "张量": "zhang liang",
    "模型": "mo xing",
    "掩码": "yan ma",
    "解码": "jie ma",
    "编码": "bian ma",
    "召回": "zhao hui",
    "还原": "huan yuan",
    "似然": "si ran",
    "相似": "xiang si",
    "数据": "shu ju",
    "分数": "fen shu",
    "间隔": "jian ge",
    "空间": "kong jian",
    "中文": "zhong wen",
    "命中": "ming zhong",
    "差分": "cha fen",
    "方差": "fang cha",
    "残差": "can cha",
    "卷积": "juan ji",
    "弹性": "tan xing",
    "了解": "liao jie",
    "为什么": "wei shen me",
    "大模型": "da mo xing",
}
"""Readings that decide what a title sounds like; longer entries win."""

_WORDS: Final = "|".join(sorted(map(re.escape, READINGS), key=len, reverse=True))
_PIECE: Final = re.compile(rf"(?P<word>{_WORDS})|(?P<latin>[a-z0-9]+)|(?P<other>(?:(?!{_WORDS})[\u4e00-\u9fff])+)")


def spoken(text: str) -> Iterator[tuple[str, str]]:
    """Syllable and initial of every 汉字 of `text` (normalised); a Latin word is its own syllable and initial."""
    for piece in _PIECE.finditer(text):
        if piece["latin"]:
            yield piece["latin"], piece["latin"]
        elif piece["word"]:
            yield from ((syllable, syllable[0]) for syllable in READINGS[piece["word"]].split())
        else:
            yield from ((syllable, syllable[0]) for syllable in _everyday(piece["other"]))


def _everyday(characters: str) -> list[str]:
    from pypinyin import lazy_pinyin

    return list(lazy_pinyin(characters))


@lru_cache(maxsize=1)
def common_characters() -> dict[str, str]:
    """The 6,763 characters of GB 2312 with their everyday reading: enough to hear what a query sounds like without pypinyin."""
    from pypinyin import lazy_pinyin

    table = {}
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            char = bytes((high, low)).decode("gb2312", "ignore")
            if char:
                table[char] = lazy_pinyin(char)[0]
    return table
