import math

import torch


def scaled_dot_product_attention(query, key, value, mask=None):
    scores = query @ key.transpose(-2, -1) / math.sqrt(query.shape[-1])
    if mask is None:
        return torch.softmax(scores, dim=-1) @ value
    sees_any = mask.any(dim=-1, keepdim=True)
    scores = scores.masked_fill(~mask, -math.inf)
    # A row of nothing but -inf would make softmax 0/0, forward and backward: give it harmless scores, then no weight.
    scores = torch.where(sees_any, scores, torch.zeros_like(scores))
    return (torch.softmax(scores, dim=-1) * sees_any) @ value
