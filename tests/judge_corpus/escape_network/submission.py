import os
import socket

import torch


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
        if kind == socket.SOCK_DGRAM:
            link.send(b"x")


def listen():
    with socket.socket() as link:
        link.bind(("0.0.0.0", 0))
        link.listen()


PORT = int(os.environ.get("JUDGE_CORPUS_PORT", "47011"))  # where the runner listens
probe("TCP to the runner", lambda: connect(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", PORT)))
probe("TCP over IPv6", lambda: connect(socket.AF_INET6, socket.SOCK_STREAM, ("::1", PORT)))
probe("TCP outside", lambda: connect(socket.AF_INET, socket.SOCK_STREAM, ("192.0.2.1", 80)))
probe("UDP outside", lambda: connect(socket.AF_INET, socket.SOCK_DGRAM, ("192.0.2.1", 53)))
probe("name service", lambda: socket.getaddrinfo("example.org", 80))
probe("listening", listen)
probe("netlink", lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).bind((0, 0)))
probe("raw packets", lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))
probe("vsock", lambda: socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM))
probe("bluetooth", lambda: socket.socket(31, socket.SOCK_RAW))
for path in (
    "/var/run/docker.sock",
    "/run/docker.sock",
    "/run/dbus/system_bus_socket",
    "/tmp/.X11-unix/X0",
    os.environ.get("SSH_AUTH_SOCK", "/none"),
):
    probe("socket " + path, lambda p=path: connect(socket.AF_UNIX, socket.SOCK_STREAM, p))


def scaled_dot_product_attention(query, key, value, mask=None):
    return torch.zeros(*query.shape[:-1], value.shape[-1], dtype=query.dtype)
