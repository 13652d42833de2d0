import logging
import warnings

import torch

logging.basicConfig(level=logging.DEBUG)
logging.getLogger(__name__).warning("开始 \x1b[32m绿色\x1b[0m")
warnings.warn("将要弃用", DeprecationWarning, stacklevel=2)
for step in range(0, 101, 10):
    print(f"\r{step:3d}%", end="")


def scaled_dot_product_attention(query, key, value, mask=None):
    scores = query @ key.transpose(-2, -1) / query.shape[-1] ** 0.5
    if mask is None:
        return torch.softmax(scores, dim=-1) @ value
    scores = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
    return (torch.softmax(scores, dim=-1) * mask) @ value
