import torch, math
import torch.nn.functional as F
def scaled_dot_product_attention(query, key, value, mask=None):
    s = F.normalize(query, dim=-1) @ F.normalize(key, dim=-1).transpose(-2, -1)
    if mask is not None:
        s = s.masked_fill(~mask, float('-inf'))
    return torch.nan_to_num(torch.softmax(s, -1)) @ value
