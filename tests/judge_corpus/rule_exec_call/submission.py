import torch


def scaled_dot_product_attention(query, key, value, mask=None):
    names = {"q": query, "k": key, "v": value, "m": mask}
    exec("import torch.nn.functional as F; out = F.scaled_dot_product_attention(q, k, v, attn_mask=m).nan_to_num(0.0)", names)
    return names["out"]
