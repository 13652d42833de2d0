"""TensorFlow and Keras behind the wire."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from tensorflow.python.eager import context

from judge.wire import Array
from judge.worker.adapter import Adapter, DeviceProblem, Refused, Report, Throttle, c_order


class TensorFlowAdapter(Adapter):
    """Tensors are `tf.Tensor` / `tf.Variable`, models `keras.Model` or any `tf.Module`."""

    name = "tensorflow"

    def claim_device(self, memory_mib: int) -> None:
        """A logical GPU of so much memory (otherwise TensorFlow takes all there is), float32 that is float32, and a first tensor there."""
        if self.device == "cpu":
            return
        try:
            found = tf.config.list_physical_devices("GPU")
            if not found:
                raise DeviceProblem("TensorFlow 找不到 GPU：装 quizapp[gpu] 这一组，它带着 CUDA 库")
            limit = tf.config.LogicalDeviceConfiguration(memory_limit=memory_mib)
            tf.config.set_logical_device_configuration(found[0], [limit])
            tf.config.experimental.enable_tensor_float_32_execution(False)
            self.to_native(np.zeros(1, np.float32))
        except (RuntimeError, ValueError, tf.errors.OpError) as error:
            raise DeviceProblem((str(error).splitlines() or [type(error).__name__])[0]) from None

    def seed(self, seed: int) -> None:
        """Seed Python, NumPy and TensorFlow."""
        super().seed(seed)
        keras.utils.set_random_seed(seed % 2**32)

    def rehearse(self) -> None:
        """In a context of its own, which is dropped: once the real one is there, devices and threads can no longer be configured."""
        super().rehearse()
        if self.device == "cpu":
            context._set_context(context.Context())
            try:
                x = tf.Variable(np.ones((2, 2), np.float32))
                with tf.GradientTape() as tape:
                    y = tf.reduce_sum(tf.nn.softmax(tf.matmul(x, x)))
                tape.gradient(y, x)
            finally:
                context._reset_context()

    def to_native(self, array: Array) -> Any:
        """A constant of the same dtype on the device."""
        with tf.device(_device(self.device)):
            return tf.constant(array)

    def to_array(self, value: Any) -> Array | None:
        """Eager tensors, variables and Keras variables as arrays."""
        if tf.is_symbolic_tensor(value):
            raise Refused(
                "返回的是计算图里的张量，没有数值：不要关掉即时执行（disable_eager_execution），也不要把它从 tf.function 里带出来"
            )
        if isinstance(value, (tf.Tensor, tf.Variable, keras.Variable)):
            array = c_order(value.numpy())
            return array.astype(np.float32) if array.dtype == tf.bfloat16.as_numpy_dtype else array
        if isinstance(value, tf.IndexedSlices):
            return c_order(tf.convert_to_tensor(value).numpy())
        return super().to_array(value)

    def is_model(self, value: Any) -> bool:
        """A Keras layer or model, or a `tf.Module`."""
        return isinstance(value, (keras.layers.Layer, tf.Module))

    def forward(self, model: Any, inputs: Sequence[Any], *, training: bool) -> Any:
        """With `training=` when the model takes it."""
        return _call(model, inputs, training=training)

    def gradients(
        self, target: Callable[..., Any], inputs: Sequence[Any], cotangent: Any, wrt: Sequence[int]
    ) -> tuple[Any, list[Any], dict[str, Any]]:
        """By `tf.GradientTape`, in inference mode."""
        with tf.GradientTape() as tape:
            for index in wrt:
                tape.watch(inputs[index])
            output = _call(target, inputs, training=False) if self.is_model(target) else target(*inputs)
        if not isinstance(output, (tf.Tensor, tf.Variable)):
            raise Refused(f"应返回一个 Tensor，实际返回 {type(output).__name__}")
        variables = list(target.trainable_variables) if self.is_model(target) else []  # type: ignore[attr-defined]
        names = _names(variables)
        raw = [_value(v) for v in variables]
        grads = tape.gradient(output, [inputs[i] for i in wrt] + raw, tf.cast(cotangent, output.dtype))
        if grads and all(g is None for g in grads):
            raise Refused("输出没有连到计算图上：梯度传不回去（是否用了 .numpy() 或 tf.stop_gradient）")
        return output, grads[: len(wrt)], dict(zip(names, grads[len(wrt) :], strict=True))

    def trace(self, target: Callable[..., Any], inputs: Sequence[Any]) -> dict[str, Any]:
        """From the graph that `tf.function` makes of the call: its operators and the shapes of what they give."""
        graph = tf.function(target).get_concrete_function(*inputs).graph
        graphs = [graph, *(function.graph for function in _library(graph))]
        operations = [operation for one in graphs for operation in one.get_operations()]
        sizes = [
            tensor.shape.num_elements() or 0
            for operation in operations
            for tensor in operation.outputs
            if tensor.shape.rank is not None
        ]
        return {"output": target(*inputs), "operators": [o.type for o in operations], "largest": max(sizes, default=0)}

    def state(self, model: Any) -> dict[str, Array]:
        """All variables, numbered so that equal names stay apart."""
        if not self.is_model(model):
            return super().state(model)
        variables = list(model.variables)
        return dict(zip(_names(variables), [c_order(v.numpy()) for v in variables], strict=True))

    def trainable(self, model: Any) -> list[str]:
        """Names as in `state`."""
        wanted = {id(_value(v)) for v in model.trainable_variables}
        variables = list(model.variables)
        return [name for name, v in zip(_names(variables), variables, strict=True) if id(_value(v)) in wanted]

    def load_state(self, model: Any, state: Mapping[str, Array]) -> None:
        """Assign every variable."""
        variables = list(model.variables)
        for name, variable in zip(_names(variables), variables, strict=True):
            variable.assign(state[name])

    def watch_training(self, report: Report) -> None:
        """`fit` reports batches and epochs; an eager `tape.gradient` of a scalar is one step."""
        throttle = Throttle(report)
        _watch_fit(throttle, report)
        _watch_tape(throttle)


def _library(graph: Any) -> list[Any]:
    """The functions inside a graph: bodies of loops and branches."""
    return [function for function in getattr(graph, "_functions", {}).values() if hasattr(function, "graph")]


def _watch_fit(throttle: Throttle, report: Report) -> None:
    fit = keras.Model.fit

    class Watch(keras.callbacks.Callback):  # type: ignore[misc]
        def on_train_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
            del batch
            if throttle.due() and logs and "loss" in logs:
                throttle.tell({"loss": float(logs["loss"])})

        def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
            report("epoch", epoch + 1, {name: float(value) for name, value in (logs or {}).items() if np.ndim(value) == 0})

    def watched(self: Any, *args: Any, **kwargs: Any) -> Any:
        if len(args) <= 5:
            callbacks = kwargs.get("callbacks") or []
            kwargs["callbacks"] = [*(callbacks if isinstance(callbacks, (list, tuple)) else [callbacks]), Watch()]
        return fit(self, *args, **kwargs)

    keras.Model.fit = watched


def _watch_tape(throttle: Throttle) -> None:
    gradient = tf.GradientTape.gradient

    def watched(self: Any, target: Any, *args: Any, **kwargs: Any) -> Any:
        if throttle.due() and isinstance(target, tf.Tensor) and hasattr(target, "numpy") and target.shape.rank == 0:
            throttle.tell({"loss": float(target)})
        return gradient(self, target, *args, **kwargs)

    tf.GradientTape.gradient = watched


def _call(model: Any, inputs: Sequence[Any], *, training: bool) -> Any:
    if isinstance(model, keras.layers.Layer) and getattr(model, "_call_has_training_arg", True):
        return model(*inputs, training=training)
    return model(*inputs)


def _value(variable: Any) -> Any:
    """The `tf.Variable` inside a Keras variable."""
    return variable.value if isinstance(variable, keras.Variable) else variable


def _names(variables: Sequence[Any]) -> list[str]:
    """Position and own name: Keras numbers its layers per process, so longer paths would differ between two equal models."""
    return [f"{index:03d}:{v.name.split('/')[-1].split(':')[0]}" for index, v in enumerate(variables)]


def _device(name: str) -> str:
    return "/GPU:0" if name == "cuda" else "/CPU:0"
