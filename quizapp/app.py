"""The app: which sections there are, which theme is on, and how a question is opened. Everything else is in the screens."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import BindingType
from textual.screen import Screen

from quizapp.clock import Clock, local_now
from quizapp.commands.command import bindings
from quizapp.commands.table import APP
from quizapp.services import Judge, Services, judge_lazily, no_warming, warm_lazily
from quizapp.text import wrap
from quizapp.themes import DARK, LIGHT, quiet

if TYPE_CHECKING:
    from question_bank.bank import Bank
    from quizapp.progress import Progress


class QuizApp(App[None]):
    """A terminal app for preparing AI interviews in Chinese."""

    TITLE = "quizapp"
    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings(APP)
    DEFAULT_MODE = "today"

    def __init__(
        self, bank: Bank, progress: Progress, judge: Judge = judge_lazily, clock: Clock = local_now, *, theme: str = DARK.name
    ) -> None:
        wrap.install()
        super().__init__()
        self.services = Services(
            bank, progress, judge=judge, warm=warm_lazily if judge is judge_lazily else no_warming, clock=clock
        )
        for own in (DARK, LIGHT):
            self.register_theme(own)
        self.theme = theme
        self.add_mode("today", self._today_screen)
        self.add_mode("bank", self._bank_screen)
        self.add_mode("stats", self._stats_screen)

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
        if name != self.current_mode:
            await self.switch_mode(name)
            return
        while len(self.screen_stack) > 1:
            await self.pop_screen()

    def action_help_quit(self) -> None:
        """Ctrl+C is what people try first."""
        self.notify("按 Ctrl+Q 退出，写了一半的答案会留着。", markup=False)

    async def action_open(self, question_id: str, *following: str) -> None:
        """Open one question, with others to follow it."""
        question = self.services.bank.outline.get(question_id)
        if question is None:
            self.notify(f"题库里没有 {question_id} 这道题了。", severity="error", markup=False)
        elif question.type == "coding":
            from quizapp.screens.coding import CodingScreen

            await self.push_screen(CodingScreen(self.services, question_id))
        else:
            from quizapp.screens.answer import AnswerScreen

            await self.push_screen(AnswerScreen(self.services, (question_id, *following)))

    async def action_help(self) -> None:
        """All keys that work here."""
        from quizapp.commands.active import active
        from quizapp.screens.help import HelpScreen

        await self.push_screen(HelpScreen(active(self.screen)))

    def action_command_palette(self) -> None:
        """Type a few characters to find a command or a question."""
        from quizapp.commands.palette import open_palette

        open_palette(self)

    def action_toggle_dark(self) -> None:
        """Dark or light."""
        self.theme = LIGHT.name if self.current_theme.dark else DARK.name


def run() -> None:
    """Open the app on the installed bank and the learner's own progress."""
    from question_bank.loader import load_bank
    from quizapp.progress import Progress

    with Progress.open() as progress:
        QuizApp(load_bank(), progress).run()
