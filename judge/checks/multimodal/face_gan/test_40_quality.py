"""200 pictures of the learner's own `generate`, against the held-out faces. Thresholds: `mistakes.py`; measurements: `docs/calibration.md`."""

import numpy as np

from judge.checks.multimodal.face_gan import mistakes
from judge.checks.multimodal.face_gan.helpers import generated


def test_generating_changes_nothing(submission, trained, latent_dim, check):
    """generate 用推理模式，不改动生成器。"""
    before = submission.state(trained.generator)
    generated(submission, trained.generator, 32, latent_dim, check)
    after = submission.state(trained.generator)
    same = all(np.array_equal(value, after.get(name)) for name, value in before.items())
    diagnosis = (
        "generate 没有用推理模式：调用一次，BatchNorm 的滑动统计就变了；PyTorch 先 generator.eval()，Keras 传 training=False"
    )
    check.true(same, diagnosis)


def test_no_copies(measures, found, check):
    """图片不是训练图片的复印件（平移、翻转、模糊后的也不是）。"""
    check.at_least("到最近的训练图的距离，与留出图之比", measures.novelty, mistakes.MIN_NOVELTY, mistakes.copied(found))


def test_diversity(measures, samples, check):
    """图片彼此不同，与留出图一样多样。"""
    low, high = mistakes.DIVERSITY
    name, known = "两两距离，与留出图之比", mistakes.named(measures, samples)
    check.at_least(name, measures.diversity, low, known or "多样性不够：图片彼此太像，是模式崩溃的开始")
    check.at_most(name, measures.diversity, high, known or "图片之间差得太远，不像同一类东西：更像噪声")


def test_sharpness(measures, samples, check):
    """图片既不模糊，也不是雪花。"""
    low, high = mistakes.SHARPNESS
    known = mistakes.named(measures, samples)
    check.at_least(
        "与模糊版之差", measures.sharpness, low, known or "图片是模糊的：没有细节；训练太少，或没有判别器在逼它画清楚"
    )
    check.at_most("与模糊版之差", measures.sharpness, high, known or "图片上满是颗粒或棋盘格：接近噪声")


def test_face(measures, samples, check):
    """人脸分类器认得出是脸。"""
    diagnosis = mistakes.named(measures, samples) or mistakes.low_face(measures)
    check.at_least("是人脸的平均概率", measures.face, mistakes.MIN_FACE, diagnosis)


def test_frechet(measures, samples, check):
    """与留出图的分布接近：Fréchet 距离（30 维 PCA 空间）。"""
    diagnosis = mistakes.named(measures, samples) or "生成的图与真实人脸的分布差得远：训练步数太少，或只会画少数几种脸"
    check.at_most("Fréchet 距离", measures.frechet, mistakes.MAX_FRECHET, diagnosis)
