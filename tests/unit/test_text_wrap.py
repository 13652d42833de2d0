"""Chinese line breaking inside Textual."""

import itertools
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual._xterm_parser import XTermParser
from textual.app import App, ComposeResult
from textual.content import Content
from textual.widgets import Static, TextArea

from quizapp.text import wrap
from quizapp.widgets.prose import Prose

MIXED = st.text(st.sampled_from("汉字模型，。、（）《》“”…—·abcXYZ019 .,:;!?()[]{}%$-_\t√α"), max_size=120)
PROSE = (
    "Transformer 是一种完全基于注意力机制的模型（Vaswani 等，2017），它抛弃了循环与卷积。"
    "为什么除以 √d_k？因为“点积的方差随维度增长”，softmax 会饱和。"
)


def lines_of(text: str, width: int) -> list[str]:
    cuts = [0, *wrap.divide_line(text, width), len(text)]
    return [text[a:b] for a, b in itertools.pairwise(cuts)]


@given(MIXED)
def test_atoms_cover_the_text_without_gaps(text):
    assert "".join(text[a:b] for a, b in wrap.atoms(text)) == text


@given(MIXED, st.integers(2, 40))
def test_no_line_is_wider_than_asked(text, width):
    lines = lines_of(text, width)

    assert "".join(lines) == text
    assert all(cell_len(line.rstrip()) <= width for line in lines)


@pytest.mark.parametrize("width", range(12, 80))
def test_prose_obeys_kinsoku(width):
    for line in lines_of(PROSE, width):
        assert line[0] not in "，。、；：？！）》”…—"
        assert line.rstrip()[-1] not in "（《“"


def test_a_chinese_sentence_shares_the_line_with_the_word_before_it():
    assert lines_of("Transformer 是一种完全基于注意力机制的模型", 20)[0] == "Transformer 是一种完"


def test_latin_words_and_code_stay_whole():
    joined = "|".join(lines_of("使用 scaled_dot_product_attention(q, k, v) 计算注意力", 34))

    assert "scaled_dot_product_attention(q, " in joined


@given(st.text(st.sampled_from("([{（a)，"), max_size=3000))
def test_adversarial_punctuation_is_linear(text):
    assert sum(b - a for a, b in wrap.atoms(text)) == len(text)


def test_every_patched_place_exists_and_is_replaced():
    """Fails when a new Textual renames what `install` replaces."""
    wrap.install()
    import rich.text
    import textual._wrap
    import textual._xterm_parser
    import textual.content

    assert textual.content.divide_line is wrap.divide_line
    assert rich.text.divide_line is wrap.divide_line
    assert textual._wrap.chunks is wrap.chunks
    assert textual._xterm_parser._MAX_SEQUENCE_SEARCH_THRESHOLD == wrap.PARSER_THRESHOLD
    assert Content("一个很长的中文句子").get_minimal_width({}) == 2


def test_a_missing_place_fails_loudly(monkeypatch):
    monkeypatch.setattr(wrap, "_PATCHES", (("textual.content", "no_such_name", None),))

    with pytest.raises(RuntimeError, match=r"textual\.content\.no_such_name"):
        wrap.install()


def test_a_long_ime_commit_arrives_whole(monkeypatch):
    """200 汉字 in one kitty key report, as kitty and Ghostty send them to whoever turned the protocol back on."""
    monkeypatch.setattr("textual.constants.DISABLE_KITTY_KEY", False)
    wrap.install()
    typed = "大模型推理优化" * 28 + "完整到达"
    sequence = "\x1b[32;;" + ":".join(str(ord(char)) for char in typed) + "u"

    events = list(XTermParser().feed(sequence))

    assert "".join(event.character for event in events if getattr(event, "character", None)) == typed


@pytest.mark.parametrize(("given", "expected"), [(None, "True"), ("0", "False")])
def test_kitty_keys_are_off_unless_the_user_chose(given, expected):
    environ = {key: value for key, value in os.environ.items() if key != "TEXTUAL_DISABLE_KITTY_KEY"}
    if given is not None:
        environ["TEXTUAL_DISABLE_KITTY_KEY"] = given
    code = "import quizapp, textual.constants as c; print(c.DISABLE_KITTY_KEY)"

    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == expected


TABLE = """| 指标 | 含义 | 适用 |
| --- | --- | --- |
| 困惑度 PPL | 语言模型对文本的不确定程度，越低越好，不能跨词表比较 | 预训练 |
| BLEU-4 | 候选译文与参考译文的 n-gram 精确率几何平均，乘以过短惩罚 | 机器翻译 |
"""


class Page(App[None]):
    def compose(self) -> ComposeResult:
        yield Prose(TABLE)


@pytest.mark.parametrize("width", [24, 40, 60, 80])
async def test_tables_lose_no_text(width):
    wrap.install()
    async with Page().run_test(size=(width, 60)) as pilot:
        await pilot.pause()
        shown = "".join(strip.text for strip in pilot.app.screen._compositor.render_strips())

    assert "…" not in shown
    for char in set(TABLE) - set("|- \n"):
        assert shown.count(char) >= TABLE.count(char), char


class Typing(App[None]):
    def compose(self) -> ComposeResult:
        yield TextArea()
        yield Static(Content(PROSE))


async def test_text_area_and_static_wrap_by_the_same_rules():
    wrap.install()
    async with Typing().run_test(size=(40, 30)) as pilot:
        area = pilot.app.query_one(TextArea)
        area.load_text(PROSE)
        await pilot.pause()

        lines = [line for row in area.wrapped_document.lines for line in row]

    assert lines[0].startswith("Transformer 是")
    assert not any(line[0] in "，。、）”" for line in lines if line)
