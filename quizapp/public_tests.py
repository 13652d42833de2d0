"""The public tests of a problem on the learner's own file: what `pytest test_public.py` would say, in a process of its own.

This is the learner running their own code on their own machine; nothing of the judge is near it, and nothing is recorded.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal
from xml.etree import ElementTree

from quizapp.text.plain import safe

if TYPE_CHECKING:
    from question_bank.bank import Bank

LIMIT_S: Final = 120.0
_LINE: Final = re.compile(r"\bsolution\.py:(\d+)")
_ENVIRONMENT: Final = {
    "OMP_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "MPLBACKEND": "Agg", "PYTHONDONTWRITEBYTECODE": "1",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
}  # fmt: skip


@dataclass(frozen=True)
class PublicTest:
    """One test. `line` is the learner's own line (1-based) where it broke, when it broke there."""

    name: str
    status: Literal["passed", "failed", "skipped"]
    message: str = ""
    line: int | None = None


@dataclass(frozen=True)
class PublicOutcome:
    """All tests, or the one sentence that says why there are none."""

    tests: tuple[PublicTest, ...] = ()
    problem: str = ""
    seconds: float = 0.0

    @property
    def passed(self) -> int:
        """How many hold."""
        return sum(test.status == "passed" for test in self.tests)


def public_test(bank: Bank, problem: str) -> Path | None:
    """The problem's public test file, if it has one."""
    outline = bank.outline.get(problem)
    path = (bank.root / outline.file).parent / "public" / "test_public.py" if outline else None
    return path if path is not None and path.is_file() else None


async def run_public(test: Path, source: bytes) -> PublicOutcome:
    """Run the tests on `source`. Cancelling ends the process with all its children."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="quizapp-public-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "solution.py").write_bytes(source)
        (folder / "test_public.py").write_bytes(await asyncio.to_thread(test.read_bytes))
        in_time = await _pytest(folder)
        return _outcome(folder / "result.xml", in_time, time.monotonic() - began)


async def _pytest(folder: Path) -> bool:
    """Whether it ended in time; what it found stands in result.xml."""
    words = ["-q", "--tb=short", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(folder)]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-X", "utf8", "-m", "pytest", *words, "--junitxml", str(folder / "result.xml"), str(folder / "test_public.py")),
        cwd=folder,
        env={**os.environ, **_ENVIRONMENT},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        await asyncio.wait_for(process.wait(), LIMIT_S)
    except TimeoutError:
        return False
    finally:
        _end(process)
    return True


def _end(process: asyncio.subprocess.Process) -> None:
    """The process and whatever it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        elif process.returncode is None:
            process.kill()


def _outcome(result: Path, in_time: bool, seconds: float) -> PublicOutcome:
    if not in_time:
        return PublicOutcome(problem=f"公开测试跑了 {LIMIT_S:.0f} 秒还没完，已停下。", seconds=seconds)
    try:
        cases = ElementTree.parse(result).iter("testcase")  # noqa: S314  written a moment ago by our own pytest
        tests = tuple(_test(case) for case in cases)
    except (OSError, ElementTree.ParseError):
        tests = ()
    if not tests:
        return PublicOutcome(problem="公开测试没有跑完：Python 中途退出了（代码里调用了退出，或内存不够）。", seconds=seconds)
    return PublicOutcome(tests, seconds=seconds)


def _test(case: ElementTree.Element) -> PublicTest:
    name = case.get("name") or "加载代码"
    for kind in ("failure", "error", "skipped"):
        found = case.find(kind)
        if found is not None:
            text = found.text or ""
            lines = _LINE.findall(text)
            return PublicTest(
                "加载代码" if name == "test_public" else name,
                "skipped" if kind == "skipped" else "failed",
                _reason(found.get("message", ""), text),
                int(lines[-1]) if lines else None,
            )
    return PublicTest(name, "passed")


def _reason(message: str, text: str) -> str:
    """The first of pytest's `E` lines, which names the error; else its own summary."""
    marked = [line[1:].strip() for line in text.splitlines() if line.startswith("E ")]
    errors = [line for line in marked if re.match(r"\w*(Error|Exception|Exit|Interrupt)\b", line)]
    skipped = [line.partition("Skipped: ")[2].rstrip("\"')") for line in text.splitlines() if "Skipped: " in line]
    return safe((errors or marked or skipped or message.splitlines() or ["没有说明"])[0])
