import os

import torch

SECRETS = (b"JUDGE_CORPUS_SECRET", b"judge/checks", b"solutions/", b"progress.db", b"--seed")


def probe(name, attempt):
    """Say so when something that must be refused was allowed."""
    try:
        attempt()
    except (OSError, ImportError, ValueError, AssertionError, ArithmeticError):
        return
    print("LEAK:" + name)


def look(pid, name):
    with open(f"/proc/{pid}/{name}", "rb") as file:
        data = file.read(1 << 16)
    assert any(secret in data for secret in SECRETS)


def memory(pid):
    with open(f"/proc/{pid}/maps") as file:
        start = int(file.readline().split("-")[0], 16)
    with open(f"/proc/{pid}/mem", "rb", 0) as file:
        file.seek(start)
        assert file.read(16)


def files(pid):
    for fd in os.listdir(f"/proc/{pid}/fd"):
        target = os.readlink(f"/proc/{pid}/fd/{fd}")
        if os.path.isabs(target) and "/dev/" not in target and " (deleted)" not in target:
            os.close(os.open(f"/proc/{pid}/fd/{fd}", os.O_RDONLY))
            return
    raise OSError


def others():
    """By name where the list is closed: a number is easily guessed."""
    try:
        return {int(name) for name in os.listdir("/proc") if name.isdigit()}
    except PermissionError:
        return {os.getpid() + step for step in range(-300, 300)}


for pid in {1, os.getppid(), *others()} - {os.getpid()}:
    for name in ("environ", "cmdline"):
        probe(f"/proc/{pid}/{name}", lambda p=pid, n=name: look(p, n))
    probe(f"/proc/{pid}/mem", lambda p=pid: memory(p))
    probe(f"/proc/{pid}/fd", lambda p=pid: files(p))
for name in ("environ", "cmdline"):
    probe(f"own {name}", lambda n=name: look("self", n))


def scaled_dot_product_attention(query, key, value, mask=None):
    return torch.zeros(*query.shape[:-1], value.shape[-1], dtype=query.dtype)
