"""Text made safe and readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.widgets import Label, OptionList, Static

from quizapp.text.markdown import parser, prose
from quizapp.text.math import readable, transcribe
from quizapp.text.plain import line, plain, verbatim
from quizapp.text.width import ambiguous, cell_len, fit, pad

EATEN = "f(x: list[int]) -> [red] x[0] [/foo] [@click=app.quit]不要点[/]"


class Shown(App[None]):
    def compose(self) -> ComposeResult:
        yield Label(plain(EATEN))
        yield Static(plain(EATEN))
        yield OptionList(plain(EATEN))


async def test_brackets_survive_every_widget():
    async with Shown().run_test(size=(100, 20)) as pilot:
        shown = "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())

    assert shown.count(EATEN) == 3


@given(st.text(st.characters(codec=None), max_size=200))
def test_nothing_that_could_steer_a_terminal_passes(text):
    shown = verbatim(text).plain

    assert not set(shown) & {chr(code) for code in (*range(9), *range(11, 32), *range(127, 160))}
    shown.encode("utf-8")


def test_escape_sequences_vanish_and_their_words_stay():
    assert verbatim("\x1b[31m红\x1b[0m\x1b]0;title\x07字\ud800").plain == "红字"


def test_what_the_learner_wrote_is_not_read_as_math():
    assert verbatim("$x_1$").plain == "$x_1$"
    assert plain("$x_1$").plain == "x₁"


def test_line_joins_lines():
    assert line("一\n 二\t三").plain == "一 二 三"
    assert line(" 简答  难度 1  高频 \n").plain == "简答  难度 1  高频"


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        (r"\frac{QK^T}{\sqrt{d_k}}", "QKᵀ/√dₖ"),
        (r"\sum_{i=1}^{n} y_i \log \hat{y}_i", "Σᵢ₌₁ⁿ yᵢ log ŷᵢ"),
        (r"\left(\frac{a+b}{c}\right)^2", "((a+b)/c)²"),
        (r"W \in \mathbb{R}^{d \times k}", "W ∈ ℝ^(d × k)"),
        (r"d_{model}", "d_model"),
        (r"\exp\left(-\frac{1}{N}\sum_i \log p\right)", "exp(-1/N Σᵢ log p)"),
        (r"\sqrt[3]{x+1}", "³√(x+1)"),
        (r"\begin{aligned}a &= b \\ c &= d\end{aligned}", "a = b ; c = d"),
        (r"\unheard{x} \of", r"\unheard{x} \of"),
    ],
)
def test_formulas_become_readable(latex, shown):
    assert transcribe(latex) == shown


@pytest.mark.parametrize(
    "text", ["价格$5和$6", "花了 $5 和 $6", "每百万 token 从 $5/M 降到 $1/M", "US$5-$6", r"C:\temp\new", "$HOME 与 $PATH"]
)
def test_money_and_paths_are_not_math(text):
    assert readable(text) == text


@given(st.text(st.sampled_from("\\{}[]$^_ abfracsqrtleft&0"), max_size=200))
def test_no_formula_breaks_the_reader(text):
    transcribe(text)
    readable(text)


def test_deep_nesting_is_left_as_it_is():
    nested = "{" * 5000

    assert transcribe(nested) == nested


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("**涌现能力（Emergent）**是指", "涌现能力（Emergent）是指"),
        ("第一行\n第二行", "第一行第二行"),
        ("第一行\nsecond", "第一行\nsecond"),
        ("特殊词元 <pad> 与 List<int>", "特殊词元 <pad> 与 List<int>"),
        ("$a_1 * b_2 * c$", "a₁ * b₂ * c"),
        (r"\(x_i\) 与 \[y^2\]", "xᵢ 与 y²"),
        ("`$x_1$`", "$x_1$"),
        ("价格$5和$6", "价格$5和$6"),
    ],
)
def test_markdown_keeps_every_word(markdown, words):
    assert prose(markdown) == words


def test_bold_beside_full_width_punctuation_is_bold():
    children = parser().parse("**涌现能力（Emergent）**是指")[1].children

    assert children is not None
    assert "strong_open" in [child.type for child in children]


@given(st.text(st.sampled_from("汉字abc ，.✓"), max_size=60), st.integers(0, 40))
def test_fit_and_pad_give_exact_widths(text, width):
    assert cell_len(fit(text, width)) <= width
    assert cell_len(pad(text, width)) == width
    assert cell_len(pad(text, width, right=True)) == width


def test_ambiguous_glyphs_are_named():
    assert ambiguous("✓ 通过 → 第①题") == {"→", "①"}
