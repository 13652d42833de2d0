"""Which screen a question opens on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.screen import Screen

    from quizapp.services import Services


def screen_for(services: Services, ids: tuple[str, ...]) -> Screen[None] | None:
    """The screen for the first id, with the others to follow. None when the bank no longer has it."""
    outline = services.bank.outline.get(ids[0])
    if outline is None:
        return None
    if outline.type == "coding":
        from quizapp.screens.coding import CodingScreen

        return CodingScreen(services, ids[0])
    from quizapp.screens.answer import AnswerScreen

    return AnswerScreen(services, ids)
