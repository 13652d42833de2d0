import math

import torch


def scaled_dot_product_attention(query, key, value, mask=None):
    batch, heads, length, width = query.shape
    scores = torch.einsum("bhle,bhse->bhls", query, key) / math.sqrt(width)
    if mask is not None:
        scores = scores.masked_fill(~mask, -1e9)
    return torch.softmax(scores, dim=-1) @ value
