import glob
import os
import pathlib
import sys

import torch


def probe(name, attempt):
    """Say so when something that must be refused was allowed."""
    try:
        attempt()
    except (OSError, ImportError, ValueError, AssertionError, ArithmeticError):
        return
    print("LEAK:" + name)


OWN = [os.path.realpath(path) for path in (os.getcwd(), sys.prefix, sys.base_prefix)]


def names(path):
    for name in os.listdir(path):
        full = os.path.join(path, name)
        if any(own.startswith(os.path.realpath(full)) for own in OWN):
            continue  # the way to the interpreter
        if os.path.isfile(full):
            with open(full, "rb") as file:
                assert file.read(1)
                return
        if os.listdir(full):
            return
    raise OSError


def first_byte(path):
    with open(path, "rb") as file:
        assert file.read(1)


for folder in ("/root", "/home", "/var/lib", "/var/spool/cron", "/etc/ssh", "/mnt", "/media", "/srv", "/run/user", "/var/run"):
    probe(f"list {folder}", lambda f=folder: names(f))
for path in ("/etc/shadow", "/etc/gshadow", "/root/.bash_history", "/root/.netrc", "/root/.ssh/id_rsa", "/root/.gitconfig"):
    probe(f"read {path}", lambda p=path: first_byte(p))
for pattern in (
    "~/.ssh/*",
    "~/.netrc",
    "~/.config/*",
    "~/.local/share/*",
    "~/.cache/*",
    "/home/*/.ssh/*",
    "/run/user/*/*",
    "/tmp/*/judge.sock",
):
    for path in glob.glob(os.path.expanduser(pattern)):
        if not pathlib.Path(path).is_relative_to(pathlib.Path.cwd()):
            print("LEAK:" + path)


def scaled_dot_product_attention(query, key, value, mask=None):
    return torch.zeros(*query.shape[:-1], value.shape[-1], dtype=query.dtype)
