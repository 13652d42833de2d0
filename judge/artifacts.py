"""What a run left for the learner, as files: pictures, curves, translations."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from judge.verdict import Artifact
from judge.whole import written_whole

_SUFFIXES: Final = {"image/png": ".png", "image/jpeg": ".jpg", "application/json": ".json", "text/plain": ".txt"}


def keep(folder: Path, stem: str, artifacts: Iterable[Artifact]) -> list[Path]:
    """Write each to `folder` as `stem-name.suffix`, replacing one of that name. Returns their paths. Raises `OSError`.

    A script names its own pictures, so of a name only letters, digits and a few signs are left: nothing leads out of the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    for artifact in artifacts:
        path = _free(folder / f"{stem}-{_harmless(artifact.name)}{_SUFFIXES.get(artifact.media_type, '.txt')}", paths)
        with written_whole(path) as draft:
            draft.write_bytes(base64.b64decode(artifact.data) if artifact.kind == "image" else artifact.data.encode())
        paths.append(path)
    return paths


def _harmless(name: str) -> str:
    return re.sub(r"[^\w-]+", "_", Path(name).stem)[:60].strip("_") or "artifact"


def _free(path: Path, taken: list[Path]) -> Path:
    """Two pictures of one run may have one name."""
    number, free = 2, path
    while free in taken:
        number, free = number + 1, path.with_stem(f"{path.stem}-{number}")
    return free
