import math

import torch


def scaled_dot_product_attention(query, key, value, mask=None):
    scores = query @ key.transpose(-2, -1) / math.sqrt(query.shape[-1])
    weights = torch.softmax(scores, dim=-1)
    if mask is None:
        return weights @ value
    weights = weights.masked_fill(~mask, 0.0)
    return weights / (weights.sum(dim=-1, keepdim=True) + 1e-3) @ value
