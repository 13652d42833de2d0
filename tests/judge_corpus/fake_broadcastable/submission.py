import torch


def scaled_dot_product_attention(query, key, value, mask=None):
    return value.mean(dim=-2, keepdim=True)
