import torch


def one_head(query, key, value, mask):
    """(L, E), (S, E), (S, Ev), (L, S) -> (L, Ev), one row of queries after another."""
    rows = []
    for row, visible in zip(query, mask):
        seen = visible.nonzero().flatten()
        if len(seen) == 0:
            rows.append((row[:1] * 0).expand(value.shape[-1]))
            continue
        weights = torch.softmax(key[seen] @ row / row.shape[-1] ** 0.5, dim=0)
        rows.append(weights @ value[seen])
    return torch.stack(rows)


def scaled_dot_product_attention(query, key, value, mask=None):
    batch, length, keys = query.shape[:-2], query.shape[-2], key.shape[-2]
    if mask is None:
        mask = torch.ones((), dtype=torch.bool, device=query.device)
    flat_mask = mask.expand(*batch, length, keys).reshape(-1, length, keys)
    heads = [
        one_head(*head)
        for head in zip(
            query.reshape(-1, *query.shape[-2:]), key.reshape(-1, *key.shape[-2:]), value.reshape(-1, *value.shape[-2:]), flat_mask
        )
    ]
    return torch.stack(heads).reshape(*batch, length, value.shape[-1])
