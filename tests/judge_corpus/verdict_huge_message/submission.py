import torch


def scaled_dot_product_attention(query, key, value, mask=None):
    raise ValueError("A" * 50_000_000)
