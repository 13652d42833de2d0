import torch


class Attention(torch.nn.Module):
    """softmax written out: exp(score - logsumexp(scores))."""

    def forward(self, query, key, value, mask):
        scores = torch.matmul(query, key.mT) / query.shape[-1] ** 0.5
        if mask is None:
            mask = torch.ones_like(scores, dtype=torch.bool)
        mask = mask.expand(scores.shape)
        largest = torch.where(mask, scores, -torch.inf).amax(-1, keepdim=True).detach()
        largest = torch.where(largest.isinf(), torch.zeros_like(largest), largest)
        exponentials = torch.exp(torch.where(mask, scores - largest, -torch.inf))
        total = exponentials.sum(-1, keepdim=True)
        total = torch.where(total == 0, torch.ones_like(total), total)
        return torch.matmul(exponentials / total, value)


def scaled_dot_product_attention(query, key, value, mask=None):
    return Attention()(query, key, value, mask)
