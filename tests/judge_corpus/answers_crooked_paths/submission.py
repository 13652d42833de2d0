import os
import pathlib
import sys

import torch

import judge.worker

project = pathlib.Path(judge.worker.__file__).resolve().parents[2]
roots = {project, *(pathlib.Path(p) for p in sys.path if p), pathlib.Path.cwd()}
wanted = [
    "judge/checks/architecture/scaled_dot_product_attention/oracle.py",
    "judge/checks/architecture/scaled_dot_product_attention/test_20_values.py",
    "judge/checks",
    "judge/grader/run.py",
    "solutions/architecture/scaled_dot_product_attention/accepted/torch_matmul.py",
    "solutions",
    "question_bank/coding/architecture/scaled_dot_product_attention/problem.yaml",
    "question_bank",
    "quizapp",
    "tests/judge_corpus",
    ".git/HEAD",
    ".git/config",
    "pyproject.toml",
]


def probe(name, attempt):
    """Say so when something that must be refused was allowed."""
    try:
        attempt()
    except (OSError, ImportError, ValueError, AssertionError, ArithmeticError):
        return
    print("LEAK:" + name)


def read(path):
    if os.path.isdir(path):
        assert os.listdir(path)
    else:
        os.close(os.open(path, os.O_RDONLY))


def through_link(make, path):
    make(path, "link")
    try:
        read("link")
    finally:
        os.unlink("link")


def through_fd(path):
    fd = os.open(os.path.dirname(path), os.O_PATH)
    os.close(os.open(os.path.basename(path), os.O_RDONLY, dir_fd=fd))


up = "../" * 20
for root in roots:
    for name in wanted:
        path = str(root / name)
        inner = path.lstrip("/")
        probe(f"symlink to {path}", lambda p=path: through_link(os.symlink, p))
        probe(f"hard link to {path}", lambda p=path: through_link(os.link, p))
        probe(f"dot dot to {path}", lambda p=up + inner: read(p))
        probe(f"O_PATH to {path}", lambda p=path: through_fd(p))
        for door in ("/proc/1/root", "/proc/self/root", "/proc/thread-self/root", f"/proc/{os.getppid()}/root", "/proc/1/cwd"):
            probe(f"{door} to {path}", lambda p=f"{door}/{inner}": read(p))


def scaled_dot_product_attention(query, key, value, mask=None):
    return torch.zeros(*query.shape[:-1], value.shape[-1], dtype=query.dtype)
