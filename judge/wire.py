"""The only thing that crosses between the grader and the learner's process: a JSON header and raw little-endian arrays.

Frame: 8-byte little-endian header length, a UTF-8 JSON header `{"o": object, "a": [[dtype, shape], …]}`, then each array's bytes
in C order. No pickle, no eval, no shared memory. Both ends use this module; the reading side trusts nothing, so every length, dtype and
shape is checked before memory is taken, and every message has one deadline.
"""

from __future__ import annotations

import json
import math
import select
import socket
import struct
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Tick = Callable[[], None]

DTYPES = {
    name: np.dtype(name)
    for name in ("<f8", "<f4", "<f2", "<i8", "<i4", "<i2", "|i1", "<u8", "<u4", "<u2", "|u1", "|b1", "<c8", "<c16")
}
MAX_HEADER = 4 << 20
MAX_PAYLOAD = 512 << 20
MAX_ARRAYS = 4096
MAX_NDIM = 8
MAX_DEPTH = 32
TICK_S = 0.05
_SMALL = 1 << 16
_BIG = 1 << 63
_LENGTH = struct.Struct("<Q")


class WireError(Exception):
    """The other end broke the protocol: its frame cannot be trusted or read."""


class WireClosedError(WireError):
    """The other end closed the connection."""


class WireTimeoutError(WireError):
    """One message took longer than its deadline."""


class TooLargeError(ValueError):
    """The sender's own message is larger than the reader would accept; nothing of it was sent."""


class Wire:
    """One end of the connection. `tick` is called about every 50 ms while waiting; what it raises ends the wait."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self._sock = sock

    def close(self) -> None:
        """Close this end."""
        self._sock.close()

    def send(self, obj: object, arrays: Sequence[Array] = (), *, deadline: float = math.inf, tick: Tick | None = None) -> None:
        """Send one frame. `deadline` is a `time.monotonic()` value.

        Raises: `ValueError` for an array of a dtype that may not cross; `TooLargeError`; `WireClosedError`, `WireTimeoutError`.
        """
        flat = [_little_endian(array) for array in arrays]
        header = json.dumps({"o": obj, "a": [[a.dtype.str, list(a.shape)] for a in flat]}, ensure_ascii=True).encode()
        if len(header) > MAX_HEADER or len(flat) > MAX_ARRAYS or sum(a.nbytes for a in flat) > MAX_PAYLOAD:
            raise TooLargeError(f"{len(header)} bytes of header, {len(flat)} arrays")
        small = bytearray(_LENGTH.pack(len(header)) + header)
        for array in flat:  # small arrays travel with the header: one system call instead of one each
            if array.nbytes <= _SMALL:
                small += array.tobytes()
                continue
            self._send_all(memoryview(bytes(small)), deadline, tick)
            small.clear()
            self._send_all(array.reshape(-1).view(np.uint8).data, deadline, tick)
        self._send_all(memoryview(bytes(small)), deadline, tick)

    def recv(self, *, deadline: float = math.inf, tick: Tick | None = None) -> tuple[Any, list[Array]]:
        """Receive one frame: the object and its arrays (fresh memory, native little-endian, C order).

        Raises: `WireError` for anything malformed; `WireClosedError`, `WireTimeoutError`.
        """
        prefix = bytearray(_LENGTH.size)
        self._recv_into(memoryview(prefix), deadline, tick)
        (length,) = _LENGTH.unpack(prefix)
        if not 2 <= length <= MAX_HEADER:
            raise WireError(f"header length {length}")
        header = bytearray(length)
        self._recv_into(memoryview(header), deadline, tick)
        obj, specs = parse_header(bytes(header))
        arrays = []
        for dtype, shape in specs:
            array = np.empty(shape, dtype)
            if array.nbytes:
                self._recv_into(array.reshape(-1).view(np.uint8).data, deadline, tick)
            arrays.append(array)
        return obj, arrays

    def _send_all(self, view: memoryview, deadline: float, tick: Tick | None) -> None:
        sent = 0
        while sent < len(view):
            self._on_time(deadline, tick)
            try:
                sent += self._sock.send(view[sent : sent + (1 << 20)])
            except BlockingIOError:
                select.select([], [self._sock], [], self._patience(deadline, tick))
            except (BrokenPipeError, ConnectionError) as error:
                raise WireClosedError("the other end is gone") from error

    def _recv_into(self, view: memoryview, deadline: float, tick: Tick | None) -> None:
        got = 0
        while got < len(view):
            self._on_time(deadline, tick)
            try:
                count = self._sock.recv_into(view[got:])
            except BlockingIOError:
                select.select([self._sock], [], [], self._patience(deadline, tick))
                continue
            except ConnectionError as error:
                raise WireClosedError("the other end is gone") from error
            if not count:
                raise WireClosedError("the other end is gone")
            got += count

    def _on_time(self, deadline: float, tick: Tick | None) -> None:
        """Called before every system call, so that a flood or a drip is watched like silence is."""
        if tick:
            tick()
        if time.monotonic() >= deadline:
            raise WireTimeoutError("wire deadline")

    def _patience(self, deadline: float, tick: Tick | None) -> float | None:
        """How long one wait may last: forever only when nobody watches and nothing is due."""
        left = max(0.0, deadline - time.monotonic())
        return min(TICK_S, left) if tick else left if left < math.inf else None


def parse_header(raw: bytes) -> tuple[Any, list[tuple[np.dtype[Any], list[int]]]]:
    """Check a header and return its object and array specs. Raises `WireError`, and nothing else, for any bytes."""
    try:
        header = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise WireError(f"bad header: {type(error).__name__}") from None
    if type(header) is not dict or set(header) != {"o", "a"} or type(header["a"]) is not list:
        raise WireError("bad header shape")
    if len(header["a"]) > MAX_ARRAYS:
        raise WireError("too many arrays")
    specs = [_parse_spec(spec) for spec in header["a"]]
    if sum(dtype.itemsize * math.prod(shape) for dtype, shape in specs) > MAX_PAYLOAD:
        raise WireError("payload too large")
    return header["o"], specs


def _parse_spec(spec: object) -> tuple[np.dtype[Any], list[int]]:
    if type(spec) is not list or len(spec) != 2:
        raise WireError("bad array spec")
    name, shape = spec
    if type(name) is not str or name not in DTYPES:
        raise WireError("dtype may not cross")
    if type(shape) is not list or len(shape) > MAX_NDIM:
        raise WireError("bad shape")
    if any(type(size) is not int or not 0 <= size <= 1 << 31 for size in shape):
        raise WireError("bad dimension")
    if math.prod(max(size, 1) for size in shape) > MAX_PAYLOAD:
        raise WireError("shape too large")
    return DTYPES[name], shape


def _little_endian(array: Array) -> Array:
    out = np.asarray(array, order="C")
    if out.dtype.byteorder == ">":
        out = out.astype(out.dtype.newbyteorder("<"))
    if out.dtype.str not in DTYPES:
        raise ValueError(f"dtype {out.dtype} may not cross the wire")
    return out


Special = Callable[[Any, list[Array]], Any]


def pack(value: Any, arrays: list[Array], special: Special, depth: int = 0) -> Any:
    """Turn a value into a JSON tree, appending its arrays to `arrays`.

    `special(value, arrays)` answers for everything that is no plain builtin, list, tuple, dict or ndarray; it returns a tagged dict.
    """
    if depth > MAX_DEPTH:
        raise ValueError("value is nested too deeply")
    kind = type(value)
    if value is None or kind in (bool, float, str):
        return value
    if kind is int:
        return value if abs(value) < _BIG else {"big": hex(value)[:64]}
    if kind is np.ndarray and value.dtype.newbyteorder("<").str in DTYPES:
        arrays.append(value)
        return {"array": len(arrays) - 1}
    if kind in (list, tuple):
        return {kind.__name__: [pack(item, arrays, special, depth + 1) for item in value]}
    if kind is dict:
        pairs = [[pack(k, arrays, special, depth + 1), pack(v, arrays, special, depth + 1)] for k, v in value.items()]
        return {"dict": pairs}
    return special(value, arrays)


def unpack(tree: Any, arrays: Sequence[Array], special: Callable[[dict[str, Any]], Any], depth: int = 0) -> Any:
    """The inverse of `pack`. `special` gets every tagged dict it does not know. Raises `WireError` for a malformed tree."""
    if depth > MAX_DEPTH:
        raise WireError("value is nested too deeply")
    if tree is None or type(tree) in (bool, float, str):
        return tree
    if type(tree) is int:
        if abs(tree) >= _BIG:
            raise WireError("a number that `pack` does not send")
        return tree
    if type(tree) is not dict or not tree:
        raise WireError("bad value")
    match tree:
        case {"array": int(index)} if len(tree) == 1 and type(index) is int:
            if not 0 <= index < len(arrays):
                raise WireError("no such array")
            return arrays[index]
        case {"list": list(items)} if len(tree) == 1:
            return [unpack(item, arrays, special, depth + 1) for item in items]
        case {"tuple": list(items)} if len(tree) == 1:
            return tuple(unpack(item, arrays, special, depth + 1) for item in items)
        case {"dict": list(pairs)} if len(tree) == 1:
            return dict(_unpack_pair(pair, arrays, special, depth + 1) for pair in pairs)
        case _:
            return special(tree)


def _unpack_pair(pair: Any, arrays: Sequence[Array], special: Callable[[dict[str, Any]], Any], depth: int) -> tuple[Any, Any]:
    if type(pair) is not list or len(pair) != 2:
        raise WireError("bad dict entry")
    key = unpack(pair[0], arrays, special, depth)
    if type(key) not in (str, int, float, bool, type(None)):
        raise WireError("bad dict key")
    return key, unpack(pair[1], arrays, special, depth)
