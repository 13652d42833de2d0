"""What the worker asks of a framework. This base serves plain NumPy; the framework adapters override what differs."""

from __future__ import annotations

import multiprocessing.context
import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from judge.wire import Array

Report = Callable[[str, int, dict[str, float]], None]


def c_order(value: Any) -> Array:
    """As a C-ordered array; unlike `np.ascontiguousarray` a scalar stays 0-d."""
    return np.asarray(value, order="C")


class Refused(Exception):
    """The learner's object cannot do what the check asked for. The message is a Chinese sentence for the learner."""


class DeviceProblem(Exception):
    """The device that was asked for cannot be used now. The message is the framework's own, one line."""


class Adapter:
    """NumPy: arrays are themselves, and a model is anything callable."""

    name = "numpy"

    def __init__(self, device: str) -> None:
        self.device = device

    def claim_device(self, memory_mib: int) -> None:
        """Before the learner's code: see that the device answers, cap what may be taken of its memory, and switch shortened arithmetic off.

        Raises `DeviceProblem`. Nothing to do on a CPU: there the box caps memory.
        """

    def seed(self, seed: int) -> None:
        """Seed every generator a learner may draw from."""
        random.seed(seed)
        np.random.seed(seed % 2**32)

    def rehearse(self) -> None:
        """Do once what every submission does, so that the pages it touches are there before the learner waits. Leaves no trace that code can see."""
        self.seed(0)

    def to_native(self, array: Array) -> Any:
        """An array of the judge's as the framework's tensor on the device, in memory of its own."""
        return array.copy()

    def to_array(self, value: Any) -> Array | None:
        """A tensor as an array, or None when `value` is none."""
        return c_order(value) if isinstance(value, (np.ndarray, np.generic)) else None

    def is_model(self, value: Any) -> bool:
        """Whether `value` is a model of this framework."""
        return callable(value)

    def forward(self, model: Any, inputs: Sequence[Any], *, training: bool) -> Any:
        """Call the model without recording gradients, in train or eval mode; the mode is put back after."""
        del training
        return model(*inputs)

    def prepare_call(self, model: Any) -> Any:
        """What an entry point gets for a model handle: the model as it is."""
        return model

    def gradients(
        self, target: Callable[..., Any], inputs: Sequence[Any], cotangent: Any, wrt: Sequence[int]
    ) -> tuple[Any, list[Any], dict[str, Any]]:
        """Vector-Jacobian product: output, gradients of the inputs at `wrt`, gradients of the parameters by name."""
        raise Refused("这个框架没有自动求导")

    def trace(self, target: Callable[..., Any], inputs: Sequence[Any]) -> dict[str, Any]:
        """Call `target` and note every operator it runs, and the size of the largest tensor it makes (in elements)."""
        raise Refused("这个框架不能记录算子")

    def state(self, model: Any) -> dict[str, Array]:
        """All parameters and buffers by name."""
        raise Refused("这个对象没有可读的参数")

    def trainable(self, model: Any) -> list[str]:
        """Names of the parameters an optimiser would move."""
        raise Refused("这个对象没有可读的参数")

    def load_state(self, model: Any, state: Mapping[str, Array]) -> None:
        """Put back what `state` returned."""
        raise Refused("这个对象不能写入参数")

    def forgo_worker_processes(self) -> None:
        """Let data loaders work in this process, where their workers could not hand tensors back."""

    def forgo_programs(self) -> None:
        """Where no program can be started, "spawn" and "forkserver" cannot start Python anew: their processes are forked instead."""
        contexts = multiprocessing.context._concrete_contexts  # type: ignore[attr-defined]
        contexts.update(spawn=contexts["fork"], forkserver=contexts["fork"])

    def watch_training(self, report: Report) -> None:
        """Hook the framework so that losses are reported while the learner trains."""


class Throttle:
    """Passes on at most ten points a second, so that watching costs nothing; the first point always passes."""

    def __init__(self, report: Report, interval_s: float = 0.1) -> None:
        self._report = report
        self._interval = interval_s
        self._next = 0.0
        self.step = 0

    def due(self) -> bool:
        """Count a step; True when its value should be read (reading a tensor has a price)."""
        self.step += 1
        return time.monotonic() >= self._next

    def tell(self, values: dict[str, float]) -> None:
        """Report the current step's values."""
        self._next = time.monotonic() + self._interval
        self._report("step", self.step, values)
