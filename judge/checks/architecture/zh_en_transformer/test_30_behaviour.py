"""What may depend on what, on the untrained model: cheap, and blind to how well it will learn.

BLEU sees none of the padding and batch mistakes below, and hardly a missing positional encoding.
"""

import re

import numpy as np

from judge.checks.architecture.zh_en_transformer import behaviour, mistakes
from judge.checks.architecture.zh_en_transformer.behaviour import TOLERANCE, source, target
from judge.checks.architecture.zh_en_transformer.helpers import Probe, gap


def changed(rows, column, size, pad):
    """Another token in one column."""
    out = rows.copy()
    out[:, column] = (out[:, column] + 1) % size
    out[:, column] = np.where(out[:, column] == pad, (pad + 1) % size, out[:, column])
    return out


def test_same_input_same_output(probe, rng, check):
    """eval 模式下是确定的：同一批句子两次前向结果相同。"""
    behaviour.same_output(check, probe, rng)


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
    if leaks and depends.all() and behaviour.sees_only_padding(probe, rng):
        check.true(
            False, "因果掩码与填充掩码都反了：masked_fill 填的应是看不到的位置（~mask，或 mask == 0），现在看得到的只有该遮住的"
        )
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
    behaviour.source_padding(check, probe, rng)


def test_one_sentence_equals_its_row_in_a_batch(probe, rng, check):
    """独立：一句话单独算，与放在一批里算，结果相同。"""
    behaviour.alone_as_in_a_batch(check, probe, rng)


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
    src, tgt = every_token(rng, probe.sizes.source, probe.sizes.pad), every_token(rng, probe.sizes.target, probe.sizes.pad)
    cotangent = rng.standard_normal((*tgt.shape, probe.sizes.target)).astype(np.float32)
    found = submission.gradients(probe.model, src, tgt, cotangent=cotangent, wrt=[]).parameters
    reached = sum(grad is not None for grad in found.values()) / max(1, len(found))
    check.at_least(
        "得到梯度的张量比例", reached, 0.8, "一大部分参数得不到梯度：编码器的输出被 detach() 了，或前向的一段放在 no_grad() 里"
    )
    for name, size in (("中文", probe.sizes.source), ("英文", probe.sizes.target)):
        silent = tokens_without_gradient(found, size, probe.sizes.pad)
        told = "、".join(map(str, silent[:3]))
        check.true(
            not silent,
            f"{name} token {told} 的词嵌入得不到梯度：padding_idx 写死了？这次 pad_id 是 {probe.sizes.pad}，要用传入的 pad_id",
        )


def every_token(rng, size, pad):
    """Four rows in which every token but padding occurs once."""
    tokens = rng.permutation([token for token in range(size) if token != pad])
    return tokens.reshape(4, -1).astype(np.int64)


def tokens_without_gradient(found, size, pad):
    """Rows of the embedding tables of that many tokens that nothing is learnt for."""
    tables = [grad for grad in found.values() if grad is not None and grad.ndim == 2 and len(grad) == size]
    return sorted({token for grad in tables for token in range(size) if token != pad and not grad[token].any()})


def test_layers_have_weights_of_their_own(probe, submission, check):
    """每一层有自己的参数。"""
    shared = layers_that_are_others(submission.state(probe.model), submission.trainable(probe.model))
    check.true(
        not shared,
        "几层用的是同一份参数：[layer] * n 只是把同一层放了 n 次，要各建一层（nn.ModuleList(Layer() for _ in range(n)) 或 deepcopy）",
    )


def layers_that_are_others(state, trainable):
    """Numbered layers without a parameter of their own: each of theirs is, to the last bit, another layer's (the probe's weights are shaken)."""
    own = {name: layer(name) for name in trainable if layer(name)}
    found = set()
    for name, value in state.items():
        if (place := layer(name)) and place not in own.values():
            twins = [
                other
                for other, its in own.items()
                if its[0] == place[0] and name == f"{place[0]}{place[1]}{other[len(''.join(its)) :]}"
            ]
            if any(np.array_equal(value, state[other]) for other in twins):
                found.add(place)
    return found


def layer(name):
    """`("encoder.", "1")` of `encoder.1.feed.0.weight`; None without a number."""
    found = re.match(r"(.*?\.)(\d+)(?=\.)", name)
    return found.groups() if found else None


def test_a_model_is_its_weights(probe, submission, rng, check):
    """登记的参数就是模型的全部：装进另一个新模型，输出相同。"""
    src, tgt, sizes = source(rng, probe), target(rng, probe), probe.sizes
    other = Probe(submission, submission.call("build_model", sizes.source, sizes.target, sizes.pad), sizes, {})
    other.forward(src, tgt)  # lazy layers make their weights now
    submission.load_state(other.model, submission.state(probe.model))
    diagnosis = (
        "把一个模型的全部参数装进另一个新模型，输出却不同：有的层或张量没有登记，优化器也管不到"
        "（不要放进普通列表，用 nn.ModuleList、nn.Parameter 或 register_buffer）"
    )
    check.at_most("参数相同的两个模型的差", gap(probe.forward(src, tgt), other.forward(src, tgt)), TOLERANCE, diagnosis)
