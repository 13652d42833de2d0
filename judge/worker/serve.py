"""One submission: answers the grader's requests over the wire until it closes.

A request is `{"id": n, "op": name, …}`; the answer is `{"id": n, "value": tree}` or `{"id": n, "error": {…}}`. Between them may
come `{"progress": …}`. The grader believes none of it: it only compares the arrays.
"""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any

from judge.wire import Array, TooLargeError, Wire, WireError, pack, unpack
from judge.worker.adapter import Adapter, DeviceProblem, Refused
from judge.worker.loading import describe, find_entries, run_source
from judge.worker.script import find_model, install, pictures, wanted_name
from judge.worker.tripwire import Tripwire

_FILE_LIMIT = 32 << 20
_TOO_LARGE = "返回的内容太大（张量太多，或列表太长）：只返回题目要求的东西"


def prepare(framework: str, device: str, confined: dict[str, Any]) -> Adapter:
    """The adapter, fit for what this process may still do, and the framework's first operations behind it."""
    adapter = make_adapter(framework, device)
    if not confined["unix_sockets"]:
        adapter.forgo_worker_processes()
    if confined["seccomp"]:
        adapter.forgo_programs()
    adapter.rehearse()
    return adapter


def serve(sock: socket.socket, adapter: Adapter, confined: dict[str, Any]) -> None:
    """Say what confinement is in force, then serve one submission over `sock`; returns when the grader hangs up."""
    wire = Wire(sock)
    with contextlib.suppress(WireError):
        wire.send({"confined": confined})
        Worker(wire, adapter).run()


def make_adapter(framework: str, device: str) -> Adapter:
    """The adapter of a framework."""
    if framework == "torch":
        from judge.worker.torch_adapter import TorchAdapter

        return TorchAdapter(device)
    if framework == "tensorflow":
        from judge.worker.tensorflow_adapter import TensorFlowAdapter

        return TensorFlowAdapter(device)
    return Adapter(device)


class Worker:
    """The objects of one submission and the operations on them."""

    def __init__(self, wire: Wire, adapter: Adapter) -> None:
        self._wire = wire
        self._adapter = adapter
        self._lock = threading.Lock()
        self._handles: dict[int, Any] = {}
        self._entries: dict[str, Any] = {}
        self._filename = "solution.py"
        self._tripwire = Tripwire("solution.py")
        self._last_arguments: tuple[Any, ...] = ()
        self._operations: dict[str, Callable[..., Any]] = {
            "claim": lambda memory_mib: self._adapter.claim_device(memory_mib),
            "load": self._load,
            "call": self._call,
            "forward": self._forward,
            "gradients": self._gradients,
            "state": lambda handle: self._adapter.state(handle),
            "trainable": lambda handle: self._adapter.trainable(handle),
            "load_state": lambda handle, state: self._adapter.load_state(handle, state),
            "trace": self._trace,
            "inputs_after": lambda: list(self._last_arguments),
            "file": self._file,
            "script": self._script,
            "pictures": pictures,
        }

    def run(self) -> None:
        """Answer requests until the grader hangs up (which raises `WireClosedError`)."""
        while True:
            request, arrays = self._wire.recv()
            try:
                value = self._operations[request["op"]](**self._unpack(request["args"], arrays))
                out: list[Array] = []
                answer: dict[str, Any] = {"id": request["id"], "value": pack(value, out, self._special)}
            except (SystemExit, KeyboardInterrupt, GeneratorExit, Exception) as error:
                out, answer = [], {"id": request["id"], "error": self._describe(error)}
            if self._tripwire.tripped:
                answer["tripped"] = list(self._tripwire.tripped)
            try:
                self._send(answer, out)
            except TooLargeError:
                self._send({"id": request["id"], "error": {"refused": _TOO_LARGE}}, [])

    def _send(self, message: dict[str, Any], arrays: list[Array]) -> None:
        with self._lock:
            sys.stdout.flush()
            sys.stderr.flush()
            self._wire.send(message, arrays)

    def _describe(self, error: BaseException) -> dict[str, Any]:
        if isinstance(error, Refused):
            return {"refused": str(error)}
        if isinstance(error, DeviceProblem):
            return {"device": str(error)}
        return describe(error, self._filename)

    def _unpack(self, tree: Any, arrays: list[Array]) -> dict[str, Any]:
        unpacked: dict[str, Any] = unpack(tree, arrays, self._object)
        return unpacked

    def _object(self, tag: Mapping[str, Any]) -> Any:
        return self._handles[tag["handle"]]

    def _native(self, value: Any) -> Any:
        """Arrays of the judge's become tensors, all the way down."""
        if isinstance(value, dict):
            return {key: self._native(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(self._native(item) for item in value)
        array = self._adapter.to_array(value) if type(value).__module__ == "numpy" else None
        return value if array is None else self._adapter.to_native(array)

    def _special(self, value: Any, arrays: list[Array]) -> Any:
        """How a result that is no plain builtin crosses: tensors as arrays, scalars as themselves, the rest as a handle."""
        array = self._adapter.to_array(value)
        if array is not None:
            return pack(array, arrays, _refuse_dtype)
        if isinstance(value, (bool, int, float, str)):
            return {"subclass": type(value).__name__[:100]}
        if isinstance(value, Mapping) and not self._adapter.is_model(value):
            return pack(dict(value), arrays, self._special, 1)
        number = len(self._handles) + 1
        self._handles[number] = value
        kind = "model" if self._adapter.is_model(value) else "object"
        return {"handle": number, "kind": kind, "type": type(value).__name__[:100]}

    def _load(self, source: str, filename: str, entries: list[dict[str, Any]], forbidden: list[str], seed: int) -> None:
        self._begin(filename, forbidden, seed)
        module = run_source(source, filename)
        self._entries = find_entries(module, entries)

    def _begin(self, filename: str, forbidden: list[str], seed: int) -> None:
        self._filename = filename
        self._tripwire = Tripwire(filename)
        self._tripwire.arm(forbidden)
        self._adapter.seed(seed)
        self._adapter.watch_training(self._progress)

    def _script(self, source: str, filename: str, data: dict[str, Array], forbidden: list[str], seed: int) -> Any:
        """Run a whole training script; the model it leaves."""
        self._begin(filename, forbidden, seed)
        install(data, self._adapter.name)
        return find_model(run_source(source, filename, "__main__"), self._adapter, wanted_name(data))

    def _progress(self, unit: str, step: int, values: dict[str, float]) -> None:
        with self._lock:
            self._wire.send({"progress": {"unit": unit, "step": step, "values": values}})

    def _call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        native = tuple(self._native(self._adapter.prepare_call(value)) for value in args)
        self._last_arguments = native
        result = self._entries[name](*native, **{key: self._native(value) for key, value in kwargs.items()})
        return self._adapter.prepare_call(result)

    def _forward(self, handle: Any, inputs: tuple[Any, ...], training: bool) -> Any:
        native = tuple(self._native(value) for value in inputs)
        self._last_arguments = native
        return self._adapter.forward(handle, native, training=training)

    def _gradients(self, target: Any, inputs: tuple[Any, ...], cotangent: Array, wrt: list[int]) -> dict[str, Any]:
        function = self._entries[target] if isinstance(target, str) else target
        native = [self._native(value) for value in inputs]
        output, grads, parameters = self._adapter.gradients(function, native, self._native(cotangent), wrt)
        return {"output": output, "inputs": grads, "parameters": parameters}

    def _trace(self, target: Any, inputs: tuple[Any, ...]) -> dict[str, Any]:
        function = self._entries[target] if isinstance(target, str) else target
        return self._adapter.trace(function, [self._native(value) for value in inputs])

    def _file(self, name: str, limit: int) -> Array | None:
        """A regular file in the working folder as bytes. The grader decodes it under its own caps."""
        import numpy as np

        try:
            fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return None
        if not stat.S_ISREG(os.fstat(fd).st_mode):  # before fdopen, which raises for a folder
            os.close(fd)
            return None
        with os.fdopen(fd, "rb") as file:
            return np.frombuffer(file.read(min(limit, _FILE_LIMIT) + 1), np.uint8)


def _refuse_dtype(value: Any, arrays: list[Array]) -> Any:
    del arrays
    raise Refused(f"返回的数组 dtype 是 {getattr(value, 'dtype', '?')}，判题机只接受数值类型")
