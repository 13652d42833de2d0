import os
import pathlib
import site
import sys

import torch

import judge.worker

FOLDERS = [*site.getsitepackages(), site.getusersitepackages(), os.path.dirname(torch.__file__), os.path.dirname(os.__file__)]
FOLDERS += [
    os.path.dirname(judge.worker.__file__),
    os.path.dirname(sys.executable),
    os.path.join(os.path.dirname(os.__file__), "__pycache__"),
]


def probe(name, attempt):
    """Say so when something that must be refused was allowed."""
    try:
        attempt()
    except (OSError, ImportError, ValueError, AssertionError, ArithmeticError):
        return
    print("LEAK:" + name)


def changed(path, change):
    """A call may also pretend to have worked."""
    before = os.stat(path)
    change()
    after = os.stat(path)
    assert (before.st_mode, before.st_mtime) != (after.st_mode, after.st_mtime)


def write(path):
    with open(path, "w") as file:
        file.write("import os")
    os.unlink(path)


for folder in FOLDERS:
    for name in ("LEFTOVER.pth", "sitecustomize.py", "usercustomize.py", "conftest.py"):
        if not os.path.exists(os.path.join(folder, name)):
            probe(f"write {folder}/{name}", lambda p=os.path.join(folder, name): write(p))
    probe(f"chmod {folder}", lambda f=folder: changed(f, lambda: os.chmod(f, 0o777)))
    probe(f"utime {folder}", lambda f=folder: changed(f, lambda: os.utime(f, (1, 1))))
probe("append to serve.py", lambda: open(os.path.join(os.path.dirname(judge.worker.__file__), "serve.py"), "a").close())
probe("truncate pyvenv.cfg", lambda: open(os.path.join(sys.prefix, "pyvenv.cfg"), "r+").close())


def scaled_dot_product_attention(query, key, value, mask=None):
    return torch.zeros(*query.shape[:-1], value.shape[-1], dtype=query.dtype)
