import math

import torch


def scaled_dot_product_attention(query, key, value, mask=None):
    scores = query.numpy() @ key.transpose(-2, -1).numpy() / math.sqrt(query.shape[-1])
    scores = torch.from_numpy(scores).to(query.dtype)
    if mask is None:
        return torch.softmax(scores, dim=-1) @ value
    scores = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
    return (torch.softmax(scores, dim=-1) * mask) @ value
