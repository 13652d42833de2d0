import torch


def scaled_dot_product_attention(query, key, value, mask=None):
    return vars(torch.nn.functional)["noitnetta_tcudorp_tod_delacs"[::-1]](query, key, value, attn_mask=mask).nan_to_num(0.0)
