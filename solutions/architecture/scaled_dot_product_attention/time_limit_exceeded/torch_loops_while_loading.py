import torch

step = 0
while step >= 0:
    step += 1


def scaled_dot_product_attention(query, key, value, mask=None):
    return torch.softmax(query @ key.transpose(-2, -1), dim=-1) @ value
