import torch


def scaled_dot_product_atention(query, key, value, mask=None):
    return value
