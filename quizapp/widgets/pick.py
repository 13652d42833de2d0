"""One value out of a list that drops down. Up and down are left to the screen: they go from line to line, as in a menu."""

from __future__ import annotations

from typing import Any

from textual.widgets import Select

from quizapp.commands.command import bindings
from quizapp.commands.table import PICK


class Pick(Select[Any], inherit_bindings=False):
    """Enter opens the list; in the list, up, down and Enter choose, Esc closes."""

    BINDINGS = bindings(PICK)
