"""The deck a learner has today: bank, standings, settings put together in one place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from quizapp.study.queue import Deck, cards_of

if TYPE_CHECKING:
    from question_bank.bank import Bank
    from quizapp.progress import Progress
    from quizapp.settings import Settings


def deck_of(bank: Bank, progress: Progress, settings: Settings) -> Deck:
    """The bank as it stands today for this learner."""
    fitted = progress.policy()
    policy = replace(settings.policy(), parameters=fitted.parameters, seed=fitted.seed)
    return Deck(cards_of(bank), bank.topics, progress.standings(), progress.today(), policy, settings.new_per_day)
