import torch


def scaled_dot_product_attention(query, key, value, mask=None):
    async def later():
        return value

    return later()
