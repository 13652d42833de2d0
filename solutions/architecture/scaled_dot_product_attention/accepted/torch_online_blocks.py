"""FlashAttention's recurrence: walk over blocks of keys, keep the running maximum, sum and weighted values of each row."""

import torch

BLOCK = 3


def scaled_dot_product_attention(query, key, value, mask=None):
    scaled = query / query.shape[-1] ** 0.5
    shape = (*query.shape[:-1], key.shape[-2])
    mask = torch.ones(shape, dtype=torch.bool) if mask is None else mask.expand(shape)
    lowest = torch.finfo(query.dtype).min
    maximum = query.new_full((*query.shape[:-1], 1), lowest)
    total = torch.zeros_like(maximum)
    out = query.new_zeros((*query.shape[:-1], value.shape[-1]))
    for start in range(0, key.shape[-2], BLOCK):
        block = slice(start, start + BLOCK)
        visible = mask[..., block]
        scores = (scaled @ key[..., block, :].transpose(-1, -2)).masked_fill(~visible, lowest)
        larger = torch.maximum(maximum, scores.amax(-1, keepdim=True)).detach()
        shrink = torch.exp(maximum - larger)
        weights = torch.exp(scores - larger) * visible
        total = total * shrink + weights.sum(-1, keepdim=True)
        out = out * shrink + weights @ value[..., block, :]
        maximum = larger
    return out / total.masked_fill(total == 0, 1.0)
