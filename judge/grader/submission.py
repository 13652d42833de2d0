"""The fixture `submission`: the learner's entry points and models, as far as a check may see them (docs/checks.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from judge.grader.failures import SubmissionFailed
from judge.grader.link import Handle, Link
from judge.verdict import ProgressEvent, Verdict
from judge.wire import Array


@dataclass(frozen=True)
class Gradients:
    """A vector-Jacobian product. A gradient is None where the output does not depend on that value."""

    output: Array
    inputs: list[Array | None]
    parameters: dict[str, Array | None]


@dataclass(frozen=True)
class Trace:
    """One call, operator by operator: their names in order, and the elements of the largest tensor that came to be."""

    output: Array
    operators: list[str]
    largest: int


class Submission:
    """Every method crosses the wire; arrays come back in memory of the grader's own."""

    def __init__(self, link: Link, *, framework: str, device: str, script_model: Handle | None = None) -> None:
        self._link = link
        self.script_model = script_model
        self.framework = framework
        self.device = device

    def call(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Call an entry point. Arrays become tensors on the device, handles the objects they stand for."""
        return self._link.request("call", name=name, args=args, kwargs=kwargs)

    def forward(self, model: Handle, *inputs: Any, training: bool = False) -> Any:
        """Call a model without gradients, in eval (or train) mode."""
        return self._link.request("forward", handle=model, inputs=inputs, training=training)

    def gradients(self, target: str | Handle, *inputs: Any, cotangent: Array, wrt: Sequence[int] | None = None) -> Gradients:
        """Gradients of `sum(output * cotangent)` for the inputs at `wrt` (default: the floating ones) and all parameters."""
        chosen = (
            [i for i, x in enumerate(inputs) if getattr(x, "dtype", None) is not None and x.dtype.kind == "f"]
            if wrt is None
            else list(wrt)
        )
        value = self._link.request("gradients", target=target, inputs=inputs, cotangent=cotangent, wrt=chosen)
        _require(isinstance(value, dict) and set(value) == {"output", "inputs", "parameters"}, "求导的结果不完整")
        grads = Gradients(**value)
        _require(_is_array(grads.output), "求导时的输出不是张量")
        _require(type(grads.inputs) is list and len(grads.inputs) == len(chosen), "求导的结果不完整")
        _require(all(grad is None or _is_array(grad) for grad in grads.inputs), "输入的梯度不是张量")
        _require(_are_named(grads.parameters, optional=True), "参数的梯度不是张量")
        return grads

    def trace(self, target: str | Handle, *inputs: Any) -> Trace:
        """Call, and watch the operators: for rules like "must work in blocks", where what counts is what was never made."""
        value = self._link.request("trace", target=target, inputs=inputs)
        _require(isinstance(value, dict) and set(value) == {"output", "operators", "largest"}, "算子记录不完整")
        trace = Trace(**value)
        _require(type(trace.operators) is list and all(type(name) is str for name in trace.operators), "算子记录不完整")
        _require(type(trace.largest) is int, "算子记录不完整")
        return trace

    def state(self, model: Handle) -> dict[str, Array]:
        """All parameters and buffers by name."""
        value: dict[str, Array] = self._link.request("state", handle=model)
        _require(_are_named(value), "模型的参数读不出来")
        return value

    def trainable(self, model: Handle) -> list[str]:
        """Names in `state` that an optimiser would move."""
        value: list[str] = self._link.request("trainable", handle=model)
        _require(type(value) is list and all(type(name) is str for name in value), "模型的参数名读不出来")
        return value

    def load_state(self, model: Handle, state: Mapping[str, Array]) -> None:
        """Put back what `state` returned."""
        self._link.request("load_state", handle=model, state=dict(state))

    def inputs_after(self) -> list[Any]:
        """The arguments of the last call as they are now."""
        value: list[Any] = self._link.request("inputs_after")
        _require(type(value) is list, "传入的参数读不回来")
        return value

    def path(self, name: str) -> str:
        """The path to hand to an entry that writes a file: relative to the working folder."""
        return name

    def file(self, name: str, limit: int = 8 << 20) -> bytes | None:
        """A regular file the submission wrote, or None. Raises OLE when it is larger than `limit` bytes."""
        data = self._link.request("file", name=name, limit=limit)
        if data is None:
            return None
        _require(_is_array(data) and data.dtype == np.uint8, f"文件 {name} 读不出来")
        if data.nbytes > limit:
            raise SubmissionFailed(Verdict.OLE, f"文件 {name} 超过 {limit >> 20} MiB")
        return bytes(data)

    @property
    def history(self) -> list[ProgressEvent]:
        """The loss points seen so far, as the submission's process told them: for drawing, never for judging."""
        return list(self._link.curve)


def _require(condition: bool, sentence: str) -> None:
    """Whatever the worker claims is checked before a check builds on it: a surprise there would pass for a fault of the judge."""
    if not condition:
        raise SubmissionFailed(Verdict.BR, sentence)


def _is_array(value: Any) -> bool:
    return type(value) is np.ndarray


def _are_named(value: Any, *, optional: bool = False) -> bool:
    """A dict of arrays by name; with `optional`, None may stand for an array."""
    return type(value) is dict and all(
        type(name) is str and (_is_array(array) or (optional and array is None)) for name, array in value.items()
    )
