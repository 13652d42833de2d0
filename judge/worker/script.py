"""Script mode: a plain training script is a submission too.

The loaders a script would call serve the judge's training split, `plt.show()` keeps the figure, and the trained model is found among the
script's globals afterwards. Held-out labels are not here.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import types
from collections.abc import Mapping
from typing import Any

import numpy as np

from judge.wire import Array
from judge.worker.adapter import Adapter, Refused

PICTURES = (".png", ".jpg", ".jpeg")
_MAX_PICTURES = 8
_MAX_BYTES = 4 << 20


def install(data: Mapping[str, Array], framework: str) -> None:
    """Make every usual way to load the problem's data serve `data`."""
    _install_judge_data(data)
    if "images" in data:
        if framework == "tensorflow":
            _install_keras_mnist(data)
        else:
            _install_torchvision(data)
    with contextlib.suppress(ImportError):
        _keep_figures()


def _install_judge_data(data: Mapping[str, Array]) -> None:
    """`from judge_data import load_mnist / load_faces / load_zh_en`: what the statements document."""
    module = types.ModuleType("judge_data", "The judge's training data, as NumPy arrays and plain lists.")

    def load_mnist() -> tuple[tuple[Array, Array], tuple[Array, Array]]:
        """`(train_images, train_labels), (val_images, val_labels)`; images uint8 (N,28,28)."""
        return _mnist(data)

    def load_faces() -> Array:
        """Faces, float32 (N,28,28,1) in [-1,1]."""
        return data["faces"].copy()

    def load_zh_en() -> tuple[list[str], list[str]]:
        """Chinese and English sentences, pair by pair, tokens separated by blanks."""
        lines = bytes(data["zh_en"]).decode("utf-8").splitlines()
        pairs = [line.split("\t") for line in lines]
        return [pair[0] for pair in pairs], [pair[1] for pair in pairs]

    offered = {"images": load_mnist, "faces": load_faces, "zh_en": load_zh_en}
    for key, loader in offered.items():
        if key in data:
            setattr(module, loader.__name__, loader)
    sys.modules["judge_data"] = module


def _mnist(data: Mapping[str, Array]) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    return (data["images"].copy(), data["labels"].copy()), (data["val_images"].copy(), data["val_labels"].copy())


def _install_keras_mnist(data: Mapping[str, Array]) -> None:
    import keras
    import tensorflow as tf

    def load_data(path: str = "mnist.npz") -> tuple[tuple[Array, Array], tuple[Array, Array]]:
        del path
        return _mnist(data)

    for namespace in (keras.datasets.mnist, tf.keras.datasets.mnist):
        namespace.load_data = load_data


def _install_torchvision(data: Mapping[str, Array]) -> None:
    """The real torchvision with its download replaced; a stand-in where it is not installed."""
    from judge.worker import vision

    vision.TRAIN = (data["images"], data["labels"])
    vision.TEST = (data["val_images"], data["val_labels"])
    try:
        import torchvision
    except ImportError:
        sys.modules.update(vision.modules())
    else:
        torchvision.datasets.MNIST = vision.MNIST


def _keep_figures() -> None:
    """`plt.show()` saves every open figure into the working folder and closes it, as closing the window would."""
    import matplotlib.pyplot as plt

    count = 0

    def show(*args: Any, **kwargs: Any) -> None:
        nonlocal count
        del args, kwargs
        for number in plt.get_fignums()[:_MAX_PICTURES]:
            count += 1
            plt.figure(number).savefig(f"figure_{count}.png", dpi=100)
        plt.close("all")

    plt.show = show


def wanted_name(data: Mapping[str, Array]) -> str:
    """The global that is judged: of a GAN that is the generator, among a discriminator and perhaps both in one."""
    return "generator" if "faces" in data else "model"


def find_model(module: types.ModuleType, adapter: Adapter, wanted: str = "model") -> Any:
    """The global of the wanted name, else the only model among the globals. Raises `Refused` when there is none, or several."""
    named = vars(module).get(wanted)
    if adapter.is_model(named):
        return named
    models = {id(value): name for name, value in vars(module).items() if not name.startswith("_") and adapter.is_model(value)}
    if len(models) == 1:
        return vars(module)[next(iter(models.values()))]
    if models:
        raise Refused(
            f"脚本里有 {len(models)} 个模型（{'、'.join(sorted(models.values()))[:200]}）：把要评判的那个命名为 {wanted}"
        )
    raise Refused(
        f"脚本运行完后没有找到模型：把训练好的模型留在全局变量 {wanted} 里；若在 main() 里训练，先写一行 global {wanted}"
    )


def pictures() -> list[tuple[str, Array]]:
    """The picture files in the working folder, by name: regular files of bounded size and number."""
    found: list[tuple[str, Array]] = []
    for name in sorted(os.listdir("."))[:1000]:
        if not name.lower().endswith(PICTURES) or len(found) >= _MAX_PICTURES:
            continue
        with contextlib.suppress(OSError):
            fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(fd, "rb") as file:
                if stat.S_ISREG(os.fstat(fd).st_mode) and os.fstat(fd).st_size <= _MAX_BYTES:
                    found.append((name[:60], np.frombuffer(file.read(_MAX_BYTES), np.uint8)))
    return found
