"""PyTorch behind the wire."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import torch
import torch.utils._python_dispatch
import torch.utils._pytree

from judge.wire import Array
from judge.worker.adapter import Adapter, DeviceProblem, Refused, Report, Throttle, c_order

if TYPE_CHECKING:
    from collections.abc import Iterator


class TorchAdapter(Adapter):
    """Tensors are `torch.Tensor`, models `torch.nn.Module`."""

    name = "torch"

    def claim_device(self, memory_mib: int) -> None:
        """A first tensor there; a fraction of its memory; float32 that is float32 (convolutions use TF32 unless told not to)."""
        if self.device == "cpu":
            return
        try:
            torch.zeros(1, device=self.device)
            if self.device == "cuda":
                total = torch.cuda.get_device_properties(0).total_memory
                torch.cuda.set_per_process_memory_fraction(min(1.0, (memory_mib << 20) / total))
                torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
            else:
                torch.mps.set_per_process_memory_fraction(min(1.0, (memory_mib << 20) / torch.mps.recommended_max_memory()))
        except (RuntimeError, AssertionError) as error:
            raise DeviceProblem((str(error).splitlines() or [type(error).__name__])[0]) from None

    def seed(self, seed: int) -> None:
        """Seed Python, NumPy and torch (all devices)."""
        super().seed(seed)
        torch.manual_seed(seed)

    def rehearse(self) -> None:
        """On the CPU: a GPU is claimed when there is a submission for it."""
        super().rehearse()
        if self.device == "cpu":
            x = torch.ones(2, 2, requires_grad=True)
            torch.softmax(x @ x, dim=-1).sum().backward()

    def to_native(self, array: Array) -> Any:
        """A tensor of the same dtype on the device."""
        return torch.from_numpy(array.copy()).to(self.device)

    def to_array(self, value: Any) -> Array | None:
        """Detached, dense, on the CPU; bfloat16 (which NumPy lacks) becomes float32."""
        if not isinstance(value, torch.Tensor):
            return super().to_array(value)
        if value.is_nested or value.is_quantized:
            raise Refused("返回的是嵌套张量或量化张量：请返回普通的张量")
        tensor = value.detach().cpu()
        tensor = (tensor if tensor.layout == torch.strided else tensor.to_dense()).resolve_conj().resolve_neg()
        try:
            return c_order((tensor.float() if tensor.dtype == torch.bfloat16 else tensor).numpy())
        except TypeError:
            raise Refused(f"返回的张量 dtype 是 {tensor.dtype}，判题机读不出来：请返回 float32 这样的普通数值类型") from None

    def is_model(self, value: Any) -> bool:
        """Any `nn.Module`."""
        return isinstance(value, torch.nn.Module)

    def prepare_call(self, model: Any) -> Any:
        """Models live on the judged device."""
        return model.to(self.device) if isinstance(model, torch.nn.Module) else model

    def forward(self, model: Any, inputs: Sequence[Any], *, training: bool) -> Any:
        """Without gradients, in the asked mode."""
        with _mode(model, training=training), torch.no_grad():
            return model(*inputs)

    def gradients(
        self, target: Callable[..., Any], inputs: Sequence[Any], cotangent: Any, wrt: Sequence[int]
    ) -> tuple[Any, list[Any], dict[str, Any]]:
        """Gradients in train mode off (dropout would make them random)."""
        leaves = [
            x.detach().clone().requires_grad_(i in wrt) if isinstance(x, torch.Tensor) else x for i, x in enumerate(inputs)
        ]
        parameters = dict(target.named_parameters()) if isinstance(target, torch.nn.Module) else {}
        with _mode(target, training=False), torch.enable_grad():
            output = target(*leaves)
            if not isinstance(output, torch.Tensor):
                raise Refused(f"应返回一个 Tensor，实际返回 {type(output).__name__}")
            if not output.requires_grad:
                raise Refused("输出没有连到计算图上：梯度传不回去（是否用了 detach()、.data、.numpy() 或 torch.no_grad()）")
            wanted = [leaves[i] for i in wrt] + [p for p in parameters.values() if p.requires_grad]
            grads = torch.autograd.grad(output, wanted, cotangent.to(output.dtype), allow_unused=True)
        named = [name for name, p in parameters.items() if p.requires_grad]
        return output, list(grads[: len(wrt)]), dict(zip(named, grads[len(wrt) :], strict=True))

    def trace(self, target: Callable[..., Any], inputs: Sequence[Any]) -> dict[str, Any]:
        """Below autograd, so that every tensor that really comes to be is seen, whoever asked for it."""
        with torch.no_grad(), _Recorder() as recorder:
            output = target(*inputs)
        return {"output": output, "operators": recorder.operators, "largest": recorder.largest}

    def state(self, model: Any) -> dict[str, Array]:
        """`state_dict()` as arrays."""
        if not self.is_model(model):
            return super().state(model)
        return {name: array for name, value in model.state_dict().items() if (array := self.to_array(value)) is not None}

    def trainable(self, model: Any) -> list[str]:
        """Names with `requires_grad`."""
        return [name for name, p in model.named_parameters() if p.requires_grad]

    def load_state(self, model: Any, state: Mapping[str, Array]) -> None:
        """`load_state_dict`."""
        model.load_state_dict({name: torch.from_numpy(array.copy()) for name, array in state.items()})

    def forgo_worker_processes(self) -> None:
        """`DataLoader(num_workers=n)` becomes `num_workers=0`: the same batches, and a word about it once."""
        init = torch.utils.data.DataLoader.__init__
        signature = inspect.signature(init)
        told: list[bool] = []

        @functools.wraps(init)
        def alone(*args: Any, **kwargs: Any) -> None:
            bound = signature.bind(*args, **kwargs)
            if bound.arguments.get("num_workers"):
                bound.arguments.update(
                    num_workers=0, prefetch_factor=None, persistent_workers=False, multiprocessing_context=None, timeout=0
                )
                if not told:
                    told.append(True)
                    sys.stderr.write("（这台机器的隔离方式不支持多进程读数据：DataLoader 的 num_workers 已改为 0）\n")
            init(*bound.args, **bound.kwargs)

        torch.utils.data.DataLoader.__init__ = alone

    def forgo_programs(self) -> None:
        """`torch.compile` without a compiler traces and runs what it traced; sharing tensors by files would need a helper program."""
        super().forgo_programs()
        compiled = torch.compile
        told: list[bool] = []

        @functools.wraps(compiled)
        def traced(*args: Any, backend: Any = "inductor", mode: Any = None, options: Any = None, **kwargs: Any) -> Any:
            if backend == "inductor":
                backend, mode, options = "eager", None, None
                if not told:
                    told.append(True)
                    sys.stderr.write("（判题盒里没有 C++ 编译器：torch.compile 已改用 backend='eager'）\n")
            return compiled(*args, backend=backend, mode=mode, options=options, **kwargs)

        torch.compile = traced
        torch.multiprocessing.set_sharing_strategy = lambda _: None

    def watch_training(self, report: Report) -> None:
        """Every `loss.backward()` on a scalar is one step of the curve."""
        throttle = Throttle(report)
        backward = torch.Tensor.backward

        def watched(self: torch.Tensor, *args: Any, **kwargs: Any) -> Any:
            if throttle.due() and self.numel() == 1:
                throttle.tell({"loss": float(self.detach())})
            return backward(self, *args, **kwargs)

        torch.Tensor.backward = watched


class _Recorder(torch.utils._python_dispatch.TorchDispatchMode):  # type: ignore[misc]
    """Counts what passes the dispatcher. Views cost no memory: a tensor counts by its storage."""

    def __init__(self) -> None:
        super().__init__()
        self.operators: list[str] = []
        self.largest = 0

    def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = function(*args, **(kwargs or {}))
        self.operators.append(str(function.overloadpacket))
        for tensor in torch.utils._pytree.tree_leaves(result):
            if isinstance(tensor, torch.Tensor):
                self.largest = max(self.largest, tensor.untyped_storage().nbytes() // max(1, tensor.element_size()))
        return result


@contextmanager
def _mode(model: Any, *, training: bool) -> Iterator[None]:
    """Set train or eval mode, and put every submodule's own mode back."""
    if not isinstance(model, torch.nn.Module):
        yield
        return
    before = [(module, module.training) for module in model.modules()]
    model.train(training)
    try:
        yield
    finally:
        for module, mode in before:
            module.training = mode
