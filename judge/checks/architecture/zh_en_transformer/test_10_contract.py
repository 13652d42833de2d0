"""What build_model returns, before anything is trained."""

import numpy as np
import pytest

from judge.checks.architecture.zh_en_transformer.helpers import logits, sentences
from judge.verdict import Verdict


def batch(rng, sizes, count, length, target_length):
    """Random sentences of one length."""
    src = sentences(rng, count, length, sizes.source, sizes.pad)
    return src, sentences(rng, count, target_length, sizes.target, sizes.pad)


@pytest.mark.parametrize(("count", "length", "target_length"), [(3, 6, 4), (1, 2, 1), (4, 5, 9)], ids=str)
def test_output_shape(submission, model, sizes, rng, check, count, length, target_length):
    """forward(src (B,S), tgt (B,T)) 返回 (B, T, tgt_vocab_size)，B、S、T 任意。"""
    output = submission.forward(model, *batch(rng, sizes, count, length, target_length))
    turned = (target_length, count, sizes.target)
    check.true(
        count == target_length or getattr(output, "shape", None) != turned,
        f"输出是 (T, B, V)，应是 (B, T, V)：seq-first 的层前后各要转置一次，或用 batch_first=True；实际为 {turned}",
        verdict=Verdict.BR,
    )
    check.true(
        getattr(output, "shape", None) != (count, target_length, sizes.source),
        f"输出的最后一维是 {sizes.source}，那是中文词表的大小：应是 tgt_vocab_size（这次是 {sizes.target}）；两个词表的大小是否传反了",
        verdict=Verdict.BR,
    )
    check.shape(output, (count, target_length, sizes.target), "logits ")


def test_output_is_finite(submission, model, sizes, rng, check):
    """logits 是有限的 float32。"""
    src, tgt = batch(rng, sizes, 4, 6, 5)
    output = submission.forward(model, src, tgt)
    check.shape(output, (*tgt.shape, sizes.target), "logits ")
    check.dtype(output, "float32", "logits ")
    if np.isnan(output).any():
        check.returned(False, where_nan(submission, model, sizes, src, tgt))
    check.finite(output, "logits ")


def where_nan(submission, model, sizes, src, tgt):
    """Which mask leaves a row with nothing to see: with padding in the source the inverted padding mask has something left."""
    padded = np.concatenate([src, np.full((len(src), 2), sizes.pad)], 1)

    def asked(chinese, english):
        return logits(submission.forward(model, chinese, english), (*english.shape, sizes.target))

    if np.isfinite(asked(padded, tgt)).all():
        return "没有填充的句子得到 NaN，补上 pad 就好了：源句填充掩码反了，被遮住的是词（key_padding_mask 里 True 表示遮住）"
    if np.isnan(asked(src, tgt[:, :1])).all():
        return "logits 里有 NaN，目标只有一个 token 时也是：因果掩码把这一行全遮住了（掩码反了，或没有留下对角线）"
    return "logits 里有 NaN：某一行的注意力被整行遮住，softmax 得到 0/0；检查因果掩码与填充掩码"


def test_output_is_logits(submission, model, sizes, rng, check):
    """输出是 logits，没有做过 softmax。"""
    src, tgt = batch(rng, sizes, 4, 6, 5)
    output = logits(submission.forward(model, src, tgt), (*tgt.shape, sizes.target)).astype(np.float64)
    probabilities = bool((output >= 0).all()) and np.allclose(output.sum(-1), 1.0, atol=1e-3)
    check.true(not probabilities, "输出已经做过 softmax：应返回 logits，CrossEntropyLoss 里会再做一次 softmax")


def test_builds_fresh_models(submission, model, sizes, check):
    """每次 build_model 都得到新的模型，带有可训练的参数。"""
    other = submission.call("build_model", sizes.source, sizes.target, sizes.pad)
    names = submission.trainable(model)
    state = submission.state(model)
    names = [name for name in names if name in state]
    check.true(bool(names), "模型没有可训练的参数：层要赋给 self.xxx（放进普通列表的层不会被登记）")
    submission.load_state(model, {**state, names[0]: state[names[0]] + 1})
    moved = submission.state(other).get(names[0])
    submission.load_state(model, state)
    same = moved is not None and np.array_equal(moved, state[names[0]] + 1)
    check.true(not same, "两次 build_model 返回的是同一个模型：改动一个，另一个也变了；要在函数里新建")
