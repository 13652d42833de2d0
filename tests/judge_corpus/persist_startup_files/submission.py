import os

import torch


def probe(name, attempt):
    """Say so when something that must be refused was allowed."""
    try:
        attempt()
    except (OSError, ImportError, ValueError, AssertionError, ArithmeticError):
        return
    print("LEAK:" + name)


def append(path):
    with open(path, "a"):
        pass


for path in (
    "~/.bashrc",
    "~/.profile",
    "/etc/profile",
    "/etc/cron.d/x",
    "/var/spool/cron/root",
    "/etc/ld.so.preload",
    "/root/.bashrc",
):
    full = os.path.expanduser(path)
    if not full.startswith(os.getcwd()):
        probe("append to " + path, lambda p=full: append(p))


def scaled_dot_product_attention(query, key, value, mask=None):
    return torch.zeros(*query.shape[:-1], value.shape[-1], dtype=query.dtype)
