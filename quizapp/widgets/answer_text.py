"""What the learner wrote, with the evidence lit: the words that counted, and those that spoke against a point."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content
from textual.widgets import Static

from quizapp.widgets.key_points import Point, Span


class AnswerText(Static):
    """Evidence of all points is underlined; that of the point under the cursor is inverse; what contradicts is bold as well; what did
    not count is struck through. None of it needs a colour."""

    DEFAULT_CSS = """
    AnswerText { height: auto; padding: 0 1; margin: 0 0 1 0; background: $surface; }
    """

    def __init__(
        self,
        text: str,
        points: Iterable[Point],
        uncounted: Iterable[Span] = (),
        *,
        id: str | None = None,  # noqa: A002
    ) -> None:
        self._text = text
        self._points = tuple(points)
        self._uncounted = tuple(uncounted)
        self._current: str | None = None
        super().__init__(self._lit(), id=id)

    def show(self, points: Iterable[Point]) -> None:
        """The points were judged anew."""
        self._points = tuple(points)
        self.update(self._lit())

    def light(self, point: Point | None) -> None:
        """Make one point's evidence stand out."""
        self._current = point.id if point else None
        self.update(self._lit())

    def _lit(self) -> Content:
        content = _stylized(Content(self._text, strip_control_codes=False), self._uncounted, "strike $text-warning")
        for point in self._points:
            speaks_against = point.status == "说反了"
            content = _stylized(content, point.evidence, "underline $text-success")
            content = _stylized(
                content, point.against, "underline $text-error bold" if speaks_against else "underline $text-success"
            )
        for point in self._points:
            if point.id == self._current:
                content = _stylized(content, (*point.evidence, *point.against), "reverse")
        return content


def _stylized(content: Content, spans: Iterable[Span], style: str) -> Content:
    for start, end in spans:
        content = content.stylize(style, start, end)
    return content
