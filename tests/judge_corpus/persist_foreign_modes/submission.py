import os

import torch

# Belongs to whoever runs the judge; Landlock knows nothing of modes, times and attributes.
TARGETS = ["/tmp/judge-corpus-listener.sock", "/", "/usr/lib", os.path.dirname(torch.__file__), torch.__file__]


def state(path):
    found = os.stat(path)
    return found.st_mode, found.st_uid, found.st_mtime


for path in TARGETS:
    for change in (
        lambda p: os.chmod(p, 0o707),
        lambda p: os.chmod(p, 0o000),
        lambda p: os.utime(p, (1, 1)),
        lambda p: os.chown(p, os.getuid(), os.getgid()),
        lambda p: os.setxattr(p, "user.judge", b"1"),
        lambda p: os.fchmod(os.open(p, os.O_RDONLY), 0o000),
        lambda p: os.fchmod(os.open(p, os.O_PATH), 0o000),
    ):
        try:
            before = state(path)
            change(path)
            changed = state(path) != before or "user.judge" in os.listxattr(path)
        except OSError:
            continue
        if changed:
            print("LEAK:changed " + path)


def scaled_dot_product_attention(query, key, value, mask=None):
    return torch.zeros(*query.shape[:-1], value.shape[-1], dtype=query.dtype)
