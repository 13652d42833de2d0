import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import torch
import torch.multiprocessing
from torch.utils.data import DataLoader, TensorDataset

torch.multiprocessing.set_sharing_strategy("file_system")


def attention(query, key, value, mask):
    scores = (query @ key.transpose(-2, -1) / query.shape[-1] ** 0.5).masked_fill(~mask, torch.finfo(query.dtype).min)
    return (torch.softmax(scores, dim=-1) * mask) @ value


def everything(mask):
    return torch.ones(1, dtype=torch.bool) if mask is None else mask


def double(number):
    return number * 2


with multiprocessing.get_context("spawn").Pool(2) as pool:
    assert pool.map(double, [1, 2]) == [2, 4]
with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("forkserver")) as executor:
    assert executor.submit(double, 3).result() == 6
batches = DataLoader(TensorDataset(torch.arange(8.0)), batch_size=4, num_workers=2, multiprocessing_context="spawn")
assert sum(float(batch.sum()) for (batch,) in batches) == 28


def scaled_dot_product_attention(query, key, value, mask=None):
    return attention(query, key, value, everything(mask))
