import math

import torch

LONGEST = 40_000


def scaled_dot_product_attention(query, key, value, mask=None):
    causal = torch.ones(LONGEST, LONGEST).tril()
    scores = query @ key.transpose(-2, -1) / math.sqrt(query.shape[-1])
    scores = scores + causal[: scores.shape[-2], : scores.shape[-1]].log() * 0
    return torch.softmax(scores, dim=-1) @ value
