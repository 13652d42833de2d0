"""A part of the screen that scrolls up and down; left and right stay free for the screen."""

from __future__ import annotations

from textual.containers import VerticalScroll

from quizapp.commands.command import bindings
from quizapp.commands.table import PANE


class Pane(VerticalScroll, can_focus=True, inherit_bindings=False):
    """Vertical scrolling by keys that an input method lets through."""

    BINDINGS = bindings(PANE)
