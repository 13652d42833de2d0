"""Which device a run uses. Decided without importing a framework: the grader never loads one."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path

from judge.grader.failures import UsageProblem
from judge.verdict import FrameworkName


def resolve(device: str, framework: FrameworkName) -> str:
    """`auto` becomes `cpu`: the same code gets the same verdict everywhere. Raises `UsageProblem` for what is not here."""
    if device in ("auto", "cpu"):
        return "cpu"
    if device == "cuda":
        if not has_cuda():
            raise UsageProblem("这台机器没有可用的 NVIDIA GPU（找不到 /dev/nvidia0）：去掉 --device cuda，用 CPU 判题")
        return "cuda"
    if device == "mps":
        if framework != "torch":
            raise UsageProblem("mps 只支持 PyTorch：TensorFlow 请用 --device cpu")
        if not (sys.platform == "darwin" and platform.machine() == "arm64"):
            raise UsageProblem("mps 只在 Apple 芯片的 Mac 上可用：请用 --device cpu")
        return "mps"
    raise UsageProblem(f"不认识的设备 {device}：可用 auto、cpu、cuda、mps")


def has_cuda(dev: Path = Path("/dev")) -> bool:
    """An NVIDIA device node that this user may open (WSL2 has /dev/dxg instead)."""
    return any(os.access(dev / name, os.R_OK | os.W_OK) for name in ("nvidia0", "dxg"))
