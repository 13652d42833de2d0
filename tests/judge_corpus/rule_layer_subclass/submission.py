import torch
from torch import nn


class Mine(nn.MultiheadAttention):
    pass


def scaled_dot_product_attention(query, key, value, mask=None):
    return Mine(query.shape[-1], 1, batch_first=True)(query, query, query)[0]
