"""A plain training script: the `model` it left is asked for logits, with the vocabularies that the statement describes."""

import numpy as np
import pytest

from judge.checks.architecture.zh_en_transformer import behaviour, mistakes, oracle, script_data
from judge.checks.architecture.zh_en_transformer.helpers import Probe, Sizes, in_batches, kind, table

MIN_BLEU, MIN_SWAPS, MAX_PAD, MAX_LEN, SHOWN = 15.0, 0.8, 0.5, 16, (7, 3)


@pytest.fixture(scope="module")
def corpus():
    return script_data.corpus()


@pytest.fixture(scope="module")
def forward(submission, corpus):
    return lambda src, tgt: in_batches(submission, submission.script_model, src, tgt, len(corpus.target))


@pytest.fixture(scope="module")
def probe(submission, corpus):
    """The model as the checks of untrained ones ask it."""
    sizes = Sizes(len(corpus.source), len(corpus.target), corpus.target.pad)
    return Probe(submission, submission.script_model, sizes, {})


@pytest.fixture(scope="module")
def decoded(corpus, forward, session_check):
    """The judge's own greedy decoding of the hidden sentences, ten of them for the report."""
    pairs = (*corpus.tatoeba, *corpus.swaps)
    rows = oracle.greedy(forward, corpus.source_rows(pairs), corpus.target.bos, corpus.target.eos, MAX_LEN).tokens
    out, real = [corpus.target.words(row) for row in rows], len(corpus.tatoeba)
    shown = [*range(SHOWN[0]), *range(real, real + SHOWN[1])]
    told = [("".join(pairs[i].zh), " ".join(out[i]), " / ".join(map(" ".join, pairs[i].en))) for i in shown]
    session_check.artifact("十句译文", "text", "text/plain", table(told))
    return out[:real], out[real:]


def test_forward(submission, corpus, check):
    """model(src, tgt) 返回 (B, T, V)，V 是约定的英文词表大小。"""
    src, tgt = corpus.source_rows(corpus.train[:4]), corpus.target_rows(corpus.train[:4])[:, :-1]
    output = submission.forward(submission.script_model, src, tgt)
    check.returned(
        isinstance(output, np.ndarray) and output.ndim == 3, f"model(src, tgt) 应返回 (B, T, V)，实际返回 {kind(output)}"
    )
    size, rule = len(corpus.target), "<pad>、<bos>、<eos> 为 0、1、2，其余 token 排序后依次编号"
    check.returned(output.shape[2] == size, f"输出有 {output.shape[2]} 类，约定的英文词表是 {size} 个：{rule}")
    check.shape(output, (*tgt.shape, size), "logits ")
    check.finite(output, "logits ")


def test_same_input_same_output(probe, rng, check):
    """eval 模式下是确定的：同一批句子两次前向结果相同。"""
    behaviour.same_output(check, probe, rng)


def test_causal_mask(corpus, forward, check):
    """因果：位置 t 的 logits 不依赖 t 之后的目标词。"""
    src, tgt = corpus.source_rows(corpus.train[:6]), corpus.target_rows(corpus.train[:6])[:, :5]
    base = forward(src, tgt).astype(np.float64)
    limit = 1e-4 * max(1.0, float(np.abs(base).max()))
    depends = []
    for column in range(tgt.shape[1]):
        other = tgt.copy()
        other[:, column] = 3 + (other[:, column] - 2) % (len(corpus.target) - 3)
        depends.append(np.abs(forward(src, other) - base).max((0, 2)) > limit)
    pattern = np.stack(depends, 1)
    leaks = int(np.triu(pattern, 1).sum())
    check.note_metric("看到后面的词的（位置，词）对数", leaks, "<=", 0)
    check.true(leaks == 0, mistakes.causality(pattern) or "位置 t 的输出依赖 t 之后的目标词：检查因果掩码")


def test_source_padding(probe, rng, check):
    """填充：在源句右侧多补几个 pad，输出不变。"""
    behaviour.source_padding(check, probe, rng)


def test_one_sentence_equals_its_row_in_a_batch(probe, rng, check):
    """独立：一句话单独算，与放在一批里算，结果相同。"""
    behaviour.alone_as_in_a_batch(check, probe, rng)


def test_padding_is_not_learnt(corpus, forward, check):
    """<pad> 的位置不计入损失：模型没有学过在 EOS 之后输出 pad。"""
    src, tgt = corpus.source_rows(corpus.train[:64]), corpus.target_rows(corpus.train[:64])[:, :-1]
    after_end = oracle.chance_of_padding(forward(src, tgt), tgt, corpus.target.eos, corpus.target.pad)
    check.at_most("EOS 之后预测 pad 的概率", after_end, MAX_PAD, mistakes.PAD_LEARNT)


def test_word_order(decoded, corpus, check):
    """词序测试：“甲帮助乙”与“乙帮助甲”成对出现，逐句完全正确的比例。"""
    share = float(np.mean([out == list(pair.en[0]) for out, pair in zip(decoded[1], corpus.swaps, strict=True)]))
    check.at_least("词序测试的句子正确率", share, MIN_SWAPS, "词序测试错得太多：训练不够，词表编号与约定不同，或没有位置编码")


def test_bleu(decoded, corpus, check):
    """隐藏的真实句子：判题机自己解码、自己计算的 BLEU。"""
    value = oracle.bleu(decoded[0], [pair.en for pair in corpus.tatoeba])
    check.at_least("隐藏测试句的 BLEU", value, MIN_BLEU, "译文质量不够：训练得太少，模型太小，或学习率不合适")
