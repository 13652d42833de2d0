"""A stand-in for the part of torchvision that an MNIST script uses: the data set and the common transforms."""

from __future__ import annotations

import random
import types
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from PIL import Image

from judge.wire import Array

TRAIN: tuple[Array, Array] = (np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.int64))
TEST: tuple[Array, Array] = TRAIN
Transform = Callable[[Any], Any]


class MNIST(torch.utils.data.Dataset):  # type: ignore[misc]
    """`torchvision.datasets.MNIST` over the judge's splits; `root` and `download` are accepted and not needed."""

    def __init__(
        self,
        root: Any = None,
        train: bool = True,
        transform: Transform | None = None,
        target_transform: Transform | None = None,
        download: bool = False,
    ) -> None:
        del root, download
        images, labels = TRAIN if train else TEST
        self.data = torch.from_numpy(images.copy())
        self.targets = torch.from_numpy(labels.astype(np.int64))
        self.transform = transform
        self.target_transform = target_transform

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        image: Any = Image.fromarray(self.data[index].numpy(), mode="L")
        target: Any = int(self.targets[index])
        if self.transform is not None:
            image = self.transform(image)
        if self.target_transform is not None:
            target = self.target_transform(target)
        return image, target


class Compose:
    """One transform after another."""

    def __init__(self, transforms: Sequence[Transform]) -> None:
        self.transforms = list(transforms)

    def __call__(self, value: Any) -> Any:
        for transform in self.transforms:
            value = transform(value)
        return value


class ToTensor:
    """uint8 picture (H,W) to float32 tensor (1,H,W) in [0,1]."""

    def __call__(self, image: Any) -> torch.Tensor:
        array = np.asarray(image)
        array = array[..., None] if array.ndim == 2 else array
        tensor = torch.from_numpy(array.transpose(2, 0, 1).copy())
        return tensor.float() / 255 if tensor.dtype == torch.uint8 else tensor.float()


class Normalize:
    """`(x - mean) / std` per channel."""

    def __init__(self, mean: Sequence[float], std: Sequence[float], inplace: bool = False) -> None:
        del inplace
        self.mean = torch.as_tensor(mean).float().reshape(-1, 1, 1)
        self.std = torch.as_tensor(std).float().reshape(-1, 1, 1)

    def __call__(self, tensor: torch.Tensor) -> torch.Tensor:
        return (tensor - self.mean) / self.std


class Lambda:
    """Any function."""

    def __init__(self, lambd: Transform) -> None:
        self.lambd = lambd

    def __call__(self, value: Any) -> Any:
        return self.lambd(value)


class Resize:
    """Bilinear, of a picture."""

    def __init__(self, size: int | Sequence[int], *args: Any, **kwargs: Any) -> None:
        del args, kwargs
        self.size = (size, size) if isinstance(size, int) else (size[1], size[0])

    def __call__(self, image: Any) -> Any:
        return image.resize(self.size, Image.Resampling.BILINEAR)


class RandomRotation:
    """By an angle drawn from `(-degrees, degrees)`."""

    def __init__(self, degrees: float | Sequence[float], *args: Any, **kwargs: Any) -> None:
        del args, kwargs
        self.low, self.high = (-degrees, degrees) if isinstance(degrees, (int, float)) else (degrees[0], degrees[1])

    def __call__(self, image: Any) -> Any:
        return image.rotate(random.uniform(self.low, self.high))


class RandomCrop:
    """After padding with black."""

    def __init__(self, size: int | Sequence[int], padding: int = 0, *args: Any, **kwargs: Any) -> None:
        del args, kwargs
        self.size = (size, size) if isinstance(size, int) else tuple(size)
        self.padding = padding

    def __call__(self, image: Any) -> Any:
        array = np.pad(np.asarray(image), self.padding)
        top = random.randint(0, array.shape[0] - self.size[0])
        left = random.randint(0, array.shape[1] - self.size[1])
        return Image.fromarray(array[top : top + self.size[0], left : left + self.size[1]])


def modules() -> dict[str, types.ModuleType]:
    """`torchvision`, `.datasets`, `.transforms` as importable modules."""
    top, datasets, transforms = (types.ModuleType(n) for n in ("torchvision", "torchvision.datasets", "torchvision.transforms"))
    datasets.MNIST = MNIST  # type: ignore[attr-defined]
    for transform in (Compose, ToTensor, Normalize, Lambda, Resize, RandomRotation, RandomCrop):
        setattr(transforms, transform.__name__, transform)
    top.datasets, top.transforms, top.__version__ = datasets, transforms, "0 (stand-in)"  # type: ignore[attr-defined]
    return {"torchvision": top, "torchvision.datasets": datasets, "torchvision.transforms": transforms}
