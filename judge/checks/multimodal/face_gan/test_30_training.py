"""One training run, looked at from outside: was it adversarial? Thresholds and what was measured over seeds: `docs/calibration.md`."""

import numpy as np

from judge.checks.multimodal.face_gan.faces_data import split
from judge.checks.multimodal.face_gan.helpers import noise, paint, score

MIN_MOVED = 0.8
MIN_TOLD = (
    0.05  # a dead discriminator 0; two samples that nobody could tell apart 0.1, and one that works hardly ever below 0.5
)
MIN_BEND = 0.02
MIN_SLOPE = 0.02  # GANs and principal components 0.3; what is less has collapsed, and `test_diversity` says so


def test_history(history, check):
    """train 返回 g_loss 与 d_loss，等长，至少 5 个有限的数。"""
    check.at_least("记录的损失个数", len(history["g_loss"]), 5, "至少记 5 次损失，才看得出训练的过程")


def test_faces_are_left_alone(trained, faces, check):
    """train 不改动传入的 faces。"""
    after = trained.faces_after
    same = isinstance(after, np.ndarray) and np.array_equal(after, faces)
    check.true(same, "train 就地改动了传入的 faces：增强时先复制，不要用 += 或 mul_()")


def test_discriminator_moved(submission, trained, rng, check):
    """训练的是传入的判别器：它的参数变了，对人脸与噪声图给出不同的分数。"""
    moved = moved_share(trained.discriminator_before, trained.discriminator_after)
    if moved == 0:
        diagnosis = "判别器的参数一点没变：这不是对抗训练；检查它的优化器，是否在 train 里另建了一个判别器，或一直冻结着"
    else:
        diagnosis = "判别器只有一部分参数更新了：检查优化器是否拿到了全部参数"
    check.at_least("判别器变化的张量比例", moved, MIN_MOVED, diagnosis)
    snow = rng.uniform(-1, 1, (120, 28, 28)).astype(np.float32)
    on_faces, on_snow = (score(submission, trained.discriminator, pictures, check) for pictures in (split().train[:120], snow))
    told = separation(on_faces, on_snow)
    diagnosis = "训练后的判别器对什么图都给同样的分数：它已经饱和或失效，检查学习率、末层的激活与损失"
    check.at_least("人脸与噪声图的分数可分性", told, MIN_TOLD, diagnosis)


def test_generator_moved(trained, check):
    """对抗训练：传入的生成器的参数也变了。"""
    moved = moved_share(trained.generator_before, trained.generator_after)
    if moved == 0:
        diagnosis = "生成器的参数一点没变：优化器没有拿到它的参数、漏了 step() / apply，或在 train 里另建了一个生成器"
    else:
        diagnosis = "生成器只有一部分参数更新了：检查优化器是否拿到了全部参数，前向里有没有 detach()"
    check.at_least("生成器变化的张量比例", moved, MIN_MOVED, diagnosis)


def moved_share(before, after):
    """Of the trainable tensors, those that changed. Single numbers do not count: from the last bias of a Wasserstein critic the difference
    of its two means takes every gradient."""
    counted = {name: value for name, value in before.items() if value.size > 1}
    return sum(not np.array_equal(value, after.get(name)) for name, value in counted.items()) / max(1, len(counted))


def separation(one, other):
    """The Kolmogorov-Smirnov distance of two sets of scores, 0 to 1: 0 when they are all the same, whichever side is higher.

    How often one side is above the other would not do: noise in the middle of the faces looks like a coin there.
    """
    left, right = np.sort(one, axis=None), np.sort(other, axis=None)
    scores = np.concatenate([left, right])
    below = (np.searchsorted(side, scores, "right") / side.size for side in (left, right))
    return float(np.abs(np.subtract(*below)).max())


def test_generator_is_no_linear_sampler(submission, trained, latent_dim, rng, check):
    """生成器是学出来的网络，不是“均值加主成分”的线性采样器。"""
    z, step = noise(rng, 40, latent_dim), noise(rng, 40, latent_dim)
    painted = [paint(submission, trained.generator, x, check).astype(np.float64) for x in (z, z + step, z - step)]
    before_tanh = [np.arctanh(np.clip(x, -0.999, 0.999)) for x in painted]
    diagnosis = "生成器是 z 的线性函数：这是按均值与主成分采样，不是对抗训练学出来的生成器"
    check.at_least("生成器偏离线性的程度", min(bend(*painted), bend(*before_tanh)), MIN_BEND, diagnosis)


def bend(here, up, down):
    """Second difference relative to the first: 0 for a linear map. Of a generator that has collapsed, nothing can be said."""
    slope = float(np.median(np.abs(up - down)))
    return float(np.median(np.abs(up + down - 2 * here))) / slope if slope > MIN_SLOPE else np.inf
