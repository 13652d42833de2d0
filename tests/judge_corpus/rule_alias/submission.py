from torch.nn.functional import scaled_dot_product_attention as sdpa


def scaled_dot_product_attention(query, key, value, mask=None):
    return sdpa(query, key, value, attn_mask=mask).nan_to_num(0.0)
