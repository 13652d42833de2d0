"""Expressions are read, never run; numeric questions come out as the textbook says."""

import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank import numeric
from question_bank.arithmetic import ExpressionProblem, evaluate, names
from question_bank.numeric import answer, draws, fill, shown, worked


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("-2 ** 2", -4),
        ("7 // 2 + 7 % 2", 4),
        ("1e9 / 4", 2.5e8),
        ("sqrt(2) ** 2", 2.0),
        ("exp(log(5))", 5.0),
        ("ceil(2.1) + floor(2.9)", 5),
        ("max(1, 2) - min(1, 2)", 1),
        ("layers * heads", 12),
    ],
)
def test_evaluate(expression, value):
    assert evaluate(expression, {"layers": 3, "heads": 4}) == pytest.approx(value)


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('os').system('ls')",
        "(1).__class__",
        "[1][0]",
        "lambda: 1",
        "'a' * 3",
        "True + 1",
        "1 if 1 else 2",
        "f'{1}'",
        "exp(x=1)",
        "exp(*[1])",
        "open('x')",
        "unknown + 1",
        "1 / 0",
        "1 % 0",
        "log(0)",
        "sqrt(-1)",
        "(-1) ** 0.5",
        "exp(1000)",
        "10 ** 10 ** 10",
        "9 ** 99999",
        "1e308 * 10",
        "1 +",
        "",
        "1; 2",
        "+" * 5000 + "1",
        "1e999",
    ],
)
def test_refused_with_a_chinese_sentence(expression):
    with pytest.raises(ExpressionProblem) as caught:
        evaluate(expression)
    assert any("\u4e00" <= char <= "\u9fff" for char in str(caught.value))


@given(st.text(alphabet="0123456789+-*/%(). ,abexpx_'[]", max_size=40))
def test_any_text_gives_a_finite_number_or_a_refusal(text):
    with contextlib.suppress(ExpressionProblem):
        assert math.isfinite(evaluate(text, {"x": 2}))


def test_names_are_the_parameters_only():
    assert names("exp(a) + b * max(a, c)") == {"a", "b", "c"}


def test_fill_replaces_parameters_and_computes_but_leaves_latex():
    assert (
        fill(r"{layers} 层，$d_{model}$，{= layers * 2} 头，{unknown}", {"layers": 3}) == r"3 层，$d_{model}$，6 头，{unknown}"
    )


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (3, "3"),
        (4096.0, "4096"),
        (0.5, "0.5"),
        (1 / 3, "0.3333"),
        (1.5e12, "1.5e12"),
        (2e10, "2e10"),
        (0.000012, "1.2e-5"),
        (0, "0"),
    ],
)
def test_shown(number, text):
    assert shown(number) == text


KNOWN = {
    # LLaMA-2 7B at FP16, 4096 tokens: 0.5 MiB a token
    "kv_cache_size": ({"layers": 32, "kv_heads": 32, "head_dim": 128, "batch": 1, "seq": 4096}, 32 * 4096 * 2 * 4096 * 2 / 1e9),
    # 6·7e9·2e12 at 40 % of 1024 × 312 TFLOPS: a week
    "training_days": ({"gpus": 1024, "peak": 312, "tokens": 2, "params": 7, "mfu": 0.4}, 7.608),
    # LLaMA-7B, q and v, r = 8: 4.19 M, as printed by peft
    "lora_parameter_count": ({"layers": 32, "d": 4096, "rank": 8}, 4.194304),
    "weight_memory": ({"params": 7, "bits": 4}, 3.5),
    "zero3_memory": ({"params": 7, "gpus": 8}, 14.0),
    "pipeline_bubble": ({"stages": 4, "micro": 8}, 100 * 3 / 11),
    "perplexity_from_loss": ({"loss": 2.0}, 7.389),
    "f1_from_counts": ({"tp": 60, "fp": 30, "fn": 20}, 0.7059),
    # GPT-2 medium: 354 M without positions
    "gpt_parameter_count": ({"layers": 24, "d": 1024, "vocab": 50257}, 3.5345),
    "cnn_parameter_count": ({"k": 3, "cin": 1, "cout": 32}, 320),
    "vit_token_count": ({"size": 224, "patch": 16}, 197),
    "api_cost": ({"calls": 10000, "tin": 1500, "tout": 200, "pin": 2, "pout": 8}, 1380),
    "rrf_score": ({"a": 1, "b": 1}, 2 / 61),
    "temperature_probability": ({"high": 2, "low": 0, "temp": 2}, 0.7311),
    "pq_memory": ({"n": 10, "d": 768, "m": 96, "bits": 8}, 960),
    "auc_pairs": ({"p": 4, "n": 6, "w": 17, "t": 2}, 18 / 24),
    # 400 points apart: ten to one
    "elo_update": ({"ra": 1000, "rb": 1400, "k": 32}, 32 * 10 / 11),
    # VGG-16 as far as conv2_1
    "receptive_field": ({"n": 2, "m": 1}, 10),
    "training_energy": ({"cards": 1024, "days": 30, "watt": 1000, "pue": 1.2}, 884.736),
    # two reduce-scatter and all-gather rings of 7 steps, an eighth of 14 GB each
    "ring_allreduce_bytes": ({"params": 7, "gpus": 8}, 24.5),
    "static_batch_waste": ({"a": 100, "b": 200, "c": 80, "d": 400}, 51.25),
    "tpot_from_latency": ({"total": 10, "ttft": 1.5, "n": 101}, 85.0),
    "self_host_break_even": ({"f": 10, "v": 1, "p": 5}, 250),
}  # fmt: skip


@pytest.mark.parametrize("question_id", KNOWN)
def test_numeric_questions_agree_with_known_figures(bank, question_id):
    values, expected = KNOWN[question_id]
    assert answer(bank.get(question_id), values) == pytest.approx(expected, rel=1e-3)


def test_every_numeric_question_has_a_known_figure(bank):
    assert {question.id for question in bank.questions if question.type == "numeric"} == set(KNOWN)


def test_worked_solutions_leave_no_hole_and_end_in_the_answer(bank):
    for question in bank.questions:
        if question.type != "numeric":
            continue
        for values in draws(question):
            text = worked(question, values)
            assert shown(numeric.answer(question, values)) in text
            assert "{" not in text
            assert "{" not in fill(question.prompt, values)
