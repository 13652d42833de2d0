"""The curve, then one training run measured from outside.

Thresholds and what was measured over seeds stand beside each other; `docs/calibration.md` has the table.
"""

import numpy as np

from judge.checks.classic_ml.mnist_digits import oracle
from judge.checks.classic_ml.mnist_digits.helpers import KEYS, is_numbers, keep_picture, scores

MAX_LOSS_RATIO = 0.5
MIN_CHANGE = 2e-4  # one curve of four points changes 1.7e-3 of the pixels or more, from 4 by 3 to 16 by 9 inches, 72 to 300 dpi, thin lines
MAX_LOSS_TOLD = 1.5  # accepted files tell 0.03 to 0.3; sums over 57 batches are 3 and more
BATCHED = 0.004  # averaging over batches of unequal size moves an honest accuracy on 400 pictures by less
MIN_MOVED = (
    0.6  # a bias in front of BatchNorm has no gradient: SGD leaves it where it is, two tensors of eight in a small network
)
DOUBLE_SOFTMAX_FLOOR = 1.40  # cross-entropy of a perfect answer after a second softmax is 1.461
TWICE = "softmax 做了两次：模型已经输出概率，损失函数（CrossEntropyLoss / from_logits=True）又做了一次，损失降不到 1.46 以下"

RISING = {
    "loss": [2.2, 1.1, 0.6, 0.3],
    "accuracy": [0.2, 0.6, 0.8, 0.9],
    "val_loss": [2.1, 1.2, 0.7, 0.5],
    "val_accuracy": [0.25, 0.6, 0.78, 0.85],
}
FALLING = {key: values[::-1] for key, values in RISING.items()}


def drawn(submission, check, history, name):
    """The PNG that plot_history writes for a history, as bytes and pixels."""
    submission.call("plot_history", history, submission.path(name))
    data = submission.file(name)
    check.true(
        data is not None,
        "plot_history 没有在给定的路径 path 写出文件：用 plt.savefig(path)，不要写死文件名，也不要只 plt.show()",
    )
    pixels = oracle.picture(data)
    check.true(pixels is not None, "plot_history 写出的文件不是 PNG 图片")
    return data, pixels


def test_plot_is_a_picture(submission, check):
    """plot_history 写出一张有内容的 PNG。"""
    _, pixels = drawn(submission, check, RISING, "curve_a.png")
    check.at_least("图片较短边的像素数", min(pixels.shape[:2]), 100, "图片太小，看不清曲线")
    check.at_least("有墨迹的像素比例", oracle.ink(pixels), 0.002, "图片是空白的：没有画出曲线就保存了")


def test_plot_shows_the_history(submission, check):
    """曲线画的是传入的 history：四列数里哪一列不同，图就不同。"""
    _, first = drawn(submission, check, RISING, "curve_b.png")

    def same(history, name):
        _, second = drawn(submission, check, history, name)
        return first.shape == second.shape and float((first != second).any(-1).mean()) < MIN_CHANGE

    check.true(not same(FALLING, "curve_c.png"), "两份完全不同的 history 画出了同一张图：没有把 history 里的数画上去")
    absent = [key for key in KEYS if same(RISING | {key: FALLING[key]}, f"curve_{key}.png")]
    check.true(not absent, f"图上没有 {'、'.join(absent)}：这一列数变了，画出来的图却一样；四条曲线都要画")


def test_history(history, check):
    """train 返回约定的字典：四个键，每个 epoch 一个有限的数。"""
    check.at_least("epoch 数", len(history["loss"]), 1)


def test_inputs_are_left_alone(trained, data, check):
    """train 不改动传入的图片。"""
    same = trained.images_after.shape == data.train.images.shape and np.array_equal(trained.images_after, data.train.images)
    check.true(same, "train 就地改动了传入的 images：标准化时写成 images = images - mean，不要用 -= 或 sub_()")


def test_weights_moved(trained, check):
    """训练的是传入的那个模型：它的参数变了。"""
    before, after = trained.weights_before, trained.weights_after
    moved = sum(not np.array_equal(before[name], after.get(name)) for name in before) / max(1, len(before))
    if moved == 0:
        diagnosis = "传入的模型参数没有更新：是否漏了 optimizer.step() / apply_gradients，或在 train 里另建了一个模型"
    else:
        diagnosis = "只有一部分参数更新了：其余的被冻结了（requires_grad、trainable），或没有交给优化器"
    check.at_least("变化的张量比例", moved, MIN_MOVED, diagnosis)


def test_loss_falls(trained, data, check):
    """训练后，判题机自己测得的交叉熵明显下降。"""
    after = oracle.cross_entropy(trained.train_scores, data.train.labels[:500])
    ratio = after / max(trained.loss_before, 1e-9)
    check.note_metric("训练前的交叉熵", trained.loss_before, ">=", 0.0)
    check.at_most("训练后 / 训练前的交叉熵", ratio, MAX_LOSS_RATIO, why_not(trained, data, after))


def why_not(trained, data, after):
    """The likeliest reason for a loss that did not fall."""
    predicted, labels = np.argmax(trained.train_scores, 1), data.train.labels[:500]
    if told_to_work(trained) and (np.argmax(trained.val_scores, 1) == data.val.labels).mean() < 0.7:
        return "你的 history 里验证准确率很高，同一个模型看原样的图片却认不出：缩放或标准化只写在 train 里；放进模型（forward）里，或不要做"
    if approach_one_hot(trained.train_scores, labels):
        return "输出逼近的是 0 和 1（对 one-hot 标签用了均方误差），既不是 logits 也不是概率：改用交叉熵，或在最后加 softmax"
    if not np.isfinite(after) or after > 1.2 * max(trained.loss_before, 1.0):
        return "损失不降反升：检查损失的符号、损失函数是否配得上模型的输出（logits 还是概率）、学习率是否过大、是否漏了清零梯度"
    if (predicted == labels).mean() > 0.3:
        return TWICE if softmax_again(trained, data) else "损失下降得不够：训练太少、学习率太小，或梯度没有每步清零"
    if (moved := movement(trained)) < 0.01:
        return f"几乎没有学到东西：参数只动了 {moved:.2%}，学习率过小或训练步数太少"
    if np.bincount(predicted, minlength=10).max() > 0.6 * len(predicted):
        return "几乎没有学到东西，几乎所有图片都判成同一类：检查学习率是否过大、标签是否与图片对应、损失函数是否配得上输出"
    return "几乎没有学到东西：检查标签是否与图片对应（两者要用同一个顺序打乱）"


def softmax_again(trained, data):
    """Whether the learner's own last val_loss is that of a second softmax over the probabilities that the model gives."""
    values = trained.history.get("val_loss") if isinstance(trained.history, dict) else None
    if not is_numbers(values) or not oracle.is_distribution(trained.val_scores):
        return False
    once, told = oracle.cross_entropy(trained.val_scores, data.val.labels), float(values[-1])
    twice = oracle.cross_entropy(trained.val_scores - 1, data.val.labels)  # taken as logits: they no longer sum to 1
    return abs(once - twice) > 0.005 and abs(told - twice) < 0.3 * abs(told - once)


def approach_one_hot(scores, labels):
    """Whether scores (N,10) regress 0 and 1: they come near, and add up to 1 without being probabilities. Logits add up to anything."""
    near = np.abs(scores - np.eye(10)[labels]).mean() < 0.16
    return near and abs(scores.sum(1).mean() - 1) < 0.2 and not oracle.is_distribution(scores)


def told_to_work(trained):
    """Whether the learner's own history ends well: good for a reason only, never for a verdict."""
    values = trained.history.get("val_accuracy") if isinstance(trained.history, dict) else None
    return is_numbers(values) and 0.8 <= float(values[-1]) <= 1


def movement(trained):
    """How far the trainable tensors moved, relative to their size."""
    pairs = [
        (trained.weights_before[name], after) for name, after in trained.weights_after.items() if name in trained.weights_before
    ]
    moved = sum(float(((after.astype(np.float64) - before) ** 2).sum()) for before, after in pairs)
    size = sum(float((before.astype(np.float64) ** 2).sum()) for before, _ in pairs)
    return float(np.sqrt(moved / max(size, 1e-12)))


def test_one_softmax(trained, history, data, check):
    """损失函数只做一次 softmax。"""
    reported = history["val_loss"][-1]
    check.note_metric("报告的 val_loss", reported, "<", DOUBLE_SOFTMAX_FLOOR)
    check.true(reported < DOUBLE_SOFTMAX_FLOOR or not softmax_again(trained, data), TWICE)


def test_losses_are_averages(trained, history, check):
    """loss 与 val_loss 是平均损失，不是各批之和。"""
    told = max(history["loss"][-1], history["val_loss"][-1])
    untrained = max(trained.loss_before, float(np.log(10)))
    diagnosis = "最后一个 epoch 的损失比没训练时还大：记的是各批（或各样本）之和；累加之后要除以批数（或样本数）"
    check.at_most("报告的损失 / 训练前的交叉熵", told / untrained, MAX_LOSS_TOLD, diagnosis)


def test_history_tells_the_truth(submission, trained, history, data, check):
    """history 里的 val_accuracy 是真的：与判题机用同一模型测得的一致。"""
    measured = oracle.accuracy(trained.val_scores, data.val.labels)
    told = history["val_accuracy"]
    kept = told[-1], max(told), told[int(np.argmin(history["val_loss"]))]  # the last weights, or the best by either measure
    nearest = min(kept, key=lambda v: abs(v - measured))
    if abs(nearest - measured) > BATCHED:
        on_train = oracle.accuracy(scores(submission, trained.model, data.train.images), data.train.labels)
        check.true(
            abs(nearest - on_train) > 5e-5,
            f"val_accuracy（{nearest:.3f}）是在训练集上算的：要用传入的 val_images、val_labels，那里只有 {measured:.3f}",
        )
    diagnosis = (
        f"history 的 val_accuracy（{nearest:.3f}）与判题机在同一验证集上测得的（{measured:.3f}）不符："
        "要在传入的验证集上、用 eval 模式计算，argmax 取在类别维上；图片的缩放要写进模型，不能只在 train 里做"
    )
    check.at_most("val_accuracy 的偏差", abs(nearest - measured), 0.015, diagnosis)


def test_accuracy(submission, trained, data, check):
    """隐藏测试集上的准确率。"""
    name = "curve_final.png"
    submission.call("plot_history", trained.history, submission.path(name))
    if (picture := submission.file(name)) is not None:
        keep_picture(check, name, picture)
    share = oracle.accuracy(trained.test_scores, data.test.labels)
    check.at_least("隐藏测试集准确率", share, oracle.MIN_ACCURACY, low(share))


def low(share):
    """What an accuracy below the threshold suggests."""
    if share < 0.2:
        return "准确率与乱猜差不多：训练没有起作用"
    return "准确率不够：训练得太少，模型太小，或训练里有错（例如每步没有清零梯度）"
