import torch, math
import torch.nn.functional as F
def scaled_dot_product_attention(query, key, value, mask=None):
    s = query @ key.transpose(-2, -1) / math.sqrt(query.size(-1))
    if mask is not None:
        s = s.masked_fill(~mask, -1e9)
    w = F.dropout(F.softmax(s, dim=-1), 0.1)
    return w @ value
