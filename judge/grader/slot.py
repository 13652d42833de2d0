"""A slot: a box whose zygote has the framework imported and waits for submissions."""

from __future__ import annotations

import contextlib
import json
import select
import time
from types import TracebackType
from typing import Any, Self

from judge.clean import clean_line
from judge.grader.failures import JudgeProblem, UsageProblem
from judge.sandbox import Box, launch
from judge.verdict import FrameworkName, TierName

_READY_S = 180.0
_LINE_LIMIT = 1 << 16


class Slot:
    """One box and the conversation with its zygote. The zygote is ours, but a submission may have reached it: nothing it says is trusted."""

    def __init__(self, box: Box, framework: FrameworkName, device: str) -> None:
        self.box = box
        self.framework = framework
        self.device = device
        self.versions: dict[str, str] = {}
        self.start_s = 0.0
        self._buffer = b""

    @classmethod
    def start(cls, tier: TierName, framework: FrameworkName, device: str) -> Self:
        """Launch a box and wait until the framework is imported there."""
        began = time.monotonic()
        slot = cls(launch(tier, framework=framework, device=device), framework, device)
        try:
            slot.await_ready()
        except BaseException:
            slot.close()
            raise
        slot.start_s = time.monotonic() - began
        return slot

    def await_ready(self) -> None:
        """Read the zygote's first message. Raises `UsageProblem` when the framework would not import."""
        message = self.hear(timeout=_READY_S)
        if isinstance(message.get("failed"), str):
            raise UsageProblem(f"框架 {self.framework} 导入失败：{clean_line(message['failed'])}")
        ready = message.get("ready")
        if not isinstance(ready, dict):
            raise JudgeProblem(f"判题盒没有准备好：{self.box.stderr_tail()}")
        versions = ready.get("versions")
        if isinstance(versions, dict):
            self.versions = {clean_line(str(k), 40): clean_line(str(v), 60) for k, v in list(versions.items())[:16]}

    def hear(self, timeout: float) -> dict[str, Any]:
        """One message of the zygote's; empty when none comes in time, the box is gone, or it is no message."""
        deadline = time.monotonic() + timeout
        while b"\n" not in self._buffer:
            left = deadline - time.monotonic()
            if left <= 0 or len(self._buffer) > _LINE_LIMIT or not select.select([self.box.control], [], [], left)[0]:
                return {}
            chunk = b""
            with contextlib.suppress(OSError):
                chunk = self.box.control.recv(1 << 14)
            if not chunk:
                return {}
            self._buffer += chunk
        line, self._buffer = self._buffer.split(b"\n", 1)
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            return {}
        return message if isinstance(message, dict) else {}

    def close(self) -> None:
        """End everything in the box."""
        self.box.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
