import time

import torch


def scaled_dot_product_attention(query, key, value, mask=None):
    time.sleep(3600)
    return torch.softmax(query @ key.transpose(-2, -1), dim=-1) @ value
