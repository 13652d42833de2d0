import torch
import torch.nn.functional as F

# F.scaled_dot_product_attention is what this file must not call; naming it in a comment is no crime.
"""Nor is nn.MultiheadAttention in a string."""


class MultiheadAttention(torch.nn.Module):
    """A class of the learner's own with a forbidden layer's name."""


def main():
    print(F.softmax(torch.zeros(2), dim=0), MultiheadAttention())


main()


def scaled_dot_product_attention(query, key, value, mask=None):
    scores = query @ key.transpose(-2, -1) / query.shape[-1] ** 0.5
    if mask is None:
        return torch.softmax(scores, dim=-1) @ value
    scores = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
    return (torch.softmax(scores, dim=-1) * mask) @ value
