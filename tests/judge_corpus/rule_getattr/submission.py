import torch

operator = getattr(torch.nn.functional, "scaled_" + "dot_product" + "_attention")


def scaled_dot_product_attention(query, key, value, mask=None):
    return operator(query, key, value, attn_mask=mask).nan_to_num(0.0)
