"""One submission's process as the grader sees it: requests, limits, output, and how it ended.

While it waits for an answer the link samples CPU, memory and output about every 50 ms; whatever passes a limit ends the process tree and
becomes TLE, MLE or OLE. Nothing the process says can change a limit.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from judge.clean import clean_line, tail
from judge.grader.endings import Ended, gone, too_slow
from judge.grader.explain import explain
from judge.grader.failures import JudgeProblem, NotReady, SubmissionFailed
from judge.grader.rules import violation
from judge.grader.slot import Slot
from judge.sandbox.watch import Watch
from judge.verdict import Event, ProgressEvent, UsageEvent, Verdict
from judge.wire import Array, Wire, WireClosedError, WireError, WireTimeoutError, pack, unpack
from question_bank.models import Coding, Limits

_SAMPLE_S = 0.05
_USAGE_EVENT_S = 0.2
_IDLE_S = (
    20.0  # no CPU used for so long, and none wanted, while an answer is due: it sleeps or waits for something that never comes
)
_CURVE_POINTS = 4000
_CONFINE_S = 30.0
_ENDING_S = 0.5
_CLAIM_S = 60.0  # the first use of a GPU loads its libraries
_PROTOCOL = "向判题通道写入了不合协议的数据：提交的代码不应碰触自己没有打开的文件描述符"


class Link:
    """A running submission. Use `start`, `confirm`, then `request` any number of times, then `finish`."""

    def __init__(
        self,
        slot: Slot,
        problem: Coding,
        emit: Callable[[Event], None] = lambda _: None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.emit = emit
        self.slot = slot
        self._box = slot.box
        self._problem = problem
        self._limits: Limits = problem.limits
        self._clock = clock
        self._watch = Watch(slot.box)
        self._output = bytearray()
        self._output_total = 0
        self._number = 0
        self._next_sample = self._next_event = 0.0
        self._cpu_before_run = 0.0
        self._importing = False
        self._source = ""
        self._loaded = False
        self._active_at = (0.0, 0.0, 0.0)
        self._started = False
        self.started_at = 0.0
        self.cpu_s = 0.0
        self.starved_s = 0.0
        self.peak_mib = 0.0
        self.run_deadline = math.inf
        self.curve: list[ProgressEvent] = []
        self.broken: SubmissionFailed | None = None

    def start(self) -> None:
        """Have the zygote start the learner's process; returns at once. Raises `JudgeProblem` when the box is gone."""
        ours, theirs = socket.socketpair()
        read_end, write_end = os.pipe()
        os.set_blocking(read_end, False)
        run = {"scratch": self._box.scratch, "clean": list(self._box.clean), "limits": self._hard_limits()}
        self._wire, self._pipe = Wire(ours), read_end
        try:
            socket.send_fds(self._box.control, [json.dumps(run).encode()], [theirs.fileno(), write_end])
        except OSError:
            self.let_go()
            raise JudgeProblem(f"判题盒意外退出：{self._box.stderr_tail()}") from None
        finally:
            theirs.close()
            os.close(write_end)

    def let_go(self) -> None:
        """Close this process's end, where another one holds a copy and goes on with it."""
        self._wire.close()
        os.close(self._pipe)

    def confirm(self) -> None:
        """Wait until the process is there and confined. Raises `NotReady`, `JudgeProblem`."""
        if "started" not in self.slot.hear(timeout=10.0):
            raise NotReady(f"判题进程没有启动：{self._box.stderr_tail()[-300:]}")
        self._await_confined()
        self._started = True
        self.started_at = self._clock()
        self._active_at = (self.started_at, 0.0, 0.0)
        if self.slot.device != "cpu":
            self._claim_device()

    def _claim_device(self) -> None:
        """Before any of the learner's code: a GPU that is busy or broken is no fault of theirs."""
        self.run_deadline = self._clock() + _CLAIM_S
        try:
            self.request("claim", memory_mib=self._limits.memory_mib)
        except SubmissionFailed as failure:
            reason = failure.message or failure.diagnosis
            raise JudgeProblem(
                f"{self.slot.device} 现在用不了（{reason}）：关掉占着它的程序再试，或去掉 --device 用 CPU 判题"
            ) from None

    def _await_confined(self) -> None:
        """The child's first message, sent before it has any of the learner's code: what it put in force. Its failure is ours, not theirs."""
        try:
            message, _ = self._wire.recv(deadline=time.monotonic() + _CONFINE_S)
        except WireError:
            self._drain()
            # Until it is handed the submission it writes where its box does, then where the submission will.
            said = self.output or self._box.stderr_tail()
            raise NotReady(f"判题进程没能收紧权限：{said[-300:]}") from None
        confined = message.get("confined") if type(message) is dict else None
        if type(confined) is not dict:
            raise JudgeProblem("判题进程没有说明它收紧了什么")
        if self._box.tier == "landlock" and not (confined.get("landlock") and confined.get("seccomp")):
            raise JudgeProblem("Landlock 或 seccomp 没有生效：隔离方式不会悄悄降级")

    def _hard_limits(self) -> dict[str, Any]:
        """Backstops inside the box; the sampled limits below come first."""
        return {
            "cpu_s": math.ceil(self._limits.cpu_s + self._limits.import_s) + 5,
            "memory_mib": self._limits.memory_mib,
            "file_mib": 64,
            **self._box.confinement,
        }

    def load(self, source: str, filename: str, entries: list[dict[str, Any]], seed: int) -> float:
        """Run the learner's file on the import clock. Returns its wall seconds."""
        self._importing, self._source = True, source
        began = self._clock()
        self.run_deadline = began + self._limits.import_s
        self.request("load", source=source, filename=filename, entries=entries, forbidden=self._forbidden(), seed=seed)
        self._sample()
        self._importing, self._loaded = False, True
        self._cpu_before_run = self.cpu_s
        self.run_deadline = self._clock() + self._limits.wall_s
        return self._clock() - began

    def run_script(self, source: str, filename: str, data: dict[str, Array], seed: int) -> Handle:
        """Run a training script on the run clock. Returns the model it left."""
        self._source = source
        self.run_deadline = self._clock() + self._limits.wall_s
        model = self.request("script", source=source, filename=filename, data=data, forbidden=self._forbidden(), seed=seed)
        self._loaded = True
        if not isinstance(model, Handle):
            raise SubmissionFailed(Verdict.BR, "脚本留下的 model 不是模型")
        return model

    def _forbidden(self) -> list[str]:
        return [name for rule in self._problem.rules for name in rule.forbid]

    def request(self, op: str, **args: Any) -> Any:
        """Ask and wait. Returns the value with every array in memory of the grader's own.

        Raises: `SubmissionFailed`; with `fatal` when the process is gone.
        """
        if self.broken:
            raise self.broken
        self._number += 1
        arrays: list[Array] = []
        tree = pack(args, arrays, _handle_tag)
        self._active_at = (self._clock(), self.cpu_s, self.starved_s)
        try:
            self._wire.send({"id": self._number, "op": op, "args": tree}, arrays, deadline=self.run_deadline, tick=self._tick)
            return self._answer()
        except SubmissionFailed as failure:
            if failure.fatal:
                self.broken = failure
            raise
        except WireClosedError:
            raise self._fail(self._how_it_ended()) from None
        except WireTimeoutError:
            self._excuse_busy_machine()
            raise self._fail(too_slow("import" if self._importing else "wall", self._limits)) from None
        except WireError:
            raise self._fail(SubmissionFailed(Verdict.SV, _PROTOCOL, fatal=True)) from None

    def _answer(self) -> Any:
        while True:
            message, arrays = self._wire.recv(deadline=self.run_deadline, tick=self._tick)
            if type(message) is not dict:
                raise WireError("not a message")
            if "progress" in message:
                self._note_progress(message["progress"])
            elif message.get("id") != self._number:
                raise WireError("an answer to no question")
            elif message.get("tripped"):
                raise self._tripped(message["tripped"])
            elif isinstance(message.get("error"), Mapping):
                raise self._explained(message["error"])
            elif "value" in message:
                return unpack(message["value"], arrays, _from_tag)
            else:
                raise WireError("not an answer")

    def _explained(self, error: Mapping[str, Any]) -> SubmissionFailed:
        try:
            return explain(error, self._problem, self._source, loading=not self._loaded)
        except Exception:  # our own worker never writes a frame that cannot be explained
            raise WireError("an error that makes no sense") from None

    def _tripped(self, names: Any) -> SubmissionFailed:
        for rule in self._problem.rules:
            for name in rule.forbid:
                if isinstance(names, list) and name in names:
                    return violation(name, rule)
        raise WireError("tripped over no rule")

    def _note_progress(self, point: Any) -> None:
        try:
            event = ProgressEvent.model_validate(point, strict=True)
        except ValueError:
            raise WireError("bad progress") from None
        # A diverged loss is NaN: JSON has no such number, and a curve has nowhere to draw it.
        finite = {clean_line(name[:200], 40): value for name, value in event.values.items() if math.isfinite(value)}
        if finite and len(finite) <= 8 and len(self.curve) < _CURVE_POINTS:
            self.curve.append(event.model_copy(update={"values": finite}))
            self.emit(self.curve[-1])

    def _tick(self) -> None:
        now = self._clock()
        if now < self._next_sample:
            return
        self._next_sample = now + _SAMPLE_S
        self._drain()
        self._sample()
        if now >= self._next_event:
            self._next_event = now + _USAGE_EVENT_S
            self.emit(UsageEvent(elapsed_s=now - self.started_at, cpu_s=self.cpu_s, memory_mib=self.peak_mib))
        self._check_limits(now)

    def _sample(self) -> None:
        usage = self._watch.sample(limit_mib=self._limits.memory_mib)
        self.cpu_s = max(self.cpu_s, usage.cpu_s)
        self.starved_s = max(self.starved_s, usage.starved_s)
        self.peak_mib = max(self.peak_mib, usage.memory_mib)

    def _check_limits(self, now: float) -> None:
        if self.peak_mib > self._limits.memory_mib:
            seen = f"用了 {self.peak_mib:.0f} MiB，限制 {self._limits.memory_mib} MiB"
            raise self._fail(SubmissionFailed(Verdict.MLE, "内存超过限制：减小 batch、模型或中间张量", seen, fatal=True))
        if self._output_total > self._limits.output_kib << 10:
            raise self._fail(SubmissionFailed(Verdict.OLE, f"打印超过 {self._limits.output_kib} KiB：减少 print", fatal=True))
        budget = self._limits.import_s if self._importing else self._limits.cpu_s
        if self.cpu_s - self._cpu_before_run > budget:
            raise self._fail(too_slow("import" if self._importing else "cpu", self._limits))
        since, cpu, starved = self._active_at
        if self.cpu_s > cpu + 0.05:
            self._active_at = (now, self.cpu_s, self.starved_s)
        elif now - since - (self.starved_s - starved) > _IDLE_S:
            raise self._fail(too_slow("idle", self._limits))

    def _excuse_busy_machine(self) -> None:
        """Who ran out of time because the machine was busy is not charged. Raises `JudgeProblem` then."""
        elapsed = self._clock() - self.started_at
        if self.starved_s > elapsed / 2:
            self._box.kill()
            raise JudgeProblem(
                f"这台机器太忙：{elapsed:.0f} 秒里你的代码只分到 {self.cpu_s:.0f} 秒处理器；关掉别的程序再判一次"
            )

    def _drain(self) -> None:
        """Not beyond the limit: who prints faster than can be read here would otherwise never be judged."""
        with contextlib.suppress(BlockingIOError, OSError):
            while self._output_total <= self._limits.output_kib << 10 and (chunk := os.read(self._pipe, 1 << 16)):
                self._output_total += len(chunk)
                self._output += chunk
                del self._output[: -(1 << 16)]

    def _fail(self, failure: SubmissionFailed) -> SubmissionFailed:
        """Remember a fatal failure and end the process tree; nothing more can be asked."""
        if self.broken is None:
            self.broken = failure
            self._box.kill()
        return self.broken

    def _how_it_ended(self) -> SubmissionFailed:
        self._drain()
        ended = self._ended()
        if ended is None and self._box_stays():
            return SubmissionFailed(Verdict.SV, "关掉了与判题机的连接，却没有结束", fatal=True)
        if ended is None:
            raise JudgeProblem("判题盒意外退出：" + self._box.stderr_tail())
        return gone(ended, self._limits, cpu_s=self.cpu_s, importing=self._importing)

    def _box_stays(self) -> bool:
        """Whether the box goes on. One that is ending needs a moment, and is no deed of the learner's."""
        until = time.monotonic() + _ENDING_S
        while self._box.alive() and time.monotonic() < until:
            time.sleep(0.01)
        return self._box.alive()

    def _ended(self) -> Ended | None:
        message = self.slot.hear(timeout=5.0).get("exit")
        if not isinstance(message, dict):
            return None
        return Ended(message["code"], message["signal"], message["leftovers"], message["dirty"])

    def settle(self) -> None:
        """One last look at what was used and printed, before the report is written."""
        self._drain()
        with contextlib.suppress(OSError):
            self._sample()

    def finish(self) -> bool:
        """Hang up. True when the slot is as clean as before and may serve again."""
        if not self._started:
            return False
        self._wire.close()
        ended = None if self.broken else self._ended()
        os.close(self._pipe)
        return ended is not None and not ended.leftovers and not ended.dirty and ended.code == 0

    @property
    def output(self) -> str:
        """The tail of what was printed, clean."""
        return tail(bytes(self._output))


@dataclass(frozen=True)
class Handle:
    """Something that stays in the learner's process: a model, an optimiser."""

    number: int
    kind: str
    type_name: str

    @property
    def is_model(self) -> bool:
        """Whether the worker took it for a model of the framework."""
        return self.kind == "model"


def _handle_tag(value: Any, arrays: list[Array]) -> dict[str, Any]:
    del arrays
    if isinstance(value, Handle):
        return {"handle": value.number}
    raise TypeError(f"a check may not send {type(value).__name__}")


def _from_tag(tag: Mapping[str, Any]) -> Any:
    match tag:
        case {"handle": int(number), "kind": str(kind), "type": str(name)}:
            return Handle(number, kind, clean_line(name[:200], 100))
        case {"subclass": str(name)}:
            raise SubmissionFailed(Verdict.BR, f"返回了 {clean_line(name[:200], 60)} 类型的对象：请返回普通的数、列表或张量")
        case {"big": str()}:
            raise SubmissionFailed(Verdict.BR, "返回了大得不合理的整数")
        case _:
            raise WireError("unknown tag")
