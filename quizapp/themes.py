"""Two calm themes: 墨 for the night, 纸 for the day. Textual's own themes, ansi ones included, can be chosen as well."""

from __future__ import annotations

from typing import Final

from textual.color import Color
from textual.theme import Theme

from quizapp.early import early_setting

DARK: Final = Theme(
    name="ink",
    primary="#7aa2d6",
    secondary="#8fb3a5",
    accent="#c9a0dc",
    warning="#d9b36c",
    error="#e08a86",
    success="#8cbf88",
    foreground="#d6d3cc",
    background="#16181c",
    surface="#1c1f24",
    panel="#24282f",
    dark=True,
    variables={
        "block-cursor-background": "#33435a",
        "block-cursor-foreground": "#f2efe8",
        "block-cursor-blurred-background": "#262c36",
        "block-cursor-text-style": "none",
    },
)
LIGHT: Final = Theme(
    name="paper",
    primary="#2f5f98",
    secondary="#3f6f5f",
    accent="#7a4a92",
    warning="#8a5a00",
    error="#a8322c",
    success="#2f6b34",
    foreground="#2b2926",
    background="#faf8f3",
    surface="#f4f1e9",
    panel="#e9e5da",
    dark=False,
    variables={
        "block-cursor-background": "#cddcf0",
        "block-cursor-foreground": "#1b1a18",
        "block-cursor-blurred-background": "#e6e6e0",
        "block-cursor-text-style": "none",
    },
)


def quiet(theme: Theme, variables: dict[str, str]) -> str:
    """The colour of what stands back: half way to the background, but readable; Textual's `$text-muted` cannot be asked for
    where no background is known."""
    if theme.ansi:
        return "ansi_bright_black"
    front, back = Color.parse(variables["foreground"]), Color.parse(variables["background"])
    return front.blend(back, 0.33).hex


def chosen_theme() -> str:
    """The theme the settings file names, read before the first frame; whether the file is sound is found out behind it."""
    return str(early_setting("theme", DARK.name))
