import torch
from torch import einsum


def scaled_dot_product_attention(query, key, value, mask=None):
    scores = einsum("...le,...se->...ls", query, key) * query.size(-1) ** -0.5
    if mask is not None:
        scores = torch.where(mask, scores, torch.finfo(scores.dtype).min)
    weights = scores.softmax(dim=-1)
    if mask is not None:
        weights = weights * mask
    return einsum("...ls,...sv->...lv", weights, value)
