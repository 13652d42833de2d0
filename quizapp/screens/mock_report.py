"""模拟面试, after it: the score beside earlier ones, question by question, and what to look at again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from textual.widget import Widget
from textual.widgets import Static

from quizapp.commands.command import bindings
from quizapp.commands.table import MOCK_REPORT
from quizapp.screens.page import Page
from quizapp.study import mock
from quizapp.study.mock_words import compared, headline, outcome
from quizapp.study.queue import cards_of
from quizapp.study.running import finished
from quizapp.study.sessions import Mode
from quizapp.text.plain import line
from quizapp.widgets.bars import Bar, Bars
from quizapp.widgets.pane import Pane
from quizapp.widgets.prose import Prose

if TYPE_CHECKING:
    from quizapp.services import Services
    from quizapp.study.running import Running

_GOOD: Final = 60.0
"""Points from which a question need not be looked at again."""


def reported(services: Services, running: Running) -> mock.MockReport:
    """The report of a mock that is over."""
    cards = {card.id: card for card in cards_of(services.bank)}
    earlier = finished(services.progress, Mode.MOCK, but=running.state.id)
    return mock.report(running.state, cards, running.elapsed, earlier)


class MockReportScreen(Page):
    """One column that scrolls."""

    CSS_PATH = "mock.tcss"
    BINDINGS = bindings(MOCK_REPORT)
    AUTO_FOCUS = "Pane"

    def __init__(self, services: Services, made: mock.MockReport) -> None:
        super().__init__(services)
        self._made = made

    def body(self) -> Iterable[Widget]:
        """Totals, topics, questions, follow-ups."""
        made, bank = self._made, self.services.bank
        weakest = bank.topic.get(made.weakest or "")
        with Pane(id="numbers"):
            yield Static(line(headline(made)), id="headline")
            yield Static(line(compared(made)), id="compared")
            yield Static(line(f"最弱的主题：{weakest.title}" if weakest else ""), id="weakest")
            titles = {topic.id: topic.title for topic in bank.topics}
            yield Bars(
                [Bar(titles.get(name, name), score / 100, f"{score:.0f} 分") for name, score in made.topics.items()],
                label=24,
            )
            yield Prose(self._questions())

    def _questions(self) -> str:
        outlines = self.services.bank.outline
        rows = [
            f"{number}. **{outcome(row)}** {outlines[row.question].title if row.question in outlines else row.question}"
            f"{'（标记）' if row.marked else ''}"
            for number, row in enumerate(self._made.lines, 1)
        ]
        asked = [f"- {text}" for text in self._made.follow_ups]
        return "\n".join([*rows, *(["", "### 被追问的", "", *asked] if asked else [])])

    def on_mount(self) -> None:
        """Say what this is."""
        self.set_context("模拟面试的报告")

    async def action_again(self) -> None:
        """What did not go well, this time with answers."""
        outlines = self.services.bank.outline
        weak = [row for row in self._made.lines if row.status != "answered" or row.score < _GOOD or row.marked]
        ids = tuple(row.question for row in weak if row.question in outlines and not row.coding)
        if not ids:
            self.say("理论题都答得不错，没有要再练的。")
            return
        await self.quiz.open_questions(ids)

    def action_leave(self) -> None:
        """Back."""
        self.app.pop_screen()  # not awaited: the screen would wait for its own end
