"""Rules about what a computation makes on its way are held by watching its operators, in both frameworks."""

import numpy as np
import pytest

from judge.grader.check import Check
from judge.grader.failures import CheckFailed
from judge.verdict import Verdict

LENGTH, WIDTH, BLOCK = 64, 8, 16


def whole_torch(q, k, v):
    return (q @ k.mT).softmax(-1) @ v


def blocks_torch(q, k, v):
    import torch

    return torch.cat([(part @ k.mT).softmax(-1) @ v for part in q.split(BLOCK)])


def whole_tensorflow(q, k, v):
    import tensorflow as tf

    return tf.matmul(tf.nn.softmax(tf.matmul(q, k, transpose_b=True)), v)


def blocks_tensorflow(q, k, v):
    import tensorflow as tf

    return tf.concat([whole_tensorflow(part, k, v) for part in tf.split(q, LENGTH // BLOCK)], 0)


@pytest.fixture(
    params=[pytest.param("torch", marks=pytest.mark.torch), pytest.param("tensorflow", marks=pytest.mark.tensorflow)]
)
def framework(request):
    pytest.importorskip(request.param)
    return request.param


def traced(framework, name):
    from judge.worker.serve import make_adapter

    adapter = make_adapter(framework, "cpu")
    inputs = [adapter.to_native(np.random.default_rng(i).standard_normal((LENGTH, WIDTH)).astype(np.float32)) for i in range(3)]
    return adapter.trace(globals()[f"{name}_{framework}"], inputs)


def test_the_whole_score_matrix_is_seen(framework):
    assert traced(framework, "whole")["largest"] == LENGTH * LENGTH


def test_working_in_blocks_is_seen(framework):
    assert traced(framework, "blocks")["largest"] == BLOCK * LENGTH


def test_operators_are_seen_by_their_own_names(framework):
    assert any("softmax" in name.lower() for name in traced(framework, "whole")["operators"])


def test_a_tensor_beyond_the_limit_breaks_the_rule():
    with pytest.raises(CheckFailed) as caught:
        Check().largest_tensor(4096, 1024, "必须分块计算，不能造出整个 L×S 的分数矩阵")

    assert caught.value.verdict is Verdict.RV


def test_a_forbidden_operator_breaks_the_rule():
    with pytest.raises(CheckFailed) as caught:
        Check().operators_absent(["aten.mm", "aten._softmax"], ["softmax"], "自己写 softmax")

    assert caught.value.verdict is Verdict.RV
    assert "aten._softmax" in caught.value.message


def test_within_the_rules_nothing_is_said():
    check = Check()
    check.largest_tensor(1024, 1024, "x")
    check.operators_absent(["aten.mm"], ["softmax"], "x")

    assert len(check.metrics) == 2
