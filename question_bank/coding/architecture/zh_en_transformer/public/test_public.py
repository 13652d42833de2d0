"""公开样例：放到你的 solution_torch.py 旁边，运行 `pytest test_public.py`。隐藏检查比这些严格得多，还会真的训练一次。"""

import importlib
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

HERE = Path(__file__).parent
FILES = [name for name in ("solution", "solution_torch") if (HERE / f"{name}.py").exists()]
PAD, BOS, EOS = 2, 0, 1
SRC_WORDS, TGT_WORDS = 20, 30


@pytest.fixture(params=FILES or [pytest.param("", marks=pytest.mark.skip(reason="旁边没有 solution_torch.py"))])
def solution(request, monkeypatch):
    """你的文件。"""
    monkeypatch.syspath_prepend(str(HERE))
    return importlib.import_module(request.param)


@pytest.fixture
def model(solution):
    """未训练的模型，eval 模式。"""
    torch.manual_seed(0)
    return solution.build_model(SRC_WORDS, TGT_WORDS, PAD).eval()


def sentences(count, length, words):
    """没有填充的随机句子。"""
    return torch.randint(3, words, (count, length))


@torch.no_grad()
def test_shape(model):
    """(B, S) 与 (B, T) 得到 (B, T, V)。"""
    assert model(sentences(2, 5, SRC_WORDS), sentences(2, 4, TGT_WORDS)).shape == (2, 4, TGT_WORDS)


@torch.no_grad()
def test_causal(model):
    """改动最后一个目标词，前面位置的输出不变。"""
    src, tgt = sentences(2, 5, SRC_WORDS), sentences(2, 4, TGT_WORDS)
    other = tgt.clone()
    other[:, -1] = 3 + (other[:, -1] - 2) % (TGT_WORDS - 3)
    torch.testing.assert_close(model(src, tgt)[:, :-1], model(src, other)[:, :-1], rtol=0, atol=1e-4)


@torch.no_grad()
def test_padding(model):
    """源句右侧多补两个 pad，输出不变。"""
    src, tgt = sentences(2, 5, SRC_WORDS), sentences(2, 4, TGT_WORDS)
    longer = torch.cat([src, torch.full((2, 2), PAD)], dim=1)
    torch.testing.assert_close(model(src, tgt), model(longer, tgt), rtol=0, atol=1e-4)


def test_translate(solution, model):
    """int64，(B, L)，L 不超过 max_len。"""
    out = solution.translate(model, sentences(3, 5, SRC_WORDS), BOS, EOS, 6)

    assert out.dtype == torch.int64
    assert out.shape[0] == 3
    assert 1 <= out.shape[1] <= 6


def test_bleu(solution):
    """一到四元命中 6/7、5/6、4/5、3/4，长度相同：四个数的几何平均 × 100。"""
    hypotheses = [["the", "cat", "sat", "on", "the", "mat", "today"]]
    references = [[["the", "cat", "sat", "on", "the", "mat", "."]]]

    assert solution.corpus_bleu(hypotheses, references) == pytest.approx(100 * (6 / 7 * 5 / 6 * 4 / 5 * 3 / 4) ** 0.25, abs=0.1)


def test_bleu_penalises_short_translations(solution):
    """四个词全对，参考有六个词：过短惩罚 exp(1 - 6/4)。"""
    score = solution.corpus_bleu([["the", "cat", "sat", "on"]], [[["the", "cat", "sat", "on", "the", "mat"]]])

    assert score == pytest.approx(60.65, abs=0.1)
