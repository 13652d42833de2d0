from __future__ import annotations

import asyncio
import dataclasses
import enum
import functools
import logging
import typing
import warnings

import torch
from torch import Tensor, nn

warnings.filterwarnings("error", category=DeprecationWarning)
logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
torch.set_default_dtype(torch.float64)
torch.set_num_threads(4)
torch.manual_seed(0)


class Mode(enum.Enum):
    PLAIN = "plain"
    MASKED = "masked"


@dataclasses.dataclass(frozen=True, slots=True)
class Config:
    scale: float | None = None
    extra: dict[str, int] = dataclasses.field(default_factory=dict)


@functools.lru_cache(maxsize=None)
def everything(length: int) -> Tensor:
    return torch.ones(length, dtype=torch.bool)


def make(config: Config) -> nn.Module:
    class Attention(nn.Module):
        def forward(self, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> Tensor:
            match mask:
                case None:
                    mode, mask = Mode.PLAIN, everything(key.shape[-2])
                case torch.Tensor():
                    mode = Mode.MASKED
            logging.info("注意力 🎯 %s", mode.value)
            scale = config.scale or query.shape[-1] ** -0.5
            scores = (query @ key.mT * scale).masked_fill(~mask, torch.finfo(query.dtype).min)
            return (scores.softmax(-1) * mask) @ value

    return Attention()


async def attend(*arguments: typing.Any) -> Tensor:
    await asyncio.sleep(0)
    return make(Config())(*arguments)


def scaled_dot_product_attention(query: Tensor, key: Tensor, value: Tensor, mask: typing.Optional[Tensor] = None) -> Tensor:
    return asyncio.run(attend(query, key, value, mask))


if __name__ == "__main__":
    raise SystemExit("nobody runs this file as a script")
