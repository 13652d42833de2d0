"""What may depend on what, on the untrained model: cheap, and blind to how well it will learn.

BLEU sees none of the padding and batch mistakes below, and hardly a missing positional encoding.
"""

import numpy as np

from judge.checks.architecture.zh_en_transformer import mistakes
from judge.checks.architecture.zh_en_transformer.helpers import gap, sentences

TOLERANCE = 1e-4  # relative to the largest logit; correct float32 models stay below 1e-5
TARGET_LENGTH = 6


def source(rng, probe, count=4, length=7):
    """Random Chinese without padding."""
    return sentences(rng, count, length, probe.sizes.source, probe.sizes.pad)


def target(rng, probe, count=4, length=TARGET_LENGTH):
    """Random English without padding."""
    return sentences(rng, count, length, probe.sizes.target, probe.sizes.pad)


def changed(rows, column, size, pad):
    """Another token in one column."""
    out = rows.copy()
    out[:, column] = (out[:, column] + 1) % size
    out[:, column] = np.where(out[:, column] == pad, (pad + 1) % size, out[:, column])
    return out


def test_same_input_same_output(probe, rng, check):
    """eval 模式下是确定的：同一批句子两次前向结果相同。"""
    src, tgt = source(rng, probe), target(rng, probe)
    difference = gap(probe.forward(src, tgt), probe.forward(src, tgt))
    check.at_most(
        "两次前向的差",
        difference,
        TOLERANCE,
        "eval 模式下两次前向结果不同：dropout 在推理时仍然打开（F.dropout 要传 self.training）",
    )


def dependence(probe, src, tgt):
    """Which output position depends on which target token."""
    base = probe.forward(src, tgt).astype(np.float64)
    limit = TOLERANCE * max(1.0, float(np.abs(base).max()))
    columns = [probe.forward(src, changed(tgt, k, probe.sizes.target, probe.sizes.pad)) for k in range(tgt.shape[1])]
    return np.stack([np.abs(column - base).max((0, 2)) > limit for column in columns], 1)


def test_causal_mask(probe, rng, check):
    """因果：位置 t 的 logits 不依赖 t 之后的目标词。"""
    depends = dependence(probe, source(rng, probe), target(rng, probe))
    leaks = int(np.triu(depends, 1).sum())
    check.note_metric("看到后面的词的（位置，词）对数", leaks, "<=", 0)
    check.true(leaks == 0, mistakes.causality(depends) or "位置 t 的输出依赖 t 之后的目标词：检查解码器自注意力的因果掩码")


def test_sees_earlier_words(probe, rng, check):
    """位置 t 的 logits 依赖它自己和前面每一个目标词。"""
    depends = dependence(probe, source(rng, probe), target(rng, probe))
    size = len(depends)
    if not depends[-1, :-1].any():
        sentence = "解码器只看得到当前这一个词：自注意力的掩码把前面的词也遮住了"
    elif not depends.diagonal().any():
        sentence = "位置 t 的输出不依赖 tgt[:, t]：掩码把自己也遮住了，或目标在模型里又右移了一次"
    else:
        sentence = mistakes.causality(depends) or "位置 t 的输出与前面某些目标词无关：因果掩码遮得太多"
    seen = int(np.tril(depends).sum())
    check.note_metric("看得到的（位置，词）对数", seen, ">=", size * (size + 1) // 2)
    check.true(seen == size * (size + 1) // 2, sentence)


def test_source_padding(probe, rng, check):
    """填充：在源句右侧多补几个 pad_id，输出不变。"""
    src, tgt = source(rng, probe), target(rng, probe)
    longer = np.concatenate([src, np.full((len(src), 3), probe.sizes.pad)], 1)
    base, more = probe.forward(src, tgt), probe.forward(longer, tgt)
    difference = gap(base, more)
    if difference > TOLERANCE:
        check.note_metric("补 pad 前后的差", difference, "<=", TOLERANCE)
        check.true(False, padding_mistake(probe, rng, longer, tgt, more))
    check.at_most("补 pad 前后的差", difference, TOLERANCE)


def padding_mistake(probe, rng, longer, tgt, output):
    """Inverted when the words do not matter any more; the number 0 taken for padding when zeros change nothing."""
    words = source(rng, probe, *longer[:, :-3].shape)
    other = np.concatenate([words, longer[:, -3:]], 1)
    if gap(output, probe.forward(other, tgt)) < TOLERANCE:
        return "源句填充掩码反了：换掉所有的词输出不变，看到的只有 pad（key_padding_mask 里 True 表示遮住）"
    words, zeros = longer[:, :-3], np.where(longer == probe.sizes.pad, 0, longer)
    words = np.where(words == 0, 1, words)
    if gap(probe.forward(words, tgt), probe.forward(np.concatenate([words, zeros[:, -3:]], 1), tgt)) < TOLERANCE:
        return f"把 0 当成了填充：这次 pad_id 是 {probe.sizes.pad}，要用传入的 pad_id"
    return "源句里的 pad 影响了输出：编码器自注意力（src_key_padding_mask）与交叉注意力（memory_key_padding_mask）都要遮住 pad"


def test_one_sentence_equals_its_row_in_a_batch(probe, rng, check):
    """独立：一句话单独算，与放在一批里算，结果相同。"""
    src, tgt = source(rng, probe), target(rng, probe)
    batch = probe.forward(src, tgt)
    alone = np.concatenate([probe.forward(src[i : i + 1], tgt[i : i + 1]) for i in range(len(src))])
    difference = gap(batch, alone)
    check.note_metric("单句与成批的差", difference, "<=", TOLERANCE)
    check.true(difference <= TOLERANCE, mixed(probe, rng, src, tgt, batch))


def mixed(probe, rng, src, tgt, batch):
    """Which half of the model lets sentences see each other."""
    other = np.concatenate([src[:1], source(rng, probe, len(src) - 1, src.shape[1])])
    through_source = gap(batch[:1], probe.forward(other, tgt)[:1]) > TOLERANCE
    other = np.concatenate([tgt[:1], target(rng, probe, len(tgt) - 1, tgt.shape[1])])
    through_target = gap(batch[:1], probe.forward(src, other)[:1]) > TOLERANCE
    if not through_source and not through_target:
        return "句子在一批里的行号影响了输出：位置编码按 batch 维取了（batch_first 的输入要用 x.size(1)，或 BatchNorm 用了批统计量）"
    advice = "把 batch 当成了时间维：检查 batch_first=True，或前后的 transpose，或归一化、softmax 用在了 batch 维上"
    if through_source and through_target:
        return f"一批里的句子互相看见了（编码器与解码器都是）：{advice}"
    half = "编码器" if through_source else "解码器"
    return f"一批里的句子互相看见了（换掉别的句子，这一句的输出跟着变，出在{half}一侧）：{advice}"


def test_source_matters(probe, rng, check):
    """源句：换一句中文，输出跟着变。"""
    src, tgt = source(rng, probe), target(rng, probe)
    difference = gap(probe.forward(src, tgt), probe.forward(np.roll(src, 1, 0), tgt))
    check.above("换源句前后的差", difference, TOLERANCE, "输出与源句无关：解码器没有交叉注意力，或没有用上编码器的输出")


def test_word_order_matters(probe, rng, check):
    """词序：交换源句中的两个字，输出跟着变。"""
    src, tgt = source(rng, probe), target(rng, probe)
    src[:, 1] = np.where(src[:, 1] == src[:, 4], changed(src, 4, probe.sizes.source, probe.sizes.pad)[:, 4], src[:, 1])
    swapped = src.copy()
    swapped[:, [1, 4]] = src[:, [4, 1]]
    difference = gap(probe.forward(src, tgt), probe.forward(swapped, tgt))
    check.above(
        "交换两个字前后的差",
        difference,
        TOLERANCE,
        "交换源句里的两个字，输出不变：编码器没有位置编码，“甲帮助乙”与“乙帮助甲”分不清",
    )


def test_gradient_reaches_the_parameters(probe, submission, rng, check):
    """梯度能从输出传到编码器与解码器的参数。"""
    src, tgt = source(rng, probe), target(rng, probe)
    cotangent = rng.standard_normal((*tgt.shape, probe.sizes.target)).astype(np.float32)
    found = submission.gradients(probe.model, src, tgt, cotangent=cotangent, wrt=[]).parameters
    reached = sum(grad is not None for grad in found.values()) / max(1, len(found))
    check.at_least(
        "得到梯度的张量比例", reached, 0.8, "一大部分参数得不到梯度：编码器的输出被 detach() 了，或前向的一段放在 no_grad() 里"
    )
