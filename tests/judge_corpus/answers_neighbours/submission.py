import os
import tempfile

import torch

import judge

WORKER = os.path.dirname(os.path.realpath(judge.__file__))


def probe(name, attempt):
    """Say so when something that must be refused was allowed."""
    try:
        attempt()
    except (OSError, ImportError, ValueError, AssertionError, ArithmeticError):
        return
    print("LEAK:" + name)


def look(folder):
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if os.path.realpath(path) in (os.path.realpath("."), WORKER):
            continue
        assert not (os.path.isdir(path) and os.listdir(path)), path
        if os.path.isfile(path):
            with open(path, "rb"):
                print("LEAK:" + path)


for folder in ("..", "/tmp", "/var/tmp", "/dev/shm", "/run/shm", "/dev/mqueue", tempfile.gettempdir()):
    try:
        look(folder)
    except AssertionError as found:
        print(f"LEAK:{found}")
    except OSError:
        pass


def scaled_dot_product_attention(query, key, value, mask=None):
    return torch.zeros(*query.shape[:-1], value.shape[-1], dtype=query.dtype)
