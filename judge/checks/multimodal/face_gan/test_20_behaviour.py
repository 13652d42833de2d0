"""How the untrained networks behave: cheap, and blind to how well they will learn."""

import numpy as np

from judge.checks.multimodal.face_gan import oracle
from judge.checks.multimodal.face_gan.faces_data import split
from judge.checks.multimodal.face_gan.helpers import flat, generated, in_layout, noise, paint, picture_shape, trainable

TOLERANCE = 1e-4  # float32 through a small network; correct ones stay below 1e-5
MIN_SHARE = 0.8


def gap(one, other):
    """Largest difference relative to the largest value."""
    return float(np.abs(one.astype(np.float64) - other).max() / max(1e-3, float(np.abs(one).max())))


def test_same_noise_same_picture(submission, generator, latent_dim, rng, check):
    """推理是确定的：同一个噪声两次得到同一张图。"""
    z = noise(rng, 16, latent_dim)
    first, second = (paint(submission, generator, z, check) for _ in range(2))
    diagnosis = "同一个噪声两次得到不同的图：生成器里自己又采样了噪声，或 dropout 在推理时仍然打开"
    check.at_most("两次生成的差", gap(first, second), TOLERANCE, diagnosis)


def test_depends_on_the_noise(submission, generator, latent_dim, rng, check):
    """不同的噪声得到不同的图。"""
    output = paint(submission, generator, noise(rng, 16, latent_dim), check)
    spread = float(np.ptp(output, axis=0).max() / max(1e-12, float(np.abs(output).max())))
    check.above("不同噪声的输出差异", spread, 1e-3, "生成器没有用到噪声 z：16 个不同的噪声得到同一张图")


def test_generate_draws_noise(submission, generator, latent_dim, check):
    """generate 每次采样新的噪声：每次、每张都不同。"""
    first, second = (generated(submission, generator, 6, latent_dim, check) for _ in range(2))
    check.above("同一批图片之间的差异", oracle.spread(first), 1e-4, "同一批图片完全相同：每张图要有自己的噪声")
    gap = float(np.abs(first - second).max())
    check.above("两批图片之间的差异", gap, 1e-6, "两次调用 generate 得到同样的图：噪声是固定的，或每次都重设了随机种子")


def test_one_picture_equals_its_place_in_a_batch(submission, generator, latent_dim, rng, check):
    """一个噪声单独生成，与放在一批里生成，得到同一张图。"""
    z = noise(rng, 16, latent_dim)
    batch = paint(submission, generator, z, check)
    rows = np.concatenate([paint(submission, generator, z[i : i + 1], check) for i in range(0, 16, 5)])
    diagnosis = "同一个噪声单独生成与成批生成，图不同：推理时 BatchNorm 仍用批统计量，或 reshape 混进了 batch 维"
    check.at_most("单张与成批的差", gap(batch[::5], rows), TOLERANCE, diagnosis)


def test_generate_uses_the_generator(submission, generator, latent_dim, check):
    """generate 的图来自传入的生成器：把它的参数全部置零，图就只剩一个样。"""
    state = submission.state(generator)
    silent = {name: np.zeros_like(value) for name, value in trainable(submission, generator).items()}
    submission.load_state(generator, {**state, **silent})
    try:
        blank = submission.forward(generator, np.zeros((1, latent_dim), np.float32))
        check.shape(blank, picture_shape(1, submission.framework), "生成器输出")
        if not np.isfinite(blank).all():
            return  # weights divided by their norm: there is nothing to compare with
        painted = generated(submission, generator, 8, latent_dim, check)
    finally:
        submission.load_state(generator, state)
    diagnosis = "generate 没有用传入的生成器：参数全部置零之后，它的图与生成器自己的输出不同"
    check.at_most("与传入的生成器输出之差", float(np.abs(painted - flat(blank)).max()), 1e-3, diagnosis)


def test_gradient_reaches_the_generator(submission, generator, latent_dim, rng, check):
    """梯度能传到生成器的每一层。"""
    z = noise(rng, 8, latent_dim)
    cotangent = rng.standard_normal(picture_shape(8, submission.framework), dtype=np.float32)
    found = submission.gradients(generator, z, cotangent=cotangent, wrt=[]).parameters
    check.at_least(
        "得到梯度的张量比例",
        share_with_gradient(found),
        MIN_SHARE,
        "生成器的大部分参数得不到梯度：前向里有 detach()、stop_gradient、四舍五入，或转成了 NumPy",
    )


def test_gradient_passes_through_the_discriminator(submission, discriminator, check):
    """梯度能从判别器的输出传回图片：生成器就靠它学习。"""
    pictures = in_layout(split().train[:8], submission.framework)
    cotangent = np.ones((8, 1), np.float32)
    found = submission.gradients(discriminator, pictures, cotangent=cotangent, wrt=[0])
    reaches = found.inputs[0] is not None and bool(np.abs(found.inputs[0]).max() > 0)
    check.true(
        reaches,
        "判别器的输出对图片没有梯度：生成器学不到东西；前向里有 detach()、stop_gradient、取整或取 argmax，或末层是 ReLU（把负分截成 0）",
    )
    check.at_least(
        "得到梯度的张量比例",
        share_with_gradient(found.parameters),
        MIN_SHARE,
        "判别器的大部分参数得不到梯度：前向里有 detach() 或 stop_gradient",
    )


def share_with_gradient(found):
    """Of the trainable tensors, those with a gradient that is not all zero."""
    return sum(grad is not None and bool(np.any(grad)) for grad in found.values()) / max(1, len(found))
