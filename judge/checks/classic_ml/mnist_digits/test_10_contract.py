"""What build_model returns, before anything is trained."""

import numpy as np
import pytest


def test_builds_fresh_models(submission, model, data, check):
    """每次 build_model() 都得到新的模型，带有可训练的参数。"""
    other = submission.call("build_model")
    for built in (model, other):  # Keras makes the weights of some models only when they meet their first input
        submission.forward(built, data.train.images[:2])
    names = submission.trainable(model)
    check.true(bool(names), "模型没有可训练的参数：层要赋给 self.xxx（放进普通列表的层不会被登记）")
    name = names[0]
    state = submission.state(model)
    submission.load_state(model, {**state, name: state[name] + 1})
    moved = submission.state(other)[name]
    submission.load_state(model, state)
    same = np.array_equal(moved, state[name] + 1)
    check.true(not same, "两次 build_model() 返回的是同一个模型：改动一个，另一个也变了；要在函数里新建")


@pytest.mark.parametrize("count", [1, 7, 64])
def test_output_shape(submission, model, data, check, count):
    """输出形状为 (N, 10)，N 任意。"""
    check.shape(submission.forward(model, data.train.images[:count]), (count, 10), "模型输出")


def test_output_is_finite_float(submission, model, data, check):
    """输出是有限的浮点数。"""
    output = submission.forward(model, data.train.images[:16])
    check.returned(output.dtype.kind == "f", f"模型输出应为浮点数，实际 dtype 为 {output.dtype}（是否在模型里取了 argmax）")
    check.finite(output, "模型输出")
