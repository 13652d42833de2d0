"""Data in the framework's layout, and one training run that several checks look at."""

from dataclasses import dataclass

import numpy as np
import pytest

from judge.checks.classic_ml.mnist_digits import oracle
from judge.checks.classic_ml.mnist_digits.helpers import KEYS, is_numbers, keep_curve, kind, scores
from judge.datasets import digits


@dataclass
class Split:
    """float32 images in [0,1] in the framework's layout, int64 labels."""

    images: np.ndarray
    labels: np.ndarray


@dataclass
class Data:
    """The three splits; the training one in an order of this run's own."""

    train: Split
    val: Split
    test: Split


@dataclass
class Trained:
    """What the training run left: the model's handle, its history, and what the judge measured around it."""

    model: object
    history: object
    images_after: np.ndarray
    weights_before: dict
    weights_after: dict
    loss_before: float
    train_scores: np.ndarray
    val_scores: np.ndarray
    test_scores: np.ndarray


def in_layout(images, framework):
    """uint8 (N,28,28) to float32 in [0,1], (N,1,28,28) for PyTorch and (N,28,28,1) for TensorFlow."""
    scaled = images.astype(np.float32) / 255
    return scaled[:, None] if framework == "torch" else scaled[..., None]


@pytest.fixture(scope="session")
def data(submission, session_rng):
    found = digits()
    order = session_rng.permutation(len(found.train_labels))

    def split(images, labels):
        return Split(in_layout(images, submission.framework), labels.astype(np.int64))

    return Data(
        train=split(found.train_images[order], found.train_labels[order]),
        val=split(found.val_images, found.val_labels),
        test=split(found.test_images, found.test_labels),
    )


@pytest.fixture(scope="session")
def model(submission, session_check):
    """One untrained model for the cheap checks."""
    built = submission.call("build_model")
    session_check.returned(getattr(built, "is_model", False), f"build_model() 应返回模型，实际返回 {kind(built)}")
    return built


@pytest.fixture
def nudged(submission, model, rng):
    """The untrained model with its weights moved a little: a last layer that starts at zero hides nothing then."""
    state, names = submission.state(model), submission.trainable(model)
    moved = {name: state[name] + rng.normal(0, 0.02, state[name].shape).astype(state[name].dtype) for name in names}
    submission.load_state(model, state | moved)
    yield model
    submission.load_state(model, state)


@pytest.fixture(scope="session")
def trained(submission, data, session_check):
    """build_model, then train once. The hidden labels stay here."""
    built = submission.call("build_model")
    probe = data.train.images[:500]
    before = oracle.cross_entropy(scores(submission, built, probe), data.train.labels[:500])
    weights = trainable(submission, built)
    history = submission.call("train", built, data.train.images, data.train.labels, data.val.images, data.val.labels)
    images_after = submission.inputs_after()[1]
    result = Trained(
        model=built,
        history=history,
        images_after=images_after,
        weights_before=weights,
        weights_after=submission.state(built),  # all of them: what was frozen meanwhile is looked at, too
        loss_before=before,
        train_scores=scores(submission, built, probe),
        val_scores=scores(submission, built, data.val.images),
        test_scores=scores(submission, built, data.test.images),
    )
    keep_curve(session_check, history)
    return result


@pytest.fixture(scope="session")
def history(trained, session_check):
    """The history, once it is known to be one: later checks may count on its keys."""
    found = trained.history
    session_check.returned(
        isinstance(found, dict), f"train 应返回字典，实际返回 {kind(found)}（Keras 的 History 要取 .history）"
    )
    absent = [key for key in KEYS if key not in found]
    there = "、".join(map(str, list(found)[:8])) or "空"
    session_check.returned(not absent, f"train 返回的字典缺少 {'、'.join(absent)}；现有 {there}")
    for key in KEYS:
        session_check.returned(is_numbers(found[key]), f"{key} 应是每个 epoch 一个有限浮点数的列表")
    lengths = sorted({len(found[key]) for key in KEYS})
    session_check.returned(len(lengths) == 1, f"四个列表长度不同：{lengths}；每个 epoch 各记一个")
    rates = [float(v) for key in ("accuracy", "val_accuracy") for v in found[key]]
    session_check.returned(all(0 <= v <= 1 for v in rates), "准确率应在 0 与 1 之间（不要写成百分数，也不要写成答对的张数）")
    return {key: [float(v) for v in found[key]] for key in KEYS}


def trainable(submission, built):
    """The tensors an optimiser would move: buffers such as running means change without one."""
    names = set(submission.trainable(built))
    return {name: value for name, value in submission.state(built).items() if name in names}
