"""What the four functions return, before anything is trained."""

import numpy as np

from judge.checks.multimodal.face_gan.faces_data import split
from judge.checks.multimodal.face_gan.helpers import generated, new_discriminator, new_generator, noise, paint, score, trainable

LOUD = 20.0  # far outside of what noise looks like: whatever ends in tanh stays in its range
STRONG = 5.0  # weights that start at 0.02 would hide a missing tanh until they are trained


def test_generator_shape(submission, generator, latent_dim, rng, check):
    """生成器：噪声 (N, latent_dim) 到 N 张 28×28 的图，N 任意。"""
    for count in (2, 7):
        paint(submission, generator, noise(rng, count, latent_dim), check)


def test_discriminator_shape(submission, discriminator, check):
    """判别器：N 张图到 (N, 1) 的有限浮点数。"""
    for count in (2, 7):
        score(submission, discriminator, split().train[:count], check)


def test_generator_range(submission, generator, latent_dim, rng, check):
    """生成器的输出是有限的 float32，取值在 [-1, 1]。"""
    state = submission.state(generator)
    strong = {name: STRONG * value for name, value in trainable(submission, generator).items()}
    submission.load_state(generator, {**state, **strong})
    try:
        output = paint(submission, generator, LOUD * noise(rng, 16, latent_dim), check)
    finally:
        submission.load_state(generator, state)
    worst = float(np.abs(output).max())
    name = "噪声放大 20 倍、参数放大 5 倍之后的最大绝对值"
    check.at_most(name, worst, 1 + 1e-4, "生成器的输出不在 [-1, 1]：末层要用 tanh")
    positive = float(output.min()) >= 0 and float(output.max()) > 0
    check.true(not positive, "生成器的输出全都不小于 0：sigmoid 的 [0, 1] 没有换算到 [-1, 1]，用 2x - 1，或把末层换成 tanh")


def test_builds_fresh_networks(submission, generator, discriminator, latent_dim, check):
    """每次都得到新的网络，带有可训练的参数。"""
    pairs = [
        ("build_generator", generator, new_generator(submission, latent_dim, check)),
        ("build_discriminator", discriminator, new_discriminator(submission, check)),
    ]
    for entry, one, second in pairs:
        state = submission.state(one)
        names = [name for name in submission.trainable(one) if name in state]
        check.true(bool(names), f"{entry} 的网络没有可训练的参数：层要赋给 self.xxx（放进普通列表的层不会被登记）")
        submission.load_state(one, {**state, names[0]: state[names[0]] + 1})
        moved = submission.state(second).get(names[0])
        submission.load_state(one, state)
        same = moved is not None and np.array_equal(moved, state[names[0]] + 1)
        check.true(not same, f"两次 {entry} 返回的是同一个网络：改动一个，另一个也变了；要在函数里新建")


def test_generate(submission, generator, latent_dim, check):
    """generate 返回 n 张取值在 [-1, 1] 的 float32 图片。"""
    for count in (5, 12):
        generated(submission, generator, count, latent_dim, check)
