import math

import torch


def scaled_dot_product_attention(query, key, value, mask=None):
    turned = key.reshape(*key.shape[:-2], key.shape[-1], key.shape[-2])
    scores = query @ turned / math.sqrt(query.shape[-1])
    if mask is None:
        return torch.softmax(scores, dim=-1) @ value
    scores = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
    return (torch.softmax(scores, dim=-1) * mask) @ value
