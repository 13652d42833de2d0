import ctypes
import os

import torch

libc = ctypes.CDLL(None, use_errno=True)


def probe(name, attempt):
    """Say so when something that must be refused was allowed."""
    try:
        attempt()
    except (OSError, ImportError, ValueError, AssertionError, ArithmeticError):
        return
    print("LEAK:" + name)


def syscall(*arguments):
    if libc.syscall(*arguments) < 0:
        raise OSError(ctypes.get_errno(), "refused")


if os.uname().machine == "x86_64":
    probe("keyctl get keyring", lambda: syscall(250, 0, -3, 0))
    probe("add_key", lambda: syscall(248, b"user", b"judge", b"secret", 6, -3))
    probe("request_key", lambda: syscall(249, b"user", b"judge", None, 0))


def scaled_dot_product_attention(query, key, value, mask=None):
    return torch.zeros(*query.shape[:-1], value.shape[-1], dtype=query.dtype)
