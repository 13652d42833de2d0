import torch


class Attend(torch.autograd.Function):
    """Forward and backward by hand."""

    @staticmethod
    def forward(ctx, query, key, value, mask):
        scale = query.shape[-1] ** -0.5
        scores = (query @ key.mT * scale).masked_fill(~mask, torch.finfo(query.dtype).min)
        weights = torch.softmax(scores, dim=-1) * mask
        ctx.save_for_backward(query, key, value, weights)
        ctx.scale = scale
        return weights @ value

    @staticmethod
    def backward(ctx, grad):
        query, key, value, weights = ctx.saved_tensors
        grad_weights = grad @ value.mT
        grad_scores = weights * (grad_weights - (weights * grad_weights).sum(-1, keepdim=True)) * ctx.scale
        return grad_scores @ key, grad_scores.mT @ query, weights.mT @ grad, None


def scaled_dot_product_attention(query, key, value, mask=None):
    return Attend.apply(query, key, value, torch.ones(1, dtype=torch.bool) if mask is None else mask)
