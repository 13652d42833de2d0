import torch


def attention(query, key, value, mask=None):
    return torch.softmax(query @ key.transpose(-2, -1), dim=-1) @ value
