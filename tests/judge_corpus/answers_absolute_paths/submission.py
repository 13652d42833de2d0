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
        open(path, "rb").read(10)


for root in roots:
    for name in wanted:
        probe(f"read {root / name}", lambda path=root / name: read(path))


def scaled_dot_product_attention(query, key, value, mask=None):
    return torch.zeros(*query.shape[:-1], value.shape[-1], dtype=query.dtype)
