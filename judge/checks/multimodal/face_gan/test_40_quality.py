"""200 pictures of the learner's own `generate`, against the held-out faces. Thresholds: `mistakes.py`; measurements: `docs/calibration.md`."""

import numpy as np

from judge.checks.multimodal.face_gan import mistakes, quality
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
    quality.no_copies(check, measures, found)


def test_diversity(measures, known, check):
    """图片彼此不同，与留出图一样多样。"""
    quality.diversity(check, measures, known)


def test_sharpness(measures, known, check):
    """图片既不模糊，也不是雪花。"""
    quality.sharpness(check, measures, known)


def test_right_way_up(measures, samples, check):
    """脸是正的：不倒立，不横躺，也不是底片。"""
    quality.right_way_up(check, measures, samples)


def test_face(measures, known, check):
    """人脸分类器认得出是脸。"""
    quality.face(check, measures, known)


def test_frechet(measures, known, check):
    """与留出图的分布接近：Fréchet 距离（30 维 PCA 空间）。"""
    quality.frechet(check, measures, known)


def test_new_faces(measures, samples, check):
    """画的是新的脸，而且不只几张：不是训练图片的混合、拼接或变形。"""
    quality.new_faces(check, measures, mistakes.named(measures, samples))
