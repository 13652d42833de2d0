"""What the learner wrote, with the evidence lit: the words that counted, and those that spoke against a point."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content
from textual.widgets import Static

from quizapp.widgets.key_points import Point, Span


class AnswerText(Static):
    """Evidence of all points is underlined; that of the point under the cursor is inverse; what contradicts is marked `!`-wise."""

    DEFAULT_CSS = """
    AnswerText { height: auto; padding: 0 1; margin: 0 0 1 0; background: $surface; }
    """

    def __init__(self, text: str, points: Iterable[Point], *, id: str | None = None) -> None:  # noqa: A002
        self._text = text
        self._points = tuple(points)
        super().__init__(self._lit(None), id=id)

    def light(self, point: Point | None) -> None:
        """Make one point's evidence stand out."""
        self.update(self._lit(point))

    def _lit(self, current: Point | None) -> Content:
        content = Content(self._text, strip_control_codes=False)
        for point in self._points:
            content = _stylized(content, point.evidence, "underline $text-success")
            content = _stylized(content, point.against, "underline $text-error bold")
        if current is not None:
            content = _stylized(content, (*current.evidence, *current.against), "reverse")
        return content


def _stylized(content: Content, spans: Iterable[Span], style: str) -> Content:
    for start, end in spans:
        content = content.stylize(style, start, end)
    return content
