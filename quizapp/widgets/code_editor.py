"""The built-in editor for a solution file: Python highlighting, and no keystroke is lost.

Run it alone: `python -m quizapp.widgets.code_editor [FILE.py]`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from textual import events
from textual.message import Message
from textual.timer import Timer
from textual.widgets import TextArea

from quizapp.commands.in_use import key

_SAVE_AFTER: Final = 1.0
"""Seconds of quiet after which what was typed is saved."""
_LIMIT: Final = 400_000
"""Characters; beyond, the editor of the system is the better one."""


class CodeEditor(TextArea):
    """Edits one file. Saves by itself, and never over a change made elsewhere."""

    DEFAULT_CSS = """
    CodeEditor { height: 1fr; border: none; padding: 0; background: $surface; }
    CodeEditor:focus { border: none; }
    """

    @dataclass
    class Saved(Message):
        """The file was written, or `problem` says why not."""

        problem: str | None = None

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(
            id=id, language="python", soft_wrap=False, show_line_numbers=True, tab_behavior="indent", read_only=True
        )
        self.path: Path | None = None
        self._base = ""
        """What the file held when it was last read or written here."""
        self._timer: Timer | None = None
        self._told = False
        """Whether the learner was told that the last save failed."""

    @property
    def dirty(self) -> bool:
        """Whether something was typed that the file does not have."""
        return self.path is not None and self.text != self._base

    async def open(self, path: Path) -> None:
        """Show a file. Unsaved typing in the same file stays when the file itself did not change."""
        try:
            text = await asyncio.to_thread(read_text, path)
        except (OSError, UnicodeDecodeError) as error:
            self.post_message(
                self.Saved(f"打不开 {path.name}：{error.__class__.__name__}。请用别的编辑器检查它是不是 UTF-8 文本。")
            )
            return
        if path == self.path and text == self._base:
            return
        self.path, self._base = path, text
        self.load_text(text)
        self.read_only = len(text) > _LIMIT

    def on_key(self, event: events.Key) -> None:
        """Esc is the screen's; Textual would move the focus on, back to here where nothing else takes it."""
        if event.key == "escape":
            event.prevent_default()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Save after a moment of quiet."""
        event.stop()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_SAVE_AFTER, self._save_quietly) if self.dirty else None

    async def _save_quietly(self) -> None:
        await self.save()

    async def save(self, *, force: bool = False) -> bool:
        """Write what was typed. False when the file was changed elsewhere meanwhile, unless `force`."""
        if not self.dirty or self.path is None:
            return True
        text, path = self.text, self.path
        problem = await asyncio.to_thread(write_text, path, text, None if force else self._base)
        self._told = problem is not None
        if problem is None:
            self._base = text
        self.post_message(self.Saved(problem))
        return problem is None

    async def let_go(self, *, at_once: bool = False) -> bool:
        """Save before the editor is left. What cannot be saved because the file was changed elsewhere is put beside it when this is
        asked twice or `at_once`. False when the learner should stay."""
        told = self._told
        if self.path is None or await self.save():
            return True
        if not (at_once or told):
            return False
        beside = self.path.with_name(f"{self.path.stem}.unsaved{self.path.suffix}")
        problem = await asyncio.to_thread(write_text, beside, self.text, None)
        if problem is None:
            self._base = self.text
            self.notify(f"文件在别处被改过；这里写的另存为 {beside.name}。", markup=False)
        else:
            self.post_message(self.Saved(problem))
        return problem is None


def read_text(path: Path) -> str:
    """The file as text, line ends as `\\n`."""
    return path.read_text(encoding="utf-8-sig")


def write_text(path: Path, text: str, expected: str | None) -> str | None:
    """Replace the file's content atomically when it still holds `expected` (None: whatever it holds).

    Returns what went wrong as a Chinese sentence.
    """
    try:
        if expected is not None and path.exists() and read_text(path) != expected:
            save, leave = key("编程题", "保存"), key("编程题", "返回")
            return f"{path.name} 在别处被改过，没有覆盖它。按 {save} 用这里的内容覆盖，或按 {leave} 另存这里的内容后离开。"
        beside = path.with_name(f".{path.name}.saving")
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except (OSError, UnicodeError) as error:
        return f"没有存上 {path.name}：{getattr(error, 'strerror', None) or error}。请检查目录是否可写、磁盘是否已满。"
    return None


if __name__ == "__main__":
    import sys
    import tempfile

    from textual.app import ComposeResult

    from quizapp.widgets.stage import Stage

    class Demo(Stage):
        """Edit one file."""

        def compose(self) -> ComposeResult:
            """The editor."""
            yield CodeEditor()

        async def on_mount(self) -> None:
            """Open the file, or one to play with."""
            file = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp(prefix="quizapp-editor-")) / "solution.py"
            if not file.exists():
                file.write_text("def double(x):\n    return x + x\n", encoding="utf-8")
            await self.query_one(CodeEditor).open(file)

    Demo().run()
