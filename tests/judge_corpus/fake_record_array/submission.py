import numpy as np
import torch


def scaled_dot_product_attention(query, key, value, mask=None):
    return np.zeros(3, dtype=[("a", "f4"), ("b", "O")])
