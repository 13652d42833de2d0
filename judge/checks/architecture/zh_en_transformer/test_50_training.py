"""One training run, measured from outside. Thresholds and what was measured over seeds: `docs/calibration.md`."""

import numpy as np
import pytest

from judge.checks.architecture.zh_en_transformer import mistakes, oracle
from judge.checks.architecture.zh_en_transformer.helpers import kind, numbers, trainable

MAX_LOSS_RATIO = 0.45
MIN_BLEU = 15.0
MIN_SWAPS = 0.8  # a model blind to word order cannot pass 0.5: of a pair it gets at most one right
MAX_PAD = 0.5
MIN_SAME = 0.95


@pytest.fixture(scope="module")
def losses(trained, session_check):
    """The losses, once they are known to be some."""
    found = numbers(trained.history)
    session_check.returned(
        found is not None,
        f"train 应返回每个 epoch 平均损失的列表（有限的浮点数，用 loss.item()），实际返回 {kind(trained.history)}",
    )
    return found


def test_inputs_are_left_alone(trained, check):
    """train 不改动传入的 src 与 tgt。"""
    for name, before, after in zip(("src", "tgt"), trained.inputs_before, trained.inputs_after, strict=True):
        same = isinstance(after, np.ndarray) and np.array_equal(before, after)
        check.true(same, f"train 就地改动了传入的 {name}：把 pad 换成别的数之前先 clone()")


def test_weights_moved(trained, check):
    """训练的是传入的那个模型：编码器与解码器的参数都变了。"""
    before, after = trained.weights_before, trained.weights_after
    moved = sum(not np.array_equal(before[name], after.get(name)) for name in before) / max(1, len(before))
    if moved == 0:
        diagnosis = "传入的模型参数一点没变：漏了 optimizer.step() 或 backward()，或在 train 里另建了一个模型"
    else:
        diagnosis = "只有一部分参数更新了：检查优化器是否拿到了全部参数（model.parameters()），编码器有没有被冻结"
    check.at_least("变化的张量比例", moved, 0.8, diagnosis)


def test_losses(losses, check):
    """train 返回每个 epoch 的平均损失。"""
    check.at_least("epoch 数", len(losses), 2, "至少训练两个 epoch，每个 epoch 记一个损失")


def test_loss_falls(trained, corpus, check):
    """训练后，判题机自己测得的损失（给定前面的词预测下一个词）明显下降。"""
    pad = corpus.target.pad
    after = oracle.token_loss(trained.logits, trained.tgt[:, 1:], pad)
    ratio = after / trained.loss_before if np.isfinite(after) else float("inf")
    check.at_most("训练后与训练前的损失之比", ratio, MAX_LOSS_RATIO, why_high(trained, pad, after))


def why_high(trained, pad, after):
    """What the best tokens are instead of the next ones."""
    if oracle.agreement(trained.logits, trained.tgt[:, :-1], pad) > 0.8:
        return "模型在复述它的输入：训练时输入与目标没有错开，输入是 tgt[:, :-1]，目标是 tgt[:, 1:]"
    if oracle.agreement(trained.logits[:, :-1], trained.tgt[:, 2:], pad) > 0.4:
        return "模型预测的是再下一个词：训练时多错开了一格，输入是 tgt[:, :-1]，目标是 tgt[:, 1:]"
    if not np.isfinite(after) or after > 1.1 * trained.loss_before:
        return "损失不降反升：检查损失的符号、学习率是否过大、是否做了梯度裁剪"
    return "损失降得不够：训练太少，学习率过大或过小，或梯度没有每步清零（zero_grad）"


def test_padding_is_not_learnt(trained, corpus, check):
    """pad_id 的位置不计入损失：模型没有学过在 EOS 之后输出 pad。"""
    target = corpus.target
    after_end = oracle.chance_of_padding(trained.logits, trained.tgt[:, :-1], target.eos, target.pad)
    check.at_most("EOS 之后预测 pad 的概率", after_end, MAX_PAD, mistakes.PAD_LEARNT)


def test_losses_are_true(trained, losses, corpus, check):
    """返回的损失是真的：最后一个 epoch 的损失与判题机测得的相称。"""
    measured = oracle.token_loss(trained.logits, trained.tgt[:, 1:], corpus.target.pad)
    told, allowed = losses[-1], (0.5 * measured, 2.5 * measured + 1.5)
    if told > allowed[1]:
        diagnosis = f"最后一个 epoch 的损失 {told:.3g} 远大于判题机测得的 {measured:.3g}：返回的是总和？要除以批数"
    else:
        diagnosis = f"最后一个 epoch 的损失 {told:.3g} 远小于判题机测得的 {measured:.3g}：平均时把 pad 也算进了个数，或数不是训练中得来的"
    check.note_metric("返回的与测得的损失之比", told / max(measured, 1e-9), ">=", 0.5)
    check.true(allowed[0] <= told <= allowed[1], diagnosis)


def test_translations_come_from_the_weights(submission, trained, check):
    """译文是由参数算出来的：参数全部置零，输出就与源句无关。"""
    state = submission.state(trained.model)
    silent = {name: np.zeros_like(value) for name, value in trainable(submission, trained.model).items()}
    submission.load_state(trained.model, {**state, **silent})
    try:
        blank = submission.forward(trained.model, trained.src[:32], np.repeat(trained.tgt[:1, :3], 32, 0))
    finally:
        submission.load_state(trained.model, state)
    if isinstance(blank, np.ndarray) and np.isfinite(blank).all():
        check.at_most(
            "参数置零后不同源句的输出之差",
            float(np.ptp(blank, axis=0).max()),
            1e-4,
            "参数全部置零之后，输出仍随源句变化：译文不是从参数里算出来的，像是存下训练句子来查表",
        )


def test_word_order(decoded, corpus, check):
    """词序测试：“甲帮助乙”与“乙帮助甲”成对出现，逐句完全正确的比例。"""
    right = [out == list(pair.en[0]) for out, pair in zip(decoded.swaps, corpus.swaps, strict=True)]
    share = float(np.mean(right))
    pairs = float(np.mean([a and b for a, b in zip(right[::2], right[1::2], strict=True)]))
    if 0.4 <= share <= 0.55 and pairs < 0.1:
        diagnosis = "一对句子里最多译对一句：词序没有进到模型里，检查位置编码的大小（词嵌入是否盖过了它）"
    else:
        diagnosis = "词序测试错得太多：训练不够，梯度没有每步清零（zero_grad），或位置编码被词嵌入盖过"
    check.at_least("词序测试的句子正确率", share, MIN_SWAPS, diagnosis)


def test_bleu(decoded, corpus, check):
    """隐藏的真实句子：判题机自己解码、自己计算的 BLEU。"""
    value = oracle.bleu(decoded.tatoeba, [pair.en for pair in corpus.tatoeba])
    check.at_least("隐藏测试句的 BLEU", value, MIN_BLEU, "译文质量不够：训练得太少，模型太小，或学习率不合适")


def test_translate_uses_the_model(submission, trained, decoded, corpus, check):
    """训练之后，translate 的结果仍与判题机对同一模型的逐步解码一致。"""
    target = corpus.target
    got = submission.call("translate", trained.model, decoded.src, target.bos, target.eos, decoded.result.tokens.shape[1])
    check.returned(isinstance(got, np.ndarray) and got.ndim == 2, f"translate 应返回 (B, L) 的张量，实际返回 {kind(got)}")
    check.shape(got, (len(decoded.src), None), "译文")
    sure = decoded.result.margin > 1e-3
    pairs = zip(oracle.cut(got, target.eos), oracle.cut(decoded.result.tokens, target.eos), sure, strict=True)
    share = float(np.mean([one == other for one, other, clear in pairs if clear] or [True]))
    check.at_least(
        "与贪心解码一致的句子比例", share, MIN_SAME, "译文不是这个模型贪心解码出来的：translate 应只用模型逐步取 argmax"
    )
