"""The fixture `submission`: the learner's entry points and models, as far as a check may see them (docs/checks.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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
        if not isinstance(value, dict) or set(value) != {"output", "inputs", "parameters"}:
            raise SubmissionFailed(Verdict.BR, "求导的结果不完整")
        return Gradients(**value)

    def trace(self, target: str | Handle, *inputs: Any) -> Trace:
        """Call, and watch the operators: for rules like "must work in blocks", where what counts is what was never made."""
        value = self._link.request("trace", target=target, inputs=inputs)
        if not isinstance(value, dict) or set(value) != {"output", "operators", "largest"} or type(value["largest"]) is not int:
            raise SubmissionFailed(Verdict.BR, "算子记录不完整")
        return Trace(**value)

    def state(self, model: Handle) -> dict[str, Array]:
        """All parameters and buffers by name."""
        value: dict[str, Array] = self._link.request("state", handle=model)
        return value

    def trainable(self, model: Handle) -> list[str]:
        """Names in `state` that an optimiser would move."""
        value: list[str] = self._link.request("trainable", handle=model)
        return value

    def load_state(self, model: Handle, state: Mapping[str, Array]) -> None:
        """Put back what `state` returned."""
        self._link.request("load_state", handle=model, state=dict(state))

    def inputs_after(self) -> list[Any]:
        """The arguments of the last call as they are now."""
        value: list[Any] = self._link.request("inputs_after")
        return value

    def path(self, name: str) -> str:
        """The path to hand to an entry that writes a file: relative to the working folder."""
        return name

    def file(self, name: str, limit: int = 8 << 20) -> bytes | None:
        """A regular file the submission wrote, or None. Raises OLE when it is larger than `limit` bytes."""
        data = self._link.request("file", name=name, limit=limit)
        if data is None:
            return None
        if data.nbytes > limit:
            raise SubmissionFailed(Verdict.OLE, f"文件 {name} 超过 {limit >> 20} MiB")
        return bytes(data)

    @property
    def history(self) -> list[ProgressEvent]:
        """The loss points seen so far, as the submission's process told them: for drawing, never for judging."""
        return list(self._link.curve)
