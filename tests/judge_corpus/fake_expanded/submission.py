import torch


def scaled_dot_product_attention(query, key, value, mask=None):
    return torch.zeros(1).expand(10**9)
