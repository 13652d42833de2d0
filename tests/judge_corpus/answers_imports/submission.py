import importlib
import importlib.resources
import os
import pkgutil
import sys

import torch


def probe(name, attempt):
    """Say so when something that must be refused was allowed."""
    try:
        attempt()
    except (OSError, ImportError, ValueError, AssertionError, ArithmeticError):
        return
    print("LEAK:" + name)


def loaded(name):
    """Where a folder can be seen but not read, importing it gives an empty namespace: that tells nothing."""
    module = importlib.import_module(name)
    assert module.__spec__.origin or os.listdir(module.__path__[0])


for name in (
    "judge.checks.architecture.scaled_dot_product_attention.oracle",
    "judge.checks.architecture.scaled_dot_product_attention.test_20_values",
    "judge.checks",
    "judge.grader.run",
    "judge.grader.link",
    "judge.verify",
    "judge.sandbox",
    "judge.datasets",
    "question_bank.loader",
    "question_bank",
    "solutions",
    "quizapp",
    "quizapp.progress",
    "tests.judge_corpus",
):
    probe(f"import {name}", lambda n=name: loaded(n))


def packaged(package):
    names = [entry.name for entry in importlib.resources.files(package).iterdir()]
    assert {"checks", "grader", "service.py", "verify.py"} & set(names)


probe("resources of judge", lambda: packaged("judge"))
allowed = {"judge", "judge.wire", "judge.worker"}
for name, module in list(sys.modules.items()):
    if name.partition(".")[0] in ("judge", "question_bank", "quizapp", "solutions") and not name.startswith("judge.worker"):
        if name not in allowed and module.__spec__.origin:
            print("LEAK:already imported " + name)
for entry in pkgutil.iter_modules(sys.modules["judge"].__path__, "judge."):
    if entry.name not in allowed:
        print("LEAK:can see " + entry.name)


def scaled_dot_product_attention(query, key, value, mask=None):
    return torch.zeros(*query.shape[:-1], value.shape[-1], dtype=query.dtype)
