import math

import torch


def scaled_dot_product_attention(query, key, value, mask=None):
    scores = query @ key.transpose(-2, -1) / math.sqrt(query.shape[-1])
    axis = 1 if scores.dim() == 4 else -1
    if mask is None:
        return torch.softmax(scores, dim=axis) @ value
    scores = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
    return (torch.softmax(scores, dim=axis) * mask) @ value
