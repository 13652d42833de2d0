"""What every box is given: the environment, the interpreter and the frameworks, and the few files of this project on the untrusted side."""

from __future__ import annotations

import os
import site
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parents[1]
ZYGOTE = "worker/__main__.py"
WARDEN = "worker/warden.py"
VISIBLE = ("__init__.py", "wire.py", "worker")
OURS = ("judge", "question_bank", "quizapp", "solutions")
_OUR_RECORDS = (
    "quizapp-*.dist-info",
    "quizapp*.egg-info",
    "quizapp*.egg-link",
    "_editable_impl_quizapp*",
    "__editable__*quizapp*",
)
_SITE_NAMES = ("site-packages", "dist-packages")
_SYSTEM = ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/share/zoneinfo", "/etc/ld.so.cache", "/nix/store")
_GPU_SYSTEM = ("/sys", "/usr/lib/wsl", "/usr/local/cuda")
_MOST_LINKS = 40
BOX_UIDS = (61001, 62900)  # nobody's, and each box takes another one, so that limits per user do not add up


def host_root() -> bool:
    """Whether this process is a root who may become other users: the machine's, or a container's; not one who is alone in a user namespace."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    try:
        with open("/proc/self/uid_map") as file:
            ranges = [[int(word) for word in line.split()] for line in file]
    except OSError:
        return True
    return any(inside <= BOX_UIDS[0] and BOX_UIDS[1] < inside + count for inside, _, count in ranges)


def variables(*, home: str, tmp: str, device: str) -> dict[str, str]:
    """The whole environment of the learner's process; nothing of the judge's own."""
    threads = dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1"
    )
    gpu = (
        {"CUBLAS_WORKSPACE_CONFIG": ":4096:8", "TF_DETERMINISTIC_OPS": "1"}
        if device == "cuda"
        else {"CUDA_VISIBLE_DEVICES": "-1"}
    )
    return {
        **threads,
        **gpu,
        "OMP_WAIT_POLICY": "PASSIVE",
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": home,
        "TMPDIR": tmp,
        # There is no /etc/passwd to look a name up in; torch.compile wants one for its cache folder.
        "USER": "judge",
        "LOGNAME": "judge",
        "MPLCONFIGDIR": f"{tmp}/.mpl",
        "MPLBACKEND": "Agg",
        "KERAS_HOME": f"{tmp}/.keras",
        "KERAS_BACKEND": "tensorflow",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "1",  # said, because the default differs between processors and results with it
        "PYTHONDONTWRITEBYTECODE": "1",
    }


@dataclass(frozen=True)
class Shown:
    """What of the host a box sees, read-only. `links`: symbolic links by their path; `parts`: folders and files, real paths, none inside another."""

    links: dict[str, str]
    parts: tuple[str, ...]


def shown(device: str) -> Shown:
    """The system's libraries, the interpreter and the frameworks. Links stay links: a folder bound a second time under another name would show there
    what is hidden here."""
    links: dict[str, str] = {}
    real: set[Path] = set()
    for path in [*map(Path, _SYSTEM), *(map(Path, _GPU_SYSTEM) if device == "cuda" else ()), *interpreter_parts()]:
        if path.exists():
            steps, end = followed(path)
            links.update(steps)
            real.add(end)
    outermost = sorted(path for path in real if not any(parent in real for parent in path.parents))
    return Shown({link: to for link, to in links.items() if not _inside(Path(link), outermost)}, tuple(map(str, outermost)))


def _inside(path: Path, folders: Iterable[Path]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)


def followed(path: Path) -> tuple[dict[str, str], Path]:
    """The symbolic links on the way to an absolute path, and where they lead."""
    links: dict[str, str] = {}
    here, ahead = Path("/"), list(path.parts[1:])
    left = _MOST_LINKS
    while ahead:
        step = here / ahead.pop(0)
        if step.name == "..":
            here = here.parent
        elif left and step.is_symlink():
            left -= 1
            target = os.readlink(step)
            links[str(step)] = target
            here = Path("/") if os.path.isabs(target) else here
            ahead = [part for part in Path(target).parts if part != "/"] + ahead
        else:
            here = step
    return links, here


def interpreter_parts() -> list[Path]:
    """Of the virtual environment and of the Python it was made from: the libraries and the interpreter's own programs. Not all of a prefix: a home
    or this project may be one."""
    parts = [Path(sys.executable), Path(getattr(sys, "_base_executable", sys.executable)), *site_folders()]
    for prefix in dict.fromkeys(map(Path, (sys.base_prefix, sys.base_exec_prefix, sys.prefix))):
        parts += [prefix / name for name in ("lib", "lib32", "lib64", "pyvenv.cfg")]
        parts += sorted((prefix / "bin").glob("python*"))
    return [part for part in dict.fromkeys(parts) if part.exists()]


def site_folders() -> list[Path]:
    """Every folder that packages are imported from."""
    paths = sysconfig.get_paths()
    found = [paths["purelib"], paths["platlib"], *site.getsitepackages(), *sys.path]
    return [path for path in dict.fromkeys(map(Path, found)) if path.name in _SITE_NAMES and path.is_dir()]


def our_installed_files() -> list[Path]:
    """This project's own packages among the libraries, by their real paths, when it was installed from a wheel: they must not be seen in a box."""
    found: list[Path] = []
    for folder in site_folders():
        found += [folder / name for name in OURS]
        found += sorted(entry for pattern in _OUR_RECORDS for entry in folder.glob(pattern))
    return list(dict.fromkeys(path.resolve() for path in found if path.exists()))


def gpu_devices(dev: Path = Path("/dev")) -> list[str]:
    """Device nodes a CUDA process opens (WSL2 has /dev/dxg)."""
    patterns = ("nvidia*", "nvidia-uvm*", "dxg")
    return sorted({str(path) for pattern in patterns for path in dev.glob(pattern) if not path.is_dir()})


def gpu_confinement(device: str) -> dict[str, Any]:
    """What the learner's process is told about a GPU (`judge.worker.confine`)."""
    return {"gpu": True, "devices": gpu_devices()} if device == "cuda" else {}
