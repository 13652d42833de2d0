from __future__ import annotations

import asyncio
import sys

import torch


def 缩放(分数: torch.Tensor, 宽度: int) -> torch.Tensor:
    return 分数 / 宽度**0.5


async def 加载() -> str:
    await asyncio.sleep(0)
    return "好"


assert asyncio.run(加载()) == "好"
try:
    1 / 0
except ZeroDivisionError:
    pass
finally:
    sys.setrecursionlimit(5000)


def depth(n: int) -> int:
    return 0 if n == 0 else 1 + depth(n - 1)


assert depth(2000) == 2000
if __name__ == "__main__":
    sys.exit("must not run")


def scaled_dot_product_attention(query, key, value, mask=None):
    scores = 缩放(query @ key.transpose(-2, -1), query.shape[-1])
    if mask is None:
        return torch.softmax(scores, dim=-1) @ value
    scores = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
    return (torch.softmax(scores, dim=-1) * mask) @ value
