"""监视: looks at one file; each time it is saved the public tests run, and what they say stands here.

Run it alone: `python -m quizapp.widgets.watch_panel [FILE.py test_public.py]`.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.message import Message
from textual.reactive import var
from textual.widgets import Static

from quizapp.commands.in_use import key
from quizapp.text.plain import line

if TYPE_CHECKING:
    from quizapp.public_tests import PublicOutcome, PublicTest

Stamp = tuple[int, int]
Run = Callable[[bytes], Awaitable["PublicOutcome"]]
_MARKS: Final = {"passed": ("✓", "$text-success"), "failed": ("✗", "$text-error"), "skipped": ("-", "$quiet")}
_SHOWN: Final = 5
"""Tests told one by one; failed ones first."""
_MOMENT: Final = 0.05
"""Seconds a file must hold still before it counts as saved."""


class WatchPanel(Static):
    """Hidden until `follow` is called. A save while the tests run starts them anew."""

    DEFAULT_CSS = """
    WatchPanel { display: none; height: auto; max-height: 8; padding: 0 1; border-top: hkey $panel; }
    WatchPanel.-on { display: block; }
    """

    path: var[Path | None] = var(None)

    @dataclass
    class FileChanged(Message):
        """The file was written, or is gone."""

        exists: bool

    def __init__(self, *, period: float = 0.5, now: Callable[[], dt.datetime] = dt.datetime.now) -> None:
        super().__init__()
        self._period, self._now = period, now
        self._run: Run | None = None

    def follow(self, path: Path, run: Run) -> None:
        """Run the tests now, and each time `path` is saved."""
        self._run, self.path = run, path
        self.add_class("-on")
        self.run_worker(self._look(path), group="look", exclusive=True, exit_on_error=False)

    def stop(self) -> None:
        """Look no longer; running tests end."""
        self.path = None
        self.remove_class("-on")
        self.workers.cancel_node(self)

    async def _look(self, path: Path) -> None:
        seen: Stamp | None = None
        first = True
        while True:
            stamp = await asyncio.to_thread(_stamp, path)
            if first or stamp != seen:
                stamp = await _settled(path, stamp)
                self._changed(path, stamp is not None, first=first)
            seen, first = stamp, False
            await asyncio.sleep(self._period)

    def _changed(self, path: Path, exists: bool, *, first: bool) -> None:
        if not first:
            self.post_message(self.FileChanged(exists))
        if exists:
            self.run_worker(self._test(path), group="test", exclusive=True, exit_on_error=False)
        else:
            self.workers.cancel_group(self, "test")
            self.update(line(f"监视 {path.name}：文件不在了；它回来时接着跑。", "$text-warning"))

    async def _test(self, path: Path) -> None:
        assert self._run is not None  # noqa: S101  set before anything is looked at
        self.update(line(f"监视 {path.name}：正在跑公开测试", "$quiet"))
        try:
            outcome = await self._run(await asyncio.to_thread(path.read_bytes))
        except OSError as error:
            self.update(line(f"监视 {path.name}：{error.strerror or error}", "$text-warning"))
        else:
            self.update(told(path.name, outcome, self._now()))


def told(name: str, outcome: PublicOutcome, at: dt.datetime) -> Content:
    """One line, then a line for each test worth knowing."""
    if outcome.problem:
        return Content("\n").join([_head(name, "✗", "$text-error", "", at), line(outcome.problem)])
    good = outcome.passed == len(outcome.tests)
    submit = f"，按 {key('编程题', '提交')} 跑隐藏检查"
    count = f"公开测试 {outcome.passed}/{len(outcome.tests)} 通过{submit if good else ''}"
    order = sorted(outcome.tests, key=lambda test: test.status != "failed")
    rows = [] if good else [_row(test) for test in order[:_SHOWN]]
    return Content("\n").join([_head(name, "✓" if good else "✗", "$text-success" if good else "$text-error", count, at), *rows])


def _head(name: str, mark: str, style: str, count: str, at: dt.datetime) -> Content:
    return Content.assemble((f"{mark} ", style), line(f"监视 {name}：{count}"), (f"  {at:%H:%M:%S}", "$quiet"))


def _row(test: PublicTest) -> Content:
    mark, style = _MARKS[test.status]
    where = f"  第 {test.line} 行" if test.line else ""
    said = f"  {test.message}" if test.message else ""
    return Content.assemble((f"  {mark} ", style), test.name, (f"{where}", "$quiet"), Content(" ".join(said.split("\n"))))


def _stamp(path: Path) -> Stamp | None:
    """What changes when a file is saved."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


async def _settled(path: Path, stamp: Stamp | None) -> Stamp | None:
    """The stamp of a file once it has held still for a moment: saving empties a file before it fills it."""
    while True:
        await asyncio.sleep(_MOMENT)
        again = await asyncio.to_thread(_stamp, path)
        if again == stamp:
            return stamp
        stamp = again


if __name__ == "__main__":
    import sys
    import tempfile
    from functools import partial

    from textual.app import ComposeResult

    from quizapp.public_tests import run_public
    from quizapp.widgets.stage import Stage

    def _sample() -> tuple[Path, Path]:
        """A file that is wrong, and its test."""
        folder = Path(tempfile.mkdtemp(prefix="quizapp-watch-"))
        file, test = folder / "solution.py", folder / "test_public.py"
        file.write_text("def double(x):\n    return x\n", encoding="utf-8")
        test.write_text("from solution import double\n\n\ndef test_double():\n    assert double(3) == 6\n", encoding="utf-8")
        return file, test

    class Demo(Stage):
        """Watch one file with one test file."""

        def compose(self) -> ComposeResult:
            """The panel."""
            yield WatchPanel()

        def on_mount(self) -> None:
            """Begin."""
            file, test = map(Path, sys.argv[1:3]) if len(sys.argv) > 2 else _sample()
            self.query_one(WatchPanel).follow(file, partial(run_public, test))

    Demo().run()
