"""The wire carries arrays faithfully, and nothing that arrives on it can hurt the reader."""

import contextlib
import json
import math
import socket
import struct
import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from judge.wire import (
    MAX_HEADER,
    MAX_PAYLOAD,
    TooLargeError,
    Wire,
    WireClosedError,
    WireError,
    WireTimeoutError,
    pack,
    parse_header,
    unpack,
)

DTYPES = st.sampled_from([np.float64, np.float32, np.float16, np.int64, np.int32, np.int8, np.uint8, np.bool_, np.complex64])


def pair():
    left, right = socket.socketpair()
    return Wire(left), Wire(right), left, right


def carry(obj, arrays):
    """Send on a thread, receive here."""
    sender, receiver, *_ = pair()
    thread = threading.Thread(target=sender.send, args=(obj, arrays))
    thread.start()
    try:
        return receiver.recv(deadline=time.monotonic() + 10)
    finally:
        thread.join()
        sender.close()
        receiver.close()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        DTYPES.flatmap(lambda d: hnp.arrays(d, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=6))), max_size=4
    )
)
def test_arrays_arrive_bit_for_bit(arrays):
    _, got = carry({"op": "x"}, arrays)

    assert [a.dtype for a in arrays] == [g.dtype for g in got]
    assert [a.shape for a in arrays] == [g.shape for g in got]
    assert [a.tobytes() for a in arrays] == [g.tobytes() for g in got]


def test_big_endian_and_strided_arrays_are_normalised():
    array = np.arange(24, dtype=">f4").reshape(4, 6)[::2, ::-1]

    _, (got,) = carry({}, [array])

    np.testing.assert_array_equal(got, array)
    assert got.dtype == np.dtype("<f4")


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=300))
def test_any_header_bytes_end_in_a_wire_error_or_a_valid_frame(raw):
    try:
        _, specs = parse_header(raw)
    except WireError:
        return
    assert sum(d.itemsize * math.prod(s) for d, s in specs) <= MAX_PAYLOAD


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda x: st.lists(x, max_size=4) | st.dictionaries(st.text(max_size=4), x, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(JSON, JSON)
def test_any_json_header_ends_in_a_wire_error_or_a_valid_frame(obj, specs):
    raw = json.dumps({"o": obj, "a": specs}).encode()
    with contextlib.suppress(WireError):
        parse_header(raw)


@pytest.mark.parametrize(
    "spec",
    [
        ["|O", [1]],
        ["<f4", [-1]],
        ["<f4", [True]],
        ["<f4", [1.0]],
        ["<f4", [1 << 40]],
        ["<f4", [0, 1 << 31, 1 << 31]],
        ["<f4", [1] * 9],
        ["<f8", [1 << 28]],
        ["<U4", [1]],
        "<f4",
        ["<f4"],
    ],
)
def test_bad_array_specs_are_refused_before_memory_is_taken(spec):
    with pytest.raises(WireError):
        parse_header(json.dumps({"o": 1, "a": [spec]}).encode())


def test_deeply_nested_json_is_refused():
    with pytest.raises(WireError):
        parse_header(b'{"o":' + b"[" * 100_000 + b"]" * 100_000 + b',"a":[]}')


@pytest.mark.parametrize("length", [0, 1, MAX_HEADER + 1, 2**63])
def test_header_lengths_out_of_range_are_refused(length):
    _, receiver, left, _ = pair()
    left.send(struct.pack("<Q", length) + b"x" * 64)

    with pytest.raises(WireError):
        receiver.recv(deadline=time.monotonic() + 2)


def test_half_a_frame_then_silence_is_a_timeout_not_a_hang():
    _, receiver, left, _ = pair()
    left.send(struct.pack("<Q", 100) + b"{")

    with pytest.raises(WireTimeoutError):
        receiver.recv(deadline=time.monotonic() + 0.2)


def test_a_slow_drip_does_not_extend_the_deadline():
    _, receiver, left, _ = pair()
    stop = threading.Event()

    def drip():
        for byte in struct.pack("<Q", 1000):
            if stop.wait(0.1):
                return
            left.send(bytes([byte]))

    thread = threading.Thread(target=drip)
    thread.start()
    began = time.monotonic()
    with pytest.raises(WireTimeoutError):
        receiver.recv(deadline=began + 0.3)
    stop.set()
    thread.join()


def test_closing_is_told_apart_from_nonsense():
    sender, receiver, *_ = pair()
    sender.close()

    with pytest.raises(WireClosedError):
        receiver.recv(deadline=time.monotonic() + 2)


def test_what_tick_raises_ends_the_wait():
    class Over(Exception):
        pass

    def tick():
        raise Over

    _, receiver, *_ = pair()
    with pytest.raises(Over):
        receiver.recv(tick=tick)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda x: (
        st.lists(x, max_size=4)
        | st.lists(x, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=4) | st.integers(0, 9), x, max_size=4)
    ),
    max_leaves=20,
)


def refuse(value, *rest):
    raise WireError("special")


@settings(max_examples=200, deadline=None)
@given(VALUES)
def test_plain_values_survive_packing(value):
    arrays = []
    tree = json.loads(json.dumps(pack(value, arrays, refuse)))

    assert unpack(tree, arrays, refuse) == value


@settings(max_examples=300, deadline=None)
@given(JSON)
def test_unpacking_any_json_ends_in_a_wire_error_or_a_value(tree):
    with contextlib.suppress(WireError):
        unpack(tree, [np.zeros(2)], refuse)


@pytest.mark.parametrize(
    "tree",
    [
        {"array": 5},
        {"array": -1},
        {"array": True},
        {"array": 0, "x": 1},
        {"dict": [[1]]},
        {"dict": [[{"list": []}, 1]]},
        [],
        {},
    ],
)
def test_malformed_trees_are_refused(tree):
    with pytest.raises(WireError):
        unpack(tree, [np.zeros(2)], refuse)


def test_object_arrays_may_not_cross():
    sender, *_ = pair()
    with pytest.raises(ValueError, match="may not cross"):
        sender.send({}, [np.array([object()])])


@pytest.mark.parametrize(
    ("message", "arrays"),
    [([0.5] * 2_000_000, []), (None, [np.zeros(1)] * 5000), (None, [np.zeros(1 << 20)] * 65)],
    ids=["header", "number of arrays", "payload"],
)
def test_what_the_reader_would_refuse_is_not_sent(message, arrays):
    """A learner who returns too much has made a mistake; half a frame on the wire would look like an attack."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        with pytest.raises(TooLargeError):
            Wire(ours).send(message, arrays)
        theirs.setblocking(False)
        with pytest.raises(BlockingIOError):
            theirs.recv(1)


def test_an_integer_of_millions_of_digits_is_marked_and_not_written_out():
    assert set(pack(7**1_000_000, [], lambda value, arrays: {})) == {"big"}


@pytest.mark.parametrize("number", [1 << 63, -(1 << 63), 10**400])
def test_a_number_that_is_never_sent_is_not_received(number):
    with pytest.raises(WireError):
        unpack({"list": [number]}, [], lambda tag: tag)
