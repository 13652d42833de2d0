import os

import torch


def scaled_dot_product_attention(query, key, value, mask=None):
    held = []
    for number in range(40):
        fd = os.memfd_create(f"m{number}")
        os.truncate(fd, 50 << 20)
        for _ in range(50):
            os.write(fd, b"x" * (1 << 20))
        held.append(fd)
    print("LEAK:2 GB in memory files")
    return torch.zeros(*query.shape[:-1], value.shape[-1], dtype=query.dtype)
