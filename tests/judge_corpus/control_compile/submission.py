import torch


@torch.compile(mode="reduce-overhead")
def attend(query, key, value, mask):
    scores = (query @ key.transpose(-2, -1) / query.shape[-1] ** 0.5).masked_fill(~mask, torch.finfo(query.dtype).min)
    return (torch.softmax(scores, dim=-1) * mask) @ value


class Attention(torch.nn.Module):
    def forward(self, query, key, value, mask):
        return attend(query, key, value, mask)


attention = Attention()
attention.compile()


def scaled_dot_product_attention(query, key, value, mask=None):
    return attention(query, key, value, torch.ones(1, dtype=torch.bool) if mask is None else mask)
