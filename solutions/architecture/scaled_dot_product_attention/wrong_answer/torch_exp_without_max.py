import math

import torch


def scaled_dot_product_attention(query, key, value, mask=None):
    scores = query @ key.transpose(-2, -1) / math.sqrt(query.shape[-1])
    exponentials = torch.exp(scores)
    if mask is not None:
        exponentials = exponentials * mask
        blind = ~mask.any(dim=-1, keepdim=True)
        return exponentials @ value / (exponentials.sum(dim=-1, keepdim=True) + blind)
    return exponentials / exponentials.sum(dim=-1, keepdim=True) @ value
