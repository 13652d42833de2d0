import torch
from torch import nn


def scaled_dot_product_attention(query, key, value, mask=None):
    layer = nn.MultiheadAttention(query.shape[-1], 1, batch_first=True, kdim=key.shape[-1], vdim=value.shape[-1])
    return layer(query, key, value)[0]
