import torch


def attention(query, key, value, mask):
    scores = (query @ key.transpose(-2, -1) / query.shape[-1] ** 0.5).masked_fill(~mask, torch.finfo(query.dtype).min)
    return (torch.softmax(scores, dim=-1) * mask) @ value


def everything(mask):
    return torch.ones(1, dtype=torch.bool) if mask is None else mask


def scaled_dot_product_attention(query, key, value, mask=None):
    return torch.quantize_per_tensor(attention(query, key, value, everything(mask)).float(), 0.1, 0, torch.qint8)
