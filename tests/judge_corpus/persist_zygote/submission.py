import ctypes
import os

import torch

libc = ctypes.CDLL(None, use_errno=True)

import signal


def probe(name, attempt):
    """Say so when something that must be refused was allowed."""
    try:
        attempt()
    except (OSError, ImportError, ValueError, AssertionError, ArithmeticError):
        return
    print("LEAK:" + name)


def write_memory(pid):
    with open(f"/proc/{pid}/mem", "r+b", 0) as file:
        file.write(b"")


parent = os.getppid()
for name, number in (("nothing", 0), ("SIGSTOP", signal.SIGSTOP), ("SIGUSR1", signal.SIGUSR1), ("SIGKILL", signal.SIGKILL)):
    probe(f"send {name} to the zygote", lambda n=number: os.kill(parent, n))
    probe(f"send {name} to the first process", lambda n=number: os.kill(1, n))
probe("memory of the zygote", lambda: write_memory(parent))
probe("limits of the zygote", lambda: __import__("resource").prlimit(parent, 7, (3, 3)))
probe("affinity of the zygote", lambda: os.sched_setaffinity(parent, {0}))
probe("priority of the zygote", lambda: os.setpriority(os.PRIO_PROCESS, parent, 19))


def scaled_dot_product_attention(query, key, value, mask=None):
    return torch.zeros(*query.shape[:-1], value.shape[-1], dtype=query.dtype)
