import torch


class Width(int):
    """An int with a root."""

    @property
    def root(self):
        return self**0.5


class Named(torch.Tensor):
    """A tensor subclass that behaves."""


class Attention(torch.nn.Module):
    def forward(self, query, key, value, mask=None):
        scores = query @ key.mT / Width(query.shape[-1]).root
        if mask is not None:
            scores = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
        weights = scores.softmax(-1) if mask is None else scores.softmax(-1) * mask
        return (weights @ value).as_subclass(Named)


class Entry:
    def __init__(self, module):
        self.module = module

    def __call__(self, query, key, value, mask=None):
        return self.module(query, key, value, mask)


scaled_dot_product_attention = Entry(Attention())
