"""The learner's settings: one TOML file, every field optional, every mistake told in one Chinese sentence."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import ErrorDetails

from judge.whole import written_whole
from question_bank.messages import explain
from quizapp.clock import CUTOFF_HOUR, Clock, clock_in
from quizapp.paths import config_dir
from quizapp.problems import UsageProblem, reason
from quizapp.study.schedule import Policy


class Settings(BaseModel):
    """What can be set. Field by field this is the file `settings.toml`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    interview_date: dt.date | None = None
    """The day of the interview: caps intervals and makes the plan."""
    desired_retention: Annotated[float, Field(ge=0.7, le=0.97)] = 0.9
    """The share of due questions to be remembered. Above 0.97 the work explodes."""
    maximum_interval: Annotated[int, Field(ge=1, le=3650)] = 90
    """Days. Without an interview date nothing stays away for longer."""
    new_per_day: Annotated[int, Field(ge=0, le=999)] = 10
    timezone: str | None = None
    """IANA name; None follows the machine."""
    day_cutoff_hour: Annotated[int, Field(ge=0, le=12)] = CUTOFF_HOUR
    leech_after: Annotated[int, Field(ge=2, le=99)] = 6
    """Lapses until a question counts as 顽固题."""
    leave_wrong_after: Annotated[int, Field(ge=1, le=20)] = 3
    """Right answers in a row that take a question out of 错题本."""
    editor: str | None = None
    """Command; None follows `$VISUAL`, `$EDITOR`."""
    framework: Literal["torch", "tensorflow"] | None = None
    ambiguous_width: Literal["auto", 1, 2] = "auto"
    """Cells this terminal gives characters of ambiguous width; `auto` asks it at start."""
    theme: str | None = None
    pictures: Literal["auto", "kitty", "iterm", "sixel", "halfblock"] = "auto"
    """How pictures are drawn; `auto` takes the best this terminal is known to have."""
    remote_url: str | None = None
    """An OpenAI-compatible service of the learner's own, asked only by `quizapp grade --remote`. Its key stays in the environment."""
    remote_model: str | None = None

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str | None) -> str | None:
        if name is not None and name not in available_timezones():
            raise ValueError(f"没有时区 {name}：用 IANA 名称，例如 Asia/Shanghai")
        return name

    def clock(self) -> Clock:
        """The clock of the learner's time zone."""
        return clock_in(self.timezone)

    def zone(self) -> dt.tzinfo | None:
        """The learner's time zone; None for the machine's."""
        return ZoneInfo(self.timezone) if self.timezone else None

    def policy(self) -> Policy:
        """The part the schedule obeys."""
        return Policy(
            desired_retention=self.desired_retention,
            maximum_interval=self.maximum_interval,
            interview_date=self.interview_date,
            leech_after=self.leech_after,
            leave_wrong_after=self.leave_wrong_after,
        )


def settings_path() -> Path:
    """The file, whether or not it exists."""
    return config_dir() / "settings.toml"


def load_settings(path: Path | None = None) -> Settings:
    """The settings; those of a missing file are the defaults. Raises `UsageProblem`."""
    path = path or settings_path()
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise UsageProblem(f"读不了设置文件 {path}：{reason(error)}") from None
    try:
        return Settings.model_validate(tomllib.loads(content.decode("utf-8-sig")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageProblem(f"设置文件 {path} 不是有效的 TOML：{error}") from None
    except ValidationError as error:
        raise UsageProblem(f"设置文件 {path} 有误：{_sentence(error.errors()[0])}") from None


def changed(settings: Settings, **values: Any) -> Settings:
    """The settings with some fields set anew. Raises `UsageProblem`."""
    try:
        return Settings.model_validate({**settings.model_dump(), **values})
    except ValidationError as error:
        raise UsageProblem(f"设置有误：{_sentence(error.errors()[0])}") from None


def save_settings(settings: Settings, path: Path | None = None) -> Path:
    """Write the file anew, whole or not at all; fields at their default stay out. Raises `UsageProblem`."""
    path = path or settings_path()
    lines = [
        f"{name} = {_toml(value)}\n" for name, value in settings.model_dump(exclude_defaults=True).items() if value is not None
    ]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with written_whole(path) as draft:
            draft.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise UsageProblem(f"无法写设置文件 {path}：{reason(error)}") from None
    return path


def _toml(value: Any) -> str:
    """A flat value as TOML; JSON strings are TOML strings."""
    return value.isoformat() if isinstance(value, dt.date) else json.dumps(value, ensure_ascii=False)


def _sentence(error: ErrorDetails) -> str:
    return explain(error, lambda _: list(Settings.model_fields))
