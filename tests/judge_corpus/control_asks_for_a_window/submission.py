import argparse

import matplotlib

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=100)
options = parser.parse_args()

matplotlib.use("TkAgg")

import matplotlib.pyplot as plt
import torch
from tqdm import tqdm

plt.switch_backend("QtAgg")
plt.plot([step**2 for step in tqdm(range(options.epochs))])
plt.show()
plt.savefig("curve.png")


def scaled_dot_product_attention(query, key, value, mask=None):
    scores = query @ key.transpose(-2, -1) / query.shape[-1] ** 0.5
    if mask is None:
        return torch.softmax(scores, dim=-1) @ value
    weights = torch.softmax(scores.masked_fill(~mask, float("-inf")), dim=-1)
    return torch.where(mask.any(dim=-1, keepdim=True), weights, 0.0) @ value
