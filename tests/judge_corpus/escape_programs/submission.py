import ctypes
import os

import torch

libc = ctypes.CDLL(None, use_errno=True)


def syscall(number, *arguments):
    """Raises OSError when the kernel refuses."""
    result = libc.syscall(ctypes.c_long(number), *(ctypes.c_void_p(a) if isinstance(a, int) else a for a in arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return result


import subprocess
import sys


def probe(name, attempt):
    """Say so when something that must be refused was allowed."""
    try:
        attempt()
    except (OSError, ImportError, ValueError, AssertionError, ArithmeticError):
        return
    print("LEAK:" + name)


for program in ("/bin/sh", "/usr/bin/env", sys.executable, "/usr/bin/python3", "/proc/self/exe"):
    probe(f"run {program}", lambda p=program: subprocess.run([p, "-c", "0"], timeout=5, capture_output=True))
    probe(f"spawn {program}", lambda p=program: os.waitpid(os.posix_spawn(p, [p, "-c", "0"], {}), 0)[1] == 0 or 1 / 0)
probe("os.system", lambda: os.system("true") == 0 or 1 / 0)
probe("pip", lambda: subprocess.run([sys.executable, "-m", "pip", "--version"], timeout=5, capture_output=True))


def in_memory():
    fd = os.memfd_create("program", 0)
    with open("/proc/self/exe", "rb") as file:
        os.write(fd, file.read())
    os.execve(fd, ["program", "-c", "0"], {})


probe("memfd_create", lambda: os.memfd_create("x"))
pid = os.fork()
if pid == 0:
    probe("run from memory", in_memory)
    os._exit(0)
os.waitpid(pid, 0)


def scaled_dot_product_attention(query, key, value, mask=None):
    return torch.zeros(*query.shape[:-1], value.shape[-1], dtype=query.dtype)
