"""A plain training script: the generator it left paints 200 pictures from noise that the judge draws."""

import numpy as np
import pytest

from judge.checks.multimodal.face_gan import mistakes, oracle, quality
from judge.checks.multimodal.face_gan.keeping import keep_closest, keep_faces
from judge.grader.failures import SubmissionFailed

SAMPLES = 200
USUAL = (100, 128, 64, 256, 32, 50, 10, 2)
MOST = 1024


@pytest.fixture(scope="session")
def way(submission, session_check):
    """The shape of one noise, as the generator takes it: nobody told the judge how long it is, but the first weights know."""
    seen = None
    for size in dict.fromkeys([*_widths(submission), *USUAL]):
        for shape in ((size,), (size, 1, 1), (1, 1, size)):
            try:
                output = submission.forward(submission.script_model, np.zeros((2, *shape), np.float32))
            except SubmissionFailed as failure:
                if failure.fatal:
                    raise
                continue
            if isinstance(output, np.ndarray) and output.size == 2 * 784 and output.dtype.kind == "f":
                return shape
            seen = getattr(output, "shape", None) or seen
    told = f"它输出的形状是 {tuple(seen)}" if seen else "它不接受 (N, latent_dim) 的噪声"
    session_check.returned(False, f"generator 应把 (N, latent_dim) 的噪声变成 N 张 28×28 的灰度图：{told}")
    return None


def _widths(submission):
    """Sizes of the first few weights: one of them is the length of the noise."""
    shapes = [value.shape for value in submission.state(submission.script_model).values()][:6]
    return [size for shape in shapes for size in shape if 2 <= size <= MOST]


def painted(submission, way, z, check):
    """(N,28,28) in [-1,1], from whichever range the script chose."""
    output = submission.forward(submission.script_model, z.reshape(-1, *way))
    check.returned(
        isinstance(output, np.ndarray) and output.size == 784 * len(z), "generator 对不同大小的批应都输出 28×28 的灰度图"
    )
    check.finite(output, "生成器输出")
    pictures = output.reshape(-1, 28, 28).astype(np.float32)
    if pictures.max() > 2:
        pictures = pictures / 127.5 - 1
    elif pictures.min() >= 0:
        pictures = 2 * pictures - 1
    return np.clip(pictures, -1, 1)


@pytest.fixture(scope="session")
def samples(submission, way, session_rng, session_check):
    """Two hundred pictures."""
    z = session_rng.standard_normal((SAMPLES, max(way)), dtype=np.float32)
    pictures = painted(submission, way, z, session_check)
    keep_faces(session_check, pictures)
    return pictures


@pytest.fixture(scope="session")
def found(samples, session_check):
    """The training face that each picture is nearest to."""
    nearest = oracle.nearest(samples)
    keep_closest(session_check, samples, nearest)
    return nearest


@pytest.fixture(scope="session")
def measures(samples, found):
    """The pictures in numbers."""
    return oracle.measure(samples, found)


@pytest.fixture(scope="session")
def known(measures, samples):
    """The mistake that the pictures show, if it is a known one."""
    return mistakes.named(measures, samples)


def test_same_noise_same_picture(submission, way, rng, check):
    """推理是确定的：同一个噪声两次得到同一张图。"""
    z = rng.standard_normal((16, max(way)), dtype=np.float32)
    first, second = (painted(submission, way, z, check) for _ in range(2))
    diagnosis = "同一个噪声两次得到不同的图：生成器里自己又采样了噪声，或 dropout 在推理时仍然打开"
    check.at_most("两次生成的差", float(np.abs(first - second).max()), 1e-4, diagnosis)


def test_depends_on_the_noise(samples, check):
    """不同的噪声得到不同的图。"""
    spread = float(np.ptp(samples, axis=0).max())
    check.above("不同噪声的输出差异", spread, 1e-3, "生成器没有用到噪声 z：不同的噪声得到同一张图")


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
