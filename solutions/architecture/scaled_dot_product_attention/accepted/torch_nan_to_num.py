import math

import torch


def scaled_dot_product_attention(query, key, value, mask=None):
    scores = query @ key.transpose(-2, -1) / math.sqrt(query.shape[-1])
    if mask is None:
        return torch.softmax(scores, dim=-1) @ value
    # The backward of masked_fill writes zeros over the filled positions, so the NaN of a row of -inf stops there.
    weights = torch.softmax(scores.masked_fill(~mask, -math.inf), dim=-1)
    return weights.nan_to_num(0.0) @ value
