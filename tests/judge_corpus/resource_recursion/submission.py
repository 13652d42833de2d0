import torch


def deeper(n):
    return deeper(n + 1)


def scaled_dot_product_attention(query, key, value, mask=None):
    return deeper(0)
