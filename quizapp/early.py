"""Settings that are needed before the first frame. Whether the whole file is sound is found out behind it."""

from __future__ import annotations

import tomllib

from quizapp.paths import config_dir


def early_setting(name: str, default: object) -> object:
    """What the settings file says, unchecked; `default` when it says nothing or cannot be read."""
    try:
        settings = tomllib.loads((config_dir() / "settings.toml").read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return default
    return settings.get(name, default)
