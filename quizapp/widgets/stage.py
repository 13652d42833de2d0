"""The smallest app one widget can run in: for trying it alone and for its tests."""

from __future__ import annotations

from textual.app import App

from quizapp.text import wrap
from quizapp.themes import DARK, LIGHT, quiet


class Stage(App[None]):
    """An app with the themes, colours and line breaking of the real one."""

    def __init__(self) -> None:
        wrap.install()
        super().__init__()
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        self.theme = DARK.name

    def get_css_variables(self) -> dict[str, str]:
        """Textual's, and `$quiet`."""
        variables = super().get_css_variables()
        variables["quiet"] = quiet(self.current_theme, variables)
        return variables
