import torch


def f(x)
    return x


def scaled_dot_product_attention(query, key, value, mask=None):
    retrun value @ key
