import torch
from torchtext.data import Field


def scaled_dot_product_attention(query, key, value, mask=None):
    return value
