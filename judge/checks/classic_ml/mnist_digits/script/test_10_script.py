"""A plain training script: the model it left is judged on the hidden split, however the script prepared its pictures."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from PIL import Image

from judge.checks.classic_ml.mnist_digits import oracle
from judge.checks.classic_ml.mnist_digits.helpers import forward, scores
from judge.datasets import digits
from judge.grader.failures import SubmissionFailed


def enlarged(images):
    """uint8 (N,28,28) to (N,32,32), as `transforms.Resize(32)` does it."""
    return np.stack([np.asarray(Image.fromarray(image).resize((32, 32), Image.Resampling.BILINEAR)) for image in images])


def padded(images):
    """uint8 (N,28,28) to (N,32,32) with a border."""
    return np.pad(images, ((0, 0), (2, 2), (2, 2)))


FRAMES = {28: (lambda images: images,), 32: (enlarged, padded)}  # LeNet-5 was drawn for 32
SHAPES = {
    "torch": lambda side: [(-1, 1, side, side), (-1, side, side), (-1, side * side)],
    "tensorflow": lambda side: [(-1, side, side, 1), (-1, side, side), (-1, side * side), (-1, 1, side, side)],
}
SCALES = (
    lambda x: x / 255,
    lambda x: x,
    lambda x: x / 127.5 - 1,
    lambda x: (x / 255 - 0.1307) / 0.3081,
)


@dataclass(frozen=True)
class Way:
    """How a script may have prepared its pictures."""

    frame: Callable
    shape: tuple
    scale: Callable

    def __call__(self, images):
        """float32 pictures from uint8 (N,28,28)."""
        return self.scale(self.frame(images).astype(np.float32)).astype(np.float32).reshape(self.shape)


def accuracies(submission, side):
    """Every way that the model takes at all, and how well it does so on training pictures (which the script has seen anyway)."""
    data = digits()
    images, labels = data.train_images[:300], data.train_labels[:300]
    found = {}
    for frame, shape in itertools.product(FRAMES[side], SHAPES[submission.framework](side)):
        for way in (Way(frame, shape, scale) for scale in SCALES):
            try:
                output = submission.forward(submission.script_model, way(images))
            except SubmissionFailed as failure:
                if failure.fatal:
                    raise
                break  # this shape does not fit, whatever the scale
            if isinstance(output, np.ndarray) and output.shape == (300, 10) and np.isfinite(output).all():
                found[way] = oracle.accuracy(output, labels)
    return found


@pytest.fixture(scope="session")
def way(submission, session_check):
    """How the script prepared its pictures: the way the model does best with."""
    found = accuracies(submission, 28) or accuracies(submission, 32)
    session_check.true(
        bool(found),
        "模型接不上 28×28（或 32×32）的灰度图：输入应是 (N,28,28)、(N,28,28,1)、(N,1,28,28) 或 (N,784)，输出应是 (N,10)",
    )
    return max(found, key=lambda one: found[one])


def scored(submission, way, images):
    """Scores of the hidden or the validation split."""
    return scores(submission, submission.script_model, way(images))


def test_same_input_same_output(submission, way, check):
    """推理是确定的：同一批图片两次前向结果相同。"""
    images = way(digits().val_images[:32])
    first, second = (forward(submission, submission.script_model, images) for _ in range(2))
    check.at_most("两次前向的差", float(np.abs(first - second).max()), 1e-4, "推理时结果不确定：dropout 在推理时仍然打开")


def test_one_sample_equals_its_row_in_a_batch(submission, way, check):
    """单张图片的输出等于它在一批里的那一行。"""
    images = way(digits().val_images[:20])
    batch = forward(submission, submission.script_model, images)
    one = forward(submission, submission.script_model, images[3:4])
    worst = float(np.abs(batch[3:4] - one).max() / max(1.0, float(np.abs(batch).max())))
    check.at_most("单张与成批的差", worst, 1e-4, "同一张图单独算与放在一批里算结果不同：样本之间互相影响了")


def test_accuracy(submission, way, check):
    """隐藏测试集上的准确率。"""
    data = digits()
    share = oracle.accuracy(scored(submission, way, data.test_images), data.test_labels)
    diagnosis = "准确率与乱猜差不多：训练没有起作用" if share < 0.2 else "准确率不够：训练得太少，模型太小，或训练里有错"
    check.at_least("隐藏测试集准确率", share, oracle.MIN_ACCURACY, diagnosis)
