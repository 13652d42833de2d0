"""Bank Markdown on the screen: statements, answers, hints, explanations."""

from __future__ import annotations

from textual.widgets import Markdown

from quizapp.text.markdown import parser
from quizapp.text.plain import safe
from quizapp.widgets.table import TextTable


class Prose(Markdown):
    """Markdown in the bank's dialect, compact, with tables that wrap instead of cutting text off."""

    BULLETS = ["‣ ", "▪ ", "◦ ", "▪ ", "◦ "]  # of unambiguous width, unlike the default ones  # noqa: RUF012

    BLOCKS = {**Markdown.BLOCKS, "table_open": TextTable}  # noqa: RUF012

    DEFAULT_CSS = """
    Prose {
        padding: 0;
        MarkdownBlock {
            &:dark > .code_inline { background: $panel; color: $foreground; }
            &:light > .code_inline { background: $panel; color: $foreground; }
        }
        MarkdownHeader {
            width: 1fr; margin: 1 0 0 0; content-align: left middle; text-style: bold; color: $text-primary; background: transparent;
        }
        MarkdownParagraph { margin: 0 0 1 0; }
        MarkdownFence { margin: 0 0 1 0; background: $surface; overflow: hidden; & > Label { width: 1fr; padding: 0 1; } }
        MarkdownBulletList, MarkdownOrderedList { margin: 0 0 1 0; MarkdownParagraph { margin: 0; } }
        TextTable { margin: 0 0 1 0; }
        MarkdownBlockQuote { margin: 0 0 1 0; }
    }
    """

    def __init__(self, markdown: str = "", *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(safe(markdown), id=id, classes=classes, parser_factory=parser)

    async def show(self, markdown: str) -> None:
        """Replace what is shown."""
        await self.update(safe(markdown))
