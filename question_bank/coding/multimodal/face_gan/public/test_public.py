"""公开样例：放到你的 solution_tensorflow.py 或 solution_torch.py 旁边，运行 `pytest test_public.py`。

看接口连没连通：不训练，几秒就完。隐藏检查比这些严格得多，还会真的训练一次。
"""

import importlib
from pathlib import Path

import numpy as np
import pytest

HERE = Path(__file__).parent
FILES = [name for name in ("solution", "solution_tensorflow", "solution_torch") if (HERE / f"{name}.py").exists()]
LATENT_DIM = 37


@pytest.fixture(
    params=FILES or [pytest.param("", marks=pytest.mark.skip(reason="旁边没有 solution_tensorflow.py 或 solution_torch.py"))]
)
def solution(request, monkeypatch):
    """你的文件。"""
    monkeypatch.syspath_prepend(str(HERE))
    return importlib.import_module(request.param)


def tensor(solution, array):
    """NumPy 数组变成所用框架的张量。"""
    if hasattr(solution, "torch"):
        return importlib.import_module("torch").from_numpy(array)
    return importlib.import_module("tensorflow").constant(array)


def to_array(value):
    """张量变成 NumPy 数组。"""
    return np.asarray(value.detach().cpu() if hasattr(value, "detach") else value)


def layout(solution, count):
    """一批图片的形状：PyTorch 通道在前，TensorFlow 在后。"""
    return (count, 1, 28, 28) if hasattr(solution, "torch") else (count, 28, 28, 1)


@pytest.mark.parametrize("count", [2, 5])
def test_generator(solution, count):
    """噪声 (N, latent_dim) 到 N 张取值在 [-1, 1] 的图。"""
    noise = np.random.default_rng(0).standard_normal((count, LATENT_DIM), dtype=np.float32)
    pictures = to_array(solution.build_generator(LATENT_DIM)(tensor(solution, noise)))

    assert pictures.shape == layout(solution, count)
    assert np.abs(pictures).max() <= 1


@pytest.mark.parametrize("count", [2, 5])
def test_discriminator(solution, count):
    """N 张图到 (N, 1)。"""
    pictures = np.random.default_rng(0).uniform(-1, 1, layout(solution, count)).astype(np.float32)

    assert to_array(solution.build_discriminator()(tensor(solution, pictures))).shape == (count, 1)


def test_generate(solution):
    """n 张图，每次都不同。"""
    generator = solution.build_generator(LATENT_DIM)
    first, second = (to_array(solution.generate(generator, 4, LATENT_DIM)) for _ in range(2))

    assert first.shape in {(4, 28, 28, 1), layout(solution, 4)}
    assert not np.allclose(first, second)
