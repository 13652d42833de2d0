"""Where things are kept: data, settings, and the folder the learner writes programs in."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

_APP = "quizapp"


def data_dir() -> Path:
    """Progress and backups: `$QUIZAPP_HOME`, else the user's data folder."""
    chosen = os.environ.get("QUIZAPP_HOME")
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_data_dir(_APP, appauthor=False))


def config_dir() -> Path:
    """Settings: `$QUIZAPP_HOME`, else the user's configuration folder."""
    chosen = os.environ.get("QUIZAPP_HOME")
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_config_dir(_APP, appauthor=False))


def workspace_dir() -> Path:
    """The learner's own solution files: `$QUIZAPP_WORKSPACE`, else `quizapp` in the documents folder."""
    chosen = os.environ.get("QUIZAPP_WORKSPACE")
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_documents_dir()) / _APP
