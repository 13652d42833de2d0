"""Which screen a question opens on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen

    from quizapp.services import Services
    from quizapp.study.running import Running


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


async def show_session(app: App[Any], services: Services, running: Running, *, instead: bool = False) -> bool:
    """The question a session has in hand, over the screen that is there or `instead` of it. False when there is none left.

    What the bank no longer has is left out, and so are programs: they are opened one by one.
    """
    from quizapp.screens.answer import AnswerScreen

    outlines = services.bank.outline
    while (name := running.state.current) is not None and (name not in outlines or outlines[name].type == "coding"):
        await asyncio.to_thread(running.drop)
    if name is None:
        await asyncio.to_thread(running.finish)
        return False
    screen = AnswerScreen(services, (name,), session=running)
    if instead:
        app.switch_screen(screen)  # not awaited: the screen that goes would wait for its own end
    else:
        await app.push_screen(screen)
    return True
