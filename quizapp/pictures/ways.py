"""Which way this terminal draws pictures, found out without asking it anything: a question could stay unanswered, and the answer
could end up among the keys. What is unknown gets half blocks, which every terminal has."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Final, Literal

Way = Literal["halfblock", "kitty", "iterm", "sixel"]

_SIXEL_TERMS: Final = ("foot", "mlterm", "contour")
_MULTIPLEXERS: Final = ("screen", "tmux")


def way(wanted: str, env: Mapping[str, str], *, truecolor: bool = True, cell: tuple[int, int] | None = None) -> Way:
    """The way to draw: the one `wanted`, or with `auto` the best this terminal is known to have.

    Nothing but half blocks goes through a browser or is drawn without colours; kitty names pictures by 24-bit colours; sixel needs
    the size of a `cell` in pixels.
    """
    if env.get("NO_COLOR") or env.get("TEXTUAL_DRIVER"):
        return "halfblock"
    found = _known(env) if wanted == "auto" else wanted
    if found == "kitty" and truecolor:
        return "kitty"
    if found == "iterm":
        return "iterm"
    return "sixel" if found == "sixel" and cell is not None else "halfblock"


def chosen(env: Mapping[str, str], *, truecolor: bool) -> Way:
    """The way the settings ask for; reads them."""
    from quizapp.problems import UsageProblem
    from quizapp.settings import load_settings

    try:
        wanted = load_settings().pictures
    except UsageProblem:
        wanted = "auto"
    return way(wanted, env, truecolor=truecolor, cell=cell_pixels())


def _known(env: Mapping[str, str]) -> str:
    term, program = env.get("TERM", ""), env.get("TERM_PROGRAM", "")
    if env.get("TMUX") or env.get("STY") or term.startswith(_MULTIPLEXERS):
        return "halfblock"  # what is outside cannot be seen from here, and it would have to be let through
    if env.get("KITTY_WINDOW_ID") or program == "ghostty" or term in ("xterm-kitty", "xterm-ghostty"):
        return "kitty"
    if program in ("iTerm.app", "WezTerm") or env.get("LC_TERMINAL") == "iTerm2":
        return "iterm"
    return "sixel" if term.startswith(_SIXEL_TERMS) else "halfblock"


def cell_pixels() -> tuple[int, int] | None:
    """Width and height of one cell in pixels, as the kernel was told by the terminal; None when it was not."""
    try:
        import fcntl
        import struct
        import termios

        size = fcntl.ioctl(sys.__stderr__.fileno(), termios.TIOCGWINSZ, b"\0" * 8)  # type: ignore[union-attr]
        rows, columns, width, height = struct.unpack("HHHH", size)
    except (ImportError, OSError, AttributeError, ValueError):
        return None
    return (width // columns, height // rows) if rows and columns and width >= columns and height >= rows else None
