"""The app: which sections there are, which theme is on, and how a question is opened. Everything else is in the screens."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from typing import ClassVar

from textual.app import App
from textual.binding import BindingType
from textual.screen import Screen

from quizapp.commands.command import bindings
from quizapp.commands.in_use import key, use
from quizapp.commands.table import APP
from quizapp.problems import UsageProblem
from quizapp.services import Services, open_all
from quizapp.text import wrap
from quizapp.themes import DARK, LIGHT, chosen_theme, quiet


class QuizApp(App[None]):
    """A terminal app for preparing AI interviews in Chinese."""

    TITLE = "quizapp"
    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings(APP)
    DEFAULT_MODE = "today"

    def __init__(self, services: Services, *, theme: str = DARK.name, tour: bool = False) -> None:
        wrap.install()
        super().__init__()
        self.services = services
        self.tour = tour
        """Whether a newcomer is shown around at the start."""
        for own in (DARK, LIGHT):
            self.register_theme(own)
        self.set_reactive(QuizApp.theme, theme if theme in self.available_themes else DARK.name)  # its watcher runs at start
        self.add_mode("today", self._today_screen)
        self.add_mode("bank", self._bank_screen)
        self.add_mode("stats", self._stats_screen)

    def on_mount(self) -> None:
        """The learner's own keys, if there are any; a mistake among them is told, and the usual ones stay."""
        from quizapp.commands.own_keys import own_keymap

        own = {}
        try:
            own = own_keymap()
        except UsageProblem as problem:
            self.notify(str(problem), severity="error", timeout=12, markup=False)
        use(own)
        self.set_keymap(own)

    async def opened(self) -> bool:
        """Wait for bank and progress. When they cannot be opened, leave with the sentence that says why."""
        try:
            await asyncio.to_thread(self.services.open)
        except UsageProblem as problem:
            self.exit(return_code=2, message=str(problem))
            return False
        return True

    def get_css_variables(self) -> dict[str, str]:
        """Textual's, and `$quiet` for what stands back."""
        variables = super().get_css_variables()
        variables["quiet"] = quiet(self.current_theme, variables)
        return variables

    def _today_screen(self) -> Screen[None]:
        from quizapp.screens.today import TodayScreen

        return TodayScreen(self.services)

    def _bank_screen(self) -> Screen[None]:
        from quizapp.screens.bank import BankScreen

        return BankScreen(self.services)

    def _stats_screen(self) -> Screen[None]:
        from quizapp.screens.stats import StatsScreen

        return StatsScreen(self.services)

    async def action_section(self, name: str) -> None:
        """Go to a section. What was open there is still open; asked for again, the section closes it."""
        if not await self.opened():
            return
        if name != self.current_mode:
            await self.switch_mode(name)
            return
        while len(self.screen_stack) > 1:
            self.pop_screen()  # not awaited: a click in the screen that goes would wait for its own end

    async def action_open(self, question_id: str) -> None:
        """Open one question."""
        await self.open_questions((question_id,))

    async def open_questions(self, ids: tuple[str, ...]) -> None:
        """Open the first question; the others follow it. No action: Textual hands an action as many arguments as it names."""
        if not await self.opened():
            return
        from quizapp.screens.opening import screen_for

        screen = screen_for(self.services, ids)
        if screen is None:
            self.notify(f"题库里没有 {ids[0]} 这道题了。", severity="error", markup=False)
        else:
            await self.push_screen(screen)

    async def action_help(self) -> None:
        """All keys that work here."""
        from quizapp.commands.active import active
        from quizapp.screens.help import HelpScreen

        await self.push_screen(HelpScreen(active(self.screen)))

    def action_command_palette(self) -> None:
        """Type a few characters to find a command or a question."""
        self.run_worker(self._open_palette(), exclusive=True, group="palette")

    async def _open_palette(self) -> None:
        from quizapp.commands.palette import open_palette

        if await self.opened():
            open_palette(self)

    async def action_quit(self) -> None:
        """Close, with nothing lost: what was typed a moment ago is saved first, on every open page."""
        from quizapp.screens.page import SECTIONS, Page

        for section in SECTIONS:
            with suppress(KeyError):  # a section that was never gone to
                for screen in self.get_screen_stack(section.id):
                    if isinstance(screen, Page):
                        await screen.keep()
        self.exit()

    def action_help_quit(self) -> None:
        """Ctrl+C is what people try first."""
        self.notify(f"按 {key('到处', '退出')} 退出，写了一半的答案会留着。", markup=False)

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """An SVG of the screen in which 汉字 are as wide as they should be."""
        from quizapp.text.svg import widened

        return widened(super().export_screenshot(title=title, simplify=simplify))

    async def action_tour(self) -> None:
        """Show around, and end with the easiest question that was never tried."""
        if not await self.opened():
            return
        from quizapp.screens.tour import TourScreen

        states = await asyncio.to_thread(self.services.progress.states)
        outlines = (one for one in self.services.bank.outlines if one.type == "short_answer" and one.id not in states)
        easiest = min(outlines, key=lambda outline: (outline.difficulty, -outline.frequency), default=None)
        await self.push_screen(TourScreen(self.services, easiest.id if easiest else None))

    def action_toggle_dark(self) -> None:
        """Dark or light."""
        self.theme = LIGHT.name if self.current_theme.dark else DARK.name


def run(ambiguous_width: int = 1) -> int:
    """Open the app on the installed bank and the learner's own progress. Returns the exit status."""
    if ambiguous_width == 2:
        from quizapp.text import ambiguous

        ambiguous.install()
    services = Services(open_all)
    app = QuizApp(services, theme=chosen_theme(), tour=True)
    app.run()
    if services.is_open:
        services.progress.close()
        if services.progress.trouble:
            sys.stderr.write(f"{services.progress.trouble}\n")
    return app.return_code or 0
