"""公开样例：放到你的 solution_torch.py / solution_tensorflow.py 旁边，运行 `pytest test_public.py`。隐藏检查比这些严格得多。"""

import importlib
from pathlib import Path

import numpy as np
import pytest

HERE = Path(__file__).parent
FILES = [name for name in ("solution", "solution_torch", "solution_tensorflow") if (HERE / f"{name}.py").exists()]
QUERY = np.array([[1.0, 0.0, 1.0, 0.0]], dtype="float32")
KEY = np.array([[2.0, 0.0, 0.0, 0.0], [0.0, 4.0, 0.0, 2.0]], dtype="float32")
VALUE = np.array([[1.0, 10.0, 100.0], [3.0, 30.0, 300.0]], dtype="float32")


@pytest.fixture(
    params=FILES or [pytest.param("", marks=pytest.mark.skip(reason="旁边没有 solution_torch.py 或 solution_tensorflow.py"))]
)
def attention(request, monkeypatch):
    """你的函数，NumPy 进、NumPy 出。"""
    monkeypatch.syspath_prepend(str(HERE))
    solution = importlib.import_module(request.param)
    framework, maker = ("torch", "tensor") if hasattr(solution, "torch") else ("tensorflow", "constant")
    to_tensor = getattr(importlib.import_module(framework), maker)
    return lambda *arrays: solution.scaled_dot_product_attention(*map(to_tensor, arrays)).numpy()


def test_by_hand(attention):
    """分数是 [2, 0] / √4 = [1, 0]，权重是 e/(e+1) 和 1/(e+1)。"""
    first = np.e / (np.e + 1)
    np.testing.assert_allclose(attention(QUERY, KEY, VALUE), [first * VALUE[0] + (1 - first) * VALUE[1]], rtol=1e-4)


def test_masked_key_gets_no_weight(attention):
    """只看得到第二个 key 时，输出就是第二个 value。"""
    np.testing.assert_allclose(attention(QUERY, KEY, VALUE, np.array([[False, True]])), VALUE[1:], rtol=1e-4)


def test_row_without_visible_keys_is_zero(attention):
    """整行都被遮住：输出 0，不是 NaN。"""
    np.testing.assert_array_equal(attention(QUERY, KEY, VALUE, np.array([[False, False]])), np.zeros((1, 3)))


def test_batch_dimensions(attention):
    """前面可以有任意个 batch 维。"""
    query, key, value = (np.broadcast_to(x, (2, 3, *x.shape)).copy() for x in (QUERY, KEY, VALUE))
    result = attention(query, key, value)
    assert result.shape == (2, 3, 1, 3)
    np.testing.assert_allclose(result[1, 2], attention(QUERY, KEY, VALUE), rtol=1e-4)
