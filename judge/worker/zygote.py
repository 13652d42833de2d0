"""The zygote: imports the framework once, then forks a child for every submission it is handed.

It never runs a framework operation that starts threads (forking after one deadlocks), reads no code of the learner's, and holds no
secret. On the control socket it answers `{"ready": …}` once, then for every run `{"started": pid}` and `{"exit": …}`.

The child of the next submission is forked and confined as soon as the last one is gone, so that nobody waits for it: while a submission
runs there is no other child. Where one left something behind there is none after it either: that box will be ended.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import logging
import os
import signal
import socket
import sys
import time
from typing import Any, NamedTuple

from judge.worker import confine, family, scratch

CONTROL_LIMIT = 1 << 16
_NUMBERS = ("cpu_s", "memory_mib", "file_mib", "gpu")
_SUBREAPER, _PDEATHSIG, _DUMPABLE = 36, 1, 4
_ALSO = {"torch": ("torch.nn.attention.flex_attention",)}  # a child's first forward would import it
_MODULES = {
    "torch": ("torch", "numpy"),
    "tensorflow": ("tensorflow", "keras", "numpy"),
    "numpy": ("numpy",),
}


def main(control_fd: int, framework: str, device: str, uid: int | None = None) -> None:
    """Serve runs until the control socket closes. `uid`: whom to become first, when started by root."""
    control = socket.socket(fileno=control_fd)
    if uid is not None:
        confine.drop_to(uid)
    _die_with_judge()
    started = time.monotonic()
    try:
        versions = _preload(framework)
    except ImportError as error:
        _tell(control, {"failed": f"{type(error).__name__}: {error}"[:2000]})
        return
    _adopt_orphans()
    gc.collect()
    gc.freeze()
    _tell(control, {"ready": {"versions": versions, "import_s": time.monotonic() - started, "pid": os.getpid()}})
    next_one: _Child | None = None
    while (message := _hear(control)) is not None:
        run, fds = message
        child = next_one if next_one is not None and next_one.waits() else _fork(run, framework, device)
        next_one = _fork(run, framework, device) if _run(control, child, run, fds) else None


def _preload(framework: str) -> dict[str, str]:
    versions = {"python": sys.version.split()[0]}
    for name in _MODULES[framework]:
        versions[name] = str(getattr(importlib.import_module(name), "__version__", "?"))
    for name in _ALSO.get(framework, ()):
        importlib.import_module(name)
    if framework == "torch":
        _touch_optimizer()
        _touch_seed()
    if (
        framework != "numpy"
    ):  # learners draw their curves: importing pyplot (and building its font list) here keeps that off their clock
        with contextlib.suppress(ImportError):
            _draw_without_a_screen()
    importlib.import_module("judge.worker.serve")
    adapter = {"torch": "torch_adapter", "tensorflow": "tensorflow_adapter", "numpy": "adapter"}[framework]
    importlib.import_module(f"judge.worker.{adapter}")
    return versions


def _draw_without_a_screen() -> None:
    """A script that asks for a window (`matplotlib.use("TkAgg")`) draws into memory instead of failing for want of a screen."""
    import matplotlib
    from matplotlib import pyplot

    logging.getLogger("matplotlib.font_manager").setLevel(
        logging.ERROR
    )  # a missing Chinese font would be told for every letter
    chosen, switched = matplotlib.use, pyplot.switch_backend

    def use(backend: str, *, force: bool = True) -> None:
        try:
            chosen(backend, force=force)
        except ImportError:
            chosen("Agg")

    def switch_backend(newbackend: str) -> None:
        try:
            switched(newbackend)
        except ImportError:
            switched("Agg")

    matplotlib.use, pyplot.switch_backend = use, switch_backend


def _touch_optimizer() -> None:
    """The first optimiser pulls in 800 modules (about 2 s). A one-element tensor starts no thread, so forking stays safe."""
    import torch

    torch.set_num_threads(1)
    torch.optim.Adam([torch.nn.Parameter(torch.zeros(1))])


def _touch_seed() -> None:
    """Seeding keeps the text of its callers for when a GPU is first used: reading those files here spares every child the same."""
    import torch

    torch.manual_seed(0)


def _die_with_judge() -> None:
    """No box outlives its judge, and no submission may look into its zygote."""
    if sys.platform == "linux":
        import ctypes

        libc = ctypes.CDLL(None)
        libc.prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        libc.prctl(_DUMPABLE, 0, 0, 0, 0)


def _adopt_orphans() -> None:
    """Become the reaper of what submissions leave behind, so that it can be found and ended."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)


def _tell(control: socket.socket, message: dict[str, Any]) -> None:
    control.sendall(json.dumps(message).encode() + b"\n")


def _hear(control: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """One message with its file descriptors, or None when the judge is gone. The judge sends one message at a time."""
    data, fds, _flags, _address = socket.recv_fds(control, CONTROL_LIMIT, 2)
    if not data:
        return None
    return json.loads(data), list(fds)


class _Child(NamedTuple):
    """A confined process that waits for its submission at the other end of `handover`."""

    pid: int
    handover: socket.socket

    def waits(self) -> bool:
        """Whether it is still there; one that is not has been reaped."""
        return os.waitpid(self.pid, os.WNOHANG) == (0, 0)


def _fork(run: dict[str, Any], framework: str, device: str) -> _Child:
    """The child for a submission in the box of `run`. What differs between submissions it is told when it is handed one."""
    scratch.empty(run["scratch"])
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        _child(theirs, run, framework, device)
    theirs.close()
    return _Child(pid, ours)


def _run(control: socket.socket, child: _Child, run: dict[str, Any], fds: list[int]) -> bool:
    """Hand over, wait, clean up, say how it ended. Whether the box is as it was before."""
    limits = {name: run["limits"].get(name) for name in _NUMBERS}
    limits["processes"] = confine.processes(run["limits"])
    with contextlib.suppress(OSError):  # it has died: the judge sees the wire close
        socket.send_fds(child.handover, [json.dumps(limits).encode()], fds)
    child.handover.close()
    for fd in fds:
        os.close(fd)
    _tell(control, {"started": child.pid})
    _, status, usage = os.wait4(child.pid, 0)
    leftovers = family.end_descendants()
    dirty = False in [scratch.empty(folder) for folder in (run["scratch"], *run.get("clean", ()))]
    _tell(
        control,
        {
            "exit": {
                "code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
                "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
                "cpu_s": usage.ru_utime + usage.ru_stime,
                "leftovers": leftovers,
                "dirty": dirty,
            }
        },
    )
    return not leftovers and not dirty


def _child(handover: socket.socket, run: dict[str, Any], framework: str, device: str) -> None:
    """The learner's process: give up every right first, then take the submission. Never returns."""
    code = 70
    try:
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.chdir(run["scratch"])
        from judge.worker import serve

        confined = confine.tighten({**run["limits"], "keep_fds": [handover.fileno()]})
        adapter = serve.prepare(framework, device, confined)
        if (message := _hear(handover)) is not None:
            limits, (wire_fd, output_fd) = message
            handover.close()
            os.dup2(output_fd, 1)
            os.dup2(output_fd, 2)
            os.close(output_fd)
            confine.limit({**limits, "framework": framework})
            serve.serve(socket.socket(fileno=wire_fd), adapter, confined)
        code = 0
    except BaseException as error:
        with contextlib.suppress(BaseException):
            sys.stderr.write(f"worker: {type(error).__name__}: {error}\n")
    finally:
        os._exit(code)
