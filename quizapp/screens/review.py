"""What is shown after an answer: the points, the learner's own words with the evidence, and the reference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalGroup
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from question_bank.models import ShortAnswer, Source
from quizapp.commands.in_use import key
from quizapp.screens.asking import Asked
from quizapp.screens.evaluation import Evaluation
from quizapp.study.follow_up import follow_ups_of
from quizapp.text.plain import line, verbatim
from quizapp.widgets.answer_text import AnswerText
from quizapp.widgets.answers.field import Given
from quizapp.widgets.key_points import KeyPoints, Span
from quizapp.widgets.prose import Prose

_NOTE: Final = ("note-title", "my-note")
_QUOTED: Final = 40
"""Characters of a sentence that are quoted back."""


class Review(VerticalGroup):
    """One column, or from 100 columns on two: mine on the left, the reference on the right. The sheet around it scrolls."""

    def __init__(self, asked: Asked, given: Given, evaluation: Evaluation, *, judged: bool = True) -> None:
        super().__init__(id="review")
        self._asked, self._given, self._evaluation, self._judged = asked, given, evaluation, judged

    def compose(self) -> ComposeResult:
        """Mine, then the reference."""
        with VerticalGroup(id="mine"):
            yield from self._verdict() if self._judged else _listed("要点", [point.text for point in self._evaluation.points])
            yield Static(line("我的笔记"), id=_NOTE[0], classes="review--title")
            yield Static(id=_NOTE[1])
        with VerticalGroup(id="truth"):
            yield from self._reference()

    def _verdict(self) -> Iterable[Widget]:
        if isinstance(self._asked.question, ShortAnswer):
            yield Static(headline(self._evaluation), id="score")
            if self._evaluation.points:
                yield KeyPoints(self._evaluation.points)
            yield Static(line("你的答案"), classes="review--title")
            yield AnswerText(self._evaluation.text or "（没有写）", self._evaluation.points, _uncounted(self._evaluation))
            yield Static(id="remarks")

    def on_mount(self) -> None:
        """What did not count, if anything."""
        self._remark()

    def _remark(self) -> None:
        for place in self.query("#remarks").results(Static):
            said = remarks(self._evaluation)
            place.update(said)
            place.display = bool(said)

    def rescore(self, evaluation: Evaluation) -> None:
        """The learner overruled a point."""
        self._evaluation = evaluation
        self.query_one("#score", Static).update(headline(evaluation))
        self._remark()
        self.query_one(AnswerText).show(evaluation.points)

    def show_note(self, note: str) -> None:
        """The learner's own note, if there is one."""
        self.query_one("#my-note", Static).update(verbatim(note))
        for name in _NOTE:
            self.query_one(f"#{name}").display = bool(note)
        self.query_one("#mine").set_class(not note and len(self.query("#mine > *")) == len(_NOTE), "-empty")

    def _reference(self) -> Iterable[Widget]:
        question = self._asked.question
        if isinstance(question, ShortAnswer) and question.brief:
            yield Static(line("30 秒版本"), classes="review--title")
            yield Prose(question.brief)
        yield Static(line("参考答案" if isinstance(question, ShortAnswer) else "解析"), classes="review--title")
        yield Prose(self._asked.answer)
        yield from _listed("常见误区", question.mistakes)
        yield from _listed(
            f"追问（{key('答题', '追问')} 作答）", follow_ups_of(question, self._evaluation.judged, self._evaluation.follow_up)
        )
        yield from _sources(question.sources)

    @on(KeyPoints.Moved)
    def _light(self, message: KeyPoints.Moved) -> None:
        self.query_one(AnswerText).light(message.point)


def headline(evaluation: Evaluation) -> Content:
    """The verdict in one line."""
    return Content.assemble((f"{evaluation.headline}  ", "bold"), (evaluation.subline, "$quiet"))


def remarks(evaluation: Evaluation) -> Content:
    """One line each for what was said the wrong way round and for what did not count, in the learner's own words."""
    if evaluation.grade is None:
        return Content()
    wrong = [verbatim(f"! “{_short(one.text)}”：{one.reason}", "$text-error") for one in evaluation.grade.wrong]
    ignored = [verbatim(f"- “{_short(one.text)}”不计分：{one.reason}", "$text-warning") for one in evaluation.grade.ignored]
    return Content("\n").join([*wrong, *ignored])


def _short(text: str) -> str:
    """A sentence long enough to be found again in the answer above."""
    text = " ".join(text.split())
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}……"


def _uncounted(evaluation: Evaluation) -> tuple[Span, ...]:
    return tuple(one.span for one in evaluation.grade.ignored) if evaluation.grade else ()


def _listed(title: str, items: Sequence[str]) -> Iterable[Widget]:
    if items:
        yield Static(line(title), classes="review--title")
        yield Prose("\n".join(f"- {item}" for item in items))


def _sources(sources: Sequence[Source]) -> Iterable[Widget]:
    if sources:
        yield Static(line("出处"), classes="review--title")
        with VerticalGroup():
            yield Prose("\n".join(_source(source) for source in sources))


def _source(source: Source) -> str:
    """The address is shown too: without a mouse it can be copied."""
    seen = f"（{source.as_of:%Y-%m-%d} 查看）" if source.as_of else ""
    return f"- {source.title}{seen}{f' <{source.url}>' if source.url else ''}"
