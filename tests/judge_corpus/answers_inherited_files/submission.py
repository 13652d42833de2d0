import os
import stat

import torch


def probe(name, attempt):
    """Say so when something that must be refused was allowed."""
    try:
        attempt()
    except (OSError, ImportError, ValueError, AssertionError, ArithmeticError):
        return
    print("LEAK:" + name)


for fd in range(3, 1024):
    try:
        mode = os.fstat(fd).st_mode
    except OSError:
        continue
    try:
        target = os.readlink(f"/proc/self/fd/{fd}")
    except OSError:
        target = "?"
    library = target.startswith(("/usr/", "/dev/null", "/dev/urandom", "anon_inode:")) or "site-packages" in target
    if stat.S_ISDIR(mode) or (stat.S_ISREG(mode) and not library) or (stat.S_ISFIFO(mode) and fd > 2):
        print(f"LEAK:fd {fd} {target}")
sockets = [fd for fd in range(3, 1024) if os.path.exists(f"/proc/self/fd/{fd}") and stat.S_ISSOCK(os.fstat(fd).st_mode)]
if len(sockets) > 1:
    print(f"LEAK:sockets {sockets}")


def scaled_dot_product_attention(query, key, value, mask=None):
    return torch.zeros(*query.shape[:-1], value.shape[-1], dtype=query.dtype)
