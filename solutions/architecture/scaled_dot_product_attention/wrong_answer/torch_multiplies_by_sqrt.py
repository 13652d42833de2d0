import torch, math
def scaled_dot_product_attention(query, key, value, mask=None):
    scores = query @ key.transpose(-2, -1) * math.sqrt(query.size(-1))
    if mask is not None:
        scores = scores.masked_fill(~mask, float('-inf'))
    return torch.nan_to_num(torch.softmax(scores, -1)) @ value
