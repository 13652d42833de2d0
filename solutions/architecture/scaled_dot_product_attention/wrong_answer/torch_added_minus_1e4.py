import math

import torch


def scaled_dot_product_attention(query, key, value, mask=None):
    scores = query @ key.transpose(-2, -1) / math.sqrt(query.shape[-1])
    if mask is None:
        return torch.softmax(scores, dim=-1) @ value
    scores = scores + (~mask) * -1e4
    return (torch.softmax(scores, dim=-1) * mask.any(dim=-1, keepdim=True)) @ value
