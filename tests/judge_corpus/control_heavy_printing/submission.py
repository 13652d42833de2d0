import sys

import torch

for number in range(4000):
    print("step", number, "loss", 1.0 / (number + 1), "x" * 180)
print("\r进度 100%", end="", file=sys.stderr)


def scaled_dot_product_attention(query, key, value, mask=None):
    scores = query @ key.transpose(-2, -1) / query.shape[-1] ** 0.5
    if mask is None:
        return torch.softmax(scores, dim=-1) @ value
    scores = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
    return (torch.softmax(scores, dim=-1) * mask) @ value
