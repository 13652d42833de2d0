import ctypes
import os

import torch

libc = ctypes.CDLL(None, use_errno=True)

import socket


def probe(name, attempt):
    """Say so when something that must be refused was allowed."""
    try:
        attempt()
    except (OSError, ImportError, ValueError, AssertionError, ArithmeticError):
        return
    print("LEAK:" + name)


def connect(family, kind, address):
    with socket.socket(family, kind) as link:
        link.settimeout(1)
        link.connect(address)


def abstract_names():
    with open("/proc/net/unix") as file:
        return [line.split()[-1] for line in file if " @" in line]


def segments():
    with open("/proc/sysvipc/shm") as file:
        assert len(file.readlines()) > 1


probe("abstract socket of the runner", lambda: connect(socket.AF_UNIX, socket.SOCK_STREAM, "\0judge-corpus-listener"))
probe("socket file of the runner", lambda: connect(socket.AF_UNIX, socket.SOCK_STREAM, "/tmp/judge-corpus-listener.sock"))
probe("System V segments", segments)
try:
    for name in abstract_names():
        probe("abstract socket " + name, lambda n=name: connect(socket.AF_UNIX, socket.SOCK_STREAM, "\0" + n[1:]))
except OSError:
    pass


def scaled_dot_product_attention(query, key, value, mask=None):
    return torch.zeros(*query.shape[:-1], value.shape[-1], dtype=query.dtype)
