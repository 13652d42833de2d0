"""设置: one line per field of the settings model, saved as soon as it is changed."""

from __future__ import annotations

import asyncio
import datetime as dt
import types
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final, Literal, Union, get_args, get_origin

from textual import on
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget
from textual.widgets import Input, Select, Static

from quizapp.commands.command import bindings
from quizapp.commands.table import LINES, SETTINGS
from quizapp.problems import UsageProblem
from quizapp.screens.page import Page
from quizapp.settings import Settings, changed, load_settings, save_settings
from quizapp.text.plain import line
from quizapp.widgets.pick import Pick

LABELS: Final = {
    "interview_date": "面试日期", "desired_retention": "目标记得率", "maximum_interval": "最长间隔（天）", "new_per_day": "每天新题",
    "timezone": "时区", "day_cutoff_hour": "几点算新的一天", "leech_after": "忘几次算顽固题", "leave_wrong_after": "答对几次出错题本",
    "editor": "编辑器", "framework": "框架", "ambiguous_width": "歧义宽度", "theme": "主题", "pictures": "图片", "remote_url": "评分服务地址",
    "remote_model": "评分服务模型",
}  # fmt: skip
HINTS: Final = {
    "interview_date": "例如 2026-12-01", "desired_retention": "0.7 到 0.97", "timezone": "例如 Asia/Shanghai；空着跟随本机",
    "editor": "空着用 $VISUAL 或 $EDITOR",
}  # fmt: skip

SHOWN: Final[dict[object, str]] = {
    "auto": "自动", 1: "1 格", 2: "2 格", "ink": "ink（深色）", "paper": "paper（浅色）", "torch": "PyTorch",
    "tensorflow": "TensorFlow", "iterm": "iTerm2", "halfblock": "半块字符",
}  # fmt: skip
"""What values are called, where the value itself says too little."""


def options(name: str, themes: Iterable[str]) -> tuple[Any, ...]:
    """What can be picked for a field; empty when it is typed."""
    if name == "theme":
        return tuple(sorted(themes))
    for kind in _kinds(name):
        if get_origin(kind) is Literal:
            return get_args(kind)
    return ()


def value_of(name: str, typed: str) -> Any:
    """What was typed, as the field wants it; nothing typed is its default. What does not fit is left for the model to refuse."""
    text = unicodedata.normalize("NFKC", typed).strip()
    if not text:
        return Settings.model_fields[name].default
    for kind, read in ((dt.date, dt.date.fromisoformat), (int, int), (float, float)):
        if kind in _kinds(name):
            try:
                return read(text)
            except ValueError:
                return text
    return text


def _kinds(name: str) -> tuple[Any, ...]:
    kind = Settings.model_fields[name].annotation
    return get_args(kind) if get_origin(kind) in (Union, types.UnionType) else (kind,)


class Fields(VerticalScroll, can_focus=False, inherit_bindings=False):
    """Scrolls to the line that has the focus; its keys are the screen's."""


class SettingsScreen(Page):
    """One line per field; every change is on disk at once."""

    CSS_PATH = "settings.tcss"
    BINDINGS = bindings((*LINES, *SETTINGS))
    AUTO_FOCUS = "Input"

    _settings: Settings = Settings()

    def body(self) -> Iterable[Widget]:
        """One row per field, and the last sentence about a mistake."""
        try:
            self._settings = load_settings()
            sentence = "上下换一行，离开一行就保存。时区、换日时刻和歧义宽度下次打开生效。"
        except UsageProblem as problem:
            sentence = str(problem)
        yield Static(line(sentence), id="told")
        with Fields(id="fields"):
            for name in Settings.model_fields:
                with Horizontal(classes="field"):
                    yield Static(line(LABELS[name]), classes="label")
                    yield self._widget(name)

    def _widget(self, name: str) -> Widget:
        now = getattr(self._settings, name)
        choices = options(name, self.app.available_themes)
        if choices:
            default = Settings.model_fields[name].default
            shown = [(SHOWN.get(choice, str(choice)), choice) for choice in choices]
            start = now if now in choices else Select.NULL
            return Pick(shown, value=start, allow_blank=default is None, prompt="自动", compact=True, id=name)
        return Input("" if now is None else str(now), placeholder=HINTS.get(name, ""), compact=True, id=name)

    @on(Input.Submitted)
    @on(Input.Blurred)
    async def _typed(self, message: Input.Submitted | Input.Blurred) -> None:
        name = message.input.id or ""
        await self._set(name, value_of(name, message.value))

    @on(Select.Changed)
    async def _picked(self, message: Select.Changed) -> None:
        await self._set(message.select.id or "", None if message.value is Select.NULL else message.value)

    async def _set(self, name: str, value: Any) -> None:
        if value == getattr(self._settings, name):
            return
        try:
            new = changed(self._settings, **{name: value})
            await asyncio.to_thread(save_settings, new)
            if not self.services.read_only:
                await asyncio.to_thread(self._obey, new)
        except UsageProblem as problem:
            sentence = str(problem).replace(f"字段 {name}", LABELS[name])  # the file says it by the other name
            self.query_one("#told", Static).update(line(sentence, "$text-error"))
            return
        self._settings = new
        if name == "theme":
            self.app.theme = value or "ink"
        self.query_one("#told", Static).update(line(f"{LABELS[name]}：已保存。"))

    def _obey(self, settings: Settings) -> None:
        """The schedule follows at once; the parameters fitted to this learner stay."""
        progress = self.services.progress
        fitted = progress.policy()
        progress.configure(replace(settings.policy(), parameters=fitted.parameters, seed=fitted.seed))

    def action_move(self, step: int) -> None:
        """The next line, or the one before."""
        (self.focus_next if step > 0 else self.focus_previous)()

    def action_leave(self) -> None:
        """Back. Not awaited: the screen would wait for its own end."""
        self.app.pop_screen()
