from concurrent.futures import ThreadPoolExecutor

import torch


def row(query, key, value, mask):
    scores = key @ query / query.shape[-1] ** 0.5
    scores = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
    return (torch.softmax(scores, dim=-1) * mask) @ value


def scaled_dot_product_attention(query, key, value, mask=None):
    shape = (*query.shape[:-1], key.shape[-2])
    flat = (torch.ones(shape, dtype=torch.bool) if mask is None else mask.expand(shape)).reshape(-1, *shape[-2:])
    queries, keys, values = (x.reshape(-1, *x.shape[-2:]) for x in (query, key, value))
    jobs = [(queries[b, i], keys[b], values[b], flat[b, i]) for b in range(len(flat)) for i in range(shape[-2])]
    with ThreadPoolExecutor(4) as pool:
        rows = list(pool.map(lambda job: row(*job), jobs))
    return torch.stack(rows).reshape(*query.shape[:-1], value.shape[-1])
