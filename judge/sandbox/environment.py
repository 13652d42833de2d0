"""What every box is given: the environment, and the few files of this project that belong on the untrusted side."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
ZYGOTE = "worker/__main__.py"
VISIBLE = ("__init__.py", "wire.py", "worker")
OURS = ("judge", "question_bank", "quizapp", "solutions")


def variables(*, home: str, tmp: str, device: str) -> dict[str, str]:
    """The whole environment of the learner's process; nothing of the judge's own."""
    threads = dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1"
    )
    return {
        **threads,
        "OMP_WAIT_POLICY": "PASSIVE",
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": home,
        "TMPDIR": tmp,
        "MPLCONFIGDIR": f"{tmp}/.mpl",
        "MPLBACKEND": "Agg",
        "KERAS_HOME": f"{tmp}/.keras",
        "KERAS_BACKEND": "tensorflow",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONDONTWRITEBYTECODE": "1",
        **({} if device == "cuda" else {"CUDA_VISIBLE_DEVICES": "-1"}),
    }


def interpreter_folders() -> list[str]:
    """Where the interpreter and the frameworks live: the virtual environment and the Python it was made from."""
    return list(dict.fromkeys(os.path.realpath(path) for path in (sys.base_prefix, sys.prefix, sys.base_exec_prefix)))


def site_packages() -> Path:
    """The folder the frameworks are installed in."""
    return Path(sysconfig.get_paths()["purelib"])


def our_installed_files() -> list[Path]:
    """This project's own packages inside site-packages, when it was installed from a wheel: they must not be seen in a box."""
    site = site_packages()
    names = (
        [site / name for name in OURS] + sorted(site.glob("quizapp-*.dist-info")) + sorted(site.glob("_editable_impl_quizapp*"))
    )
    return [path for path in names if path.exists()]


def gpu_devices(dev: Path = Path("/dev")) -> list[str]:
    """Device nodes a CUDA process opens (WSL2 has /dev/dxg)."""
    patterns = ("nvidia*", "nvidia-uvm*", "dxg")
    return sorted({str(path) for pattern in patterns for path in dev.glob(pattern) if not path.is_dir()})
