"""How the untrained model behaves at inference: cheap, and blind to how well it will learn."""

import numpy as np

from judge.checks.classic_ml.mnist_digits import oracle
from judge.checks.classic_ml.mnist_digits.helpers import forward, gap

TOLERANCE = 1e-4  # float32 through a small network; correct models stay below 1e-5 of the largest score


def test_same_input_same_output(submission, model, data, check):
    """推理是确定的：同一批图片两次前向结果相同。"""
    images = data.train.images[:32]
    first, second = (forward(submission, model, images) for _ in range(2))
    diagnosis = "eval 模式下两次前向结果不同：dropout 在推理时仍然打开，或每次前向都新建了层（层要建在 __init__ 里）"
    check.at_most("两次前向的差", gap(first, second), TOLERANCE, diagnosis)


def test_one_sample_equals_its_row_in_a_batch(submission, model, data, check):
    """单张图片的输出等于它在一批里的那一行。"""
    images = data.train.images[:24]
    batch = forward(submission, model, images)
    rows = np.concatenate([forward(submission, model, images[i : i + 1]) for i in range(0, 24, 5)])
    diagnosis = f"同一张图单独算与放在一批里算结果不同：样本之间互相影响了（{suspect(batch)}）"
    check.at_most("单张与成批的差", gap(batch[::5], rows), TOLERANCE, diagnosis)


def suspect(batch):
    """Why rows depend on their neighbours: columns that sum to 1 are a softmax (or its logarithm) over the batch."""
    if any(np.allclose(chances.sum(0), 1.0, atol=1e-3) for chances in (batch, np.exp(np.minimum(batch, 1.0)))):
        return "softmax 用在了 batch 维上，应在类别维"
    return "展平时混进了 batch 维，或推理时 BatchNorm 仍用批统计量"


def test_depends_on_the_picture(submission, nudged, data, check):
    """不同的图片得到不同的输出。"""
    output = forward(submission, nudged, data.train.images[:32])
    spread = float(np.ptp(output, axis=0).max() / max(1e-12, float(np.abs(output).max())))
    check.above("不同图片的输出差异", spread, 1e-6, "输出与输入无关：32 张不同的图片得到同样的分数")


def test_output_is_not_cut_off(submission, nudged, data, check):
    """输出没有再过 ReLU。"""
    output = forward(submission, nudged, data.train.images[:64])
    cut = output.min() == 0 < output.max() and not oracle.is_distribution(output) and float((output == 0).mean())
    diagnosis = "输出再过了一个 ReLU：小于 0 的分数都被截成 0，这些类别得不到梯度；最后一层的分数直接交给损失函数"
    check.at_most("恰好为 0 的分数的比例", float(cut), 0.05, diagnosis)


def test_output_is_no_row_of_sigmoids(submission, nudged, model, data, check):
    """输出是 logits、概率或对数概率，不是十个各自独立的 sigmoid。"""
    output = forward(submission, nudged, data.train.images[:64])
    squashed = output.min() > 0 and output.max() < 1 and not oracle.is_distribution(output)
    if squashed and far_out(submission, model, data).max() > 1 + TOLERANCE:
        check.true(False, "分数全是正的：最后取了绝对值、平方或 softplus，不像的类别得不到负分；最后一层的分数直接交给损失函数")
    diagnosis = "每一类各过了一个 sigmoid，十个数加起来不是 1：一张图只属于一类，最后用 softmax，或直接输出 logits 交给交叉熵"
    check.true(not squashed, diagnosis)


def far_out(submission, model, data):
    """(64,10): the scores of a model with ten times the weights."""
    state = submission.state(model)
    scaled = {name: state[name] * np.asarray(10, state[name].dtype) for name in submission.trainable(model)}
    submission.load_state(model, state | scaled)
    output = forward(submission, model, data.train.images[:64])
    submission.load_state(model, state)
    return output


def test_output_is_not_squashed(submission, model, data, check):
    """logits 之后没有再过 tanh。"""
    output = np.abs(far_out(submission, model, data))
    squashed = output.max() <= 1 + TOLERANCE and np.median(output) > 0.99
    diagnosis = "输出被 tanh 压在了 [-1, 1]：分数之差最多是 2，概率永远到不了 0.5；最后一层的分数直接交给损失函数"
    check.true(not squashed, diagnosis)


def test_gradient_reaches_the_parameters(submission, model, data, check):
    """梯度能传到参数。"""
    images = data.train.images[:8]
    cotangent = np.random.default_rng(0).standard_normal((8, 10)).astype(np.float32)
    found = submission.gradients(model, images, cotangent=cotangent, wrt=[]).parameters
    share = sum(grad is not None for grad in found.values()) / max(1, len(found))
    check.at_least("得到梯度的张量比例", share, 0.6, "大部分参数得不到梯度：前向里有 detach()、stop_gradient 或转成了 NumPy")


def test_a_model_is_its_weights(submission, model, data, check):
    """登记的参数就是模型的全部：装进另一个新模型，输出相同。"""
    other, images = submission.call("build_model"), data.train.images[:8]
    first, _ = forward(submission, model, images), forward(submission, other, images)
    submission.load_state(other, submission.state(model))
    difference = gap(first, forward(submission, other, images))
    diagnosis = (
        "把一个模型的全部参数装进另一个新模型，输出却不同：有的层或张量没有登记，优化器也管不到"
        "（PyTorch 里不要放进普通列表，用 nn.ModuleList、nn.Parameter 或 register_buffer）"
    )
    check.at_most("参数相同的两个模型的差", difference, TOLERANCE, diagnosis)
