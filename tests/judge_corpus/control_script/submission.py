from typing import Optional

import torch


@torch.jit.script
def attend(query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, mask: Optional[torch.Tensor]) -> torch.Tensor:
    scores = query @ key.transpose(-2, -1) / float(query.size(-1)) ** 0.5
    if mask is None:
        return torch.softmax(scores, dim=-1) @ value
    scores = scores.masked_fill(mask.logical_not(), -1e30)
    return (torch.softmax(scores, dim=-1) * mask) @ value


def scaled_dot_product_attention(query, key, value, mask=None):
    return attend(query, key, value, mask)
