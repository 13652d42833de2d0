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


def probe(name, attempt):
    """Say so when something that must be refused was allowed."""
    try:
        attempt()
    except (OSError, ImportError, ValueError, AssertionError, ArithmeticError):
        return
    print("LEAK:" + name)


def check(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")


def vm(number, pid):
    local = ctypes.create_string_buffer(16)
    vector = (ctypes.c_size_t * 2)(ctypes.addressof(local), 0)
    remote = (ctypes.c_size_t * 2)(0x400000, 0)
    syscall(number, pid, ctypes.cast(vector, ctypes.c_void_p), 1, ctypes.cast(remote, ctypes.c_void_p), 1, 0)


for pid in (os.getppid(), 1):
    probe(f"ptrace attach {pid}", lambda p=pid: check(libc.ptrace(16, p, 0, 0)))
    probe(f"ptrace seize {pid}", lambda p=pid: check(libc.ptrace(0x4206, p, 0, 0)))
    probe(f"pidfd_open {pid}", lambda p=pid: os.pidfd_open(p))
    if os.uname().machine == "x86_64":
        probe(f"process_vm_readv {pid}", lambda p=pid: vm(310, p))
        probe(f"process_vm_writev {pid}", lambda p=pid: vm(311, p))
        probe(f"kcmp {pid}", lambda p=pid: syscall(312, p, os.getpid(), 2, 0, 0))


def scaled_dot_product_attention(query, key, value, mask=None):
    return torch.zeros(*query.shape[:-1], value.shape[-1], dtype=query.dtype)
