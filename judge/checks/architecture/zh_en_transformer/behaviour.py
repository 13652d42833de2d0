"""What every model must do that is judged, an untrained one and the one that a script has left alike. `probe` answers with logits."""

import numpy as np

from judge.checks.architecture.zh_en_transformer.helpers import gap, sentences

TOLERANCE = 1e-4  # relative to the largest logit; correct float32 models stay below 1e-5
TARGET_LENGTH = 6


def source(rng, probe, count=4, length=7):
    """Random Chinese without padding."""
    return sentences(rng, count, length, probe.sizes.source, probe.sizes.pad)


def target(rng, probe, count=4, length=TARGET_LENGTH):
    """Random English without padding."""
    return sentences(rng, count, length, probe.sizes.target, probe.sizes.pad)


def same_output(check, probe, rng):
    """Evaluation is deterministic."""
    src, tgt = source(rng, probe), target(rng, probe)
    difference = gap(probe.forward(src, tgt), probe.forward(src, tgt))
    check.at_most(
        "两次前向的差",
        difference,
        TOLERANCE,
        "eval 模式下两次前向结果不同：dropout 在推理时仍然打开（F.dropout 要传 self.training；"
        "层放在普通列表里 eval() 管不到，要用 nn.ModuleList），或每次前向都新建了层（层要建在 __init__ 里）",
    )


def source_padding(check, probe, rng):
    """More padding to the right of the source changes nothing."""
    src, tgt = source(rng, probe), target(rng, probe)
    longer = np.concatenate([src, np.full((len(src), 3), probe.sizes.pad)], 1)
    base, more = probe.forward(src, tgt), probe.forward(longer, tgt)
    difference = gap(base, more)
    if difference > TOLERANCE:
        check.note_metric("补 pad 前后的差", difference, "<=", TOLERANCE)
        check.true(False, padding_mistake(probe, longer, tgt, rng))
    check.at_most("补 pad 前后的差", difference, TOLERANCE)


def padding_mistake(probe, longer, tgt, rng):
    """Inverted when the words do not matter any more; the number 0 taken for padding when zeros change nothing."""
    if sees_only_padding(probe, rng):
        return "源句填充掩码反了：换掉所有的词输出不变，看到的只有 pad（key_padding_mask 里 True 表示遮住）"
    words, zeros = longer[:, :-3], np.where(longer == probe.sizes.pad, 0, longer)
    words = np.where(words == 0, 1, words)
    if gap(probe.forward(words, tgt), probe.forward(np.concatenate([words, zeros[:, -3:]], 1), tgt)) < TOLERANCE:
        return f"把 0 当成了填充：这次 pad_id 是 {probe.sizes.pad}，要用传入的 pad_id"
    return (
        "源句里的 pad 影响了输出：编码器自注意力（src_key_padding_mask）与交叉注意力（memory_key_padding_mask）都要遮住 pad；"
        "两处都遮了，就看归一化、卷积或取平均是否跨了各个位置"
    )


def sees_only_padding(probe, rng):
    """Where the source has padding its words do not matter: the mask hides what it should show."""
    tgt, padding = target(rng, probe), np.full((4, 3), probe.sizes.pad)
    one, other = (probe.forward(np.concatenate([source(rng, probe), padding], 1), tgt) for _ in range(2))
    return gap(one, other) < TOLERANCE


def alone_as_in_a_batch(check, probe, rng):
    """A sentence is translated as if it were alone."""
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
