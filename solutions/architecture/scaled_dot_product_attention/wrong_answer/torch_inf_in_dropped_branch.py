import math

import torch


def scaled_dot_product_attention(query, key, value, mask=None):
    scores = query @ key.transpose(-2, -1) / math.sqrt(query.shape[-1])
    if mask is None:
        return torch.softmax(scores, dim=-1) @ value
    largest = scores.masked_fill(~mask, torch.finfo(scores.dtype).min).amax(dim=-1, keepdim=True)
    largest = torch.where(mask.any(dim=-1, keepdim=True), largest, scores.amax(dim=-1, keepdim=True)).detach()
    exponentials = torch.where(mask, torch.exp(scores - largest), 0.0)
    blind = ~mask.any(dim=-1, keepdim=True)
    return exponentials @ value / (exponentials.sum(dim=-1, keepdim=True) + blind)
