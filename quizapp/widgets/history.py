"""Earlier submissions of one problem."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from quizapp.text.plain import line


@dataclass(frozen=True)
class Past:
    """One submission as the list shows it."""

    id: int
    when: str
    verdict: str
    title: str
    score: float
    framework: str


class History(OptionList):
    """Newest first."""

    DEFAULT_CSS = """
    History { border: none; background: transparent; padding: 0; height: 1fr; }
    History:focus { border: none; }
    """

    @dataclass
    class Chosen(Message):
        """One submission was asked for."""

        id: int

    def show(self, past: Sequence[Past]) -> None:
        """Replace the list."""
        from quizapp.widgets.verdicts import glyph

        self.clear_options()
        for entry in past:
            mark, _ = glyph(entry.verdict)
            words = f"{mark} {entry.when}  {entry.title}（{entry.verdict}）  {entry.score:.0f} 分  {entry.framework}"
            self.add_option(Option(line(words), id=str(entry.id)))
        if past:
            self.highlighted = 0
        else:
            self.add_option(Option(line("还没有提交过。"), disabled=True))

    @property
    def current(self) -> int | None:
        """The submission under the cursor."""
        option = self.highlighted_option
        return int(option.id) if option is not None and option.id is not None else None

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Pass the id on."""
        event.stop()
        if event.option_id is not None:
            self.post_message(self.Chosen(int(event.option_id)))
