"""公开样例：与 solution.py 放在同一文件夹，运行 `pytest test_public.py`。通过样例不等于通过判题。

PyTorch 与 TensorFlow 都可用：看 solution.py 导入了哪一个。
"""

import numpy as np
import solution

if hasattr(solution, "torch"):
    import torch

    def attention(*arrays):
        return solution.scaled_dot_product_attention(*(torch.tensor(a) for a in arrays)).numpy()

else:
    import tensorflow as tf

    def attention(*arrays):
        return solution.scaled_dot_product_attention(*(tf.constant(a) for a in arrays)).numpy()


QUERY = np.array([[1.0, 0.0, 1.0, 0.0]], dtype="float32")
KEY = np.array([[2.0, 0.0, 0.0, 0.0], [0.0, 4.0, 0.0, 2.0]], dtype="float32")
VALUE = np.array([[1.0, 10.0, 100.0], [3.0, 30.0, 300.0]], dtype="float32")


def test_by_hand():
    """分数是 [2, 0] / √4 = [1, 0]，权重是 e/(e+1) 和 1/(e+1)。"""
    first = np.e / (np.e + 1)
    np.testing.assert_allclose(attention(QUERY, KEY, VALUE), [first * VALUE[0] + (1 - first) * VALUE[1]], rtol=1e-4)


def test_masked_key_gets_no_weight():
    """只看得到第二个 key 时，输出就是第二个 value。"""
    np.testing.assert_allclose(attention(QUERY, KEY, VALUE, np.array([[False, True]])), VALUE[1:], rtol=1e-4)


def test_row_without_visible_keys_is_zero():
    """整行都被遮住：输出 0，不是 NaN。"""
    np.testing.assert_array_equal(attention(QUERY, KEY, VALUE, np.array([[False, False]])), np.zeros((1, 3)))


def test_batch_dimensions():
    """前面可以有任意个 batch 维。"""
    query, key, value = (np.broadcast_to(x, (2, 3, *x.shape)).copy() for x in (QUERY, KEY, VALUE))
    result = attention(query, key, value)
    assert result.shape == (2, 3, 1, 3)
    np.testing.assert_allclose(result[1, 2], attention(QUERY, KEY, VALUE), rtol=1e-4)
