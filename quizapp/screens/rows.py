"""From questions and their states to the rows of the list: filtering, searching, grouping. Pure functions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from quizapp.widgets.question_list import DUE, FAILED, KNOWN, LEARNING, NEW, SOLVED, Heading, Row, State

if TYPE_CHECKING:
    from question_bank.bank import Outline
    from question_bank.models import Topic
    from quizapp.progress.records import QuestionState

KINDS: Final = {
    "short_answer": "简答", "coding": "编程", "single": "单选", "multiple": "多选", "true_false": "判断", "cloze": "填空",
    "ordering": "排序", "numeric": "数值",
}  # fmt: skip
FREQUENCIES: Final = {3: "高频", 2: "中频", 1: "低频"}
FRAMEWORKS: Final = {"torch": "PyTorch", "tensorflow": "TensorFlow"}
STATES: Final = (DUE, NEW, FAILED, LEARNING, KNOWN, SOLVED)


@dataclass(frozen=True)
class Filters:
    """What the learner wants to see. Empty means everything."""

    query: str = ""
    state: str = ""
    kind: str = ""
    level: int = 0
    favourite: bool = False
    frequency: int = 0
    tag: str = ""
    framework: str = ""

    @property
    def any(self) -> bool:
        """Whether something is filtered at all."""
        return self != Filters()

    @property
    def words(self) -> str:
        """What is filtered, besides the search; empty when nothing is."""
        parts = [
            self.state,
            "收藏" if self.favourite else "",
            self.kind,
            f"难度 {self.level}" if self.level else "",
            FREQUENCIES.get(self.frequency, ""),
            self.tag and f"#{self.tag}",
            FRAMEWORKS.get(self.framework, ""),
        ]
        return " + ".join(part for part in parts if part)


def state_of(state: QuestionState | None, now: dt.datetime) -> State:
    """How a question stands now."""
    if state is None or state.status == "new":
        return NEW
    if state.status == "solved":
        return SOLVED
    if state.status == "failed":
        return FAILED
    if state.due is not None and state.due <= now:
        return DUE
    return KNOWN if state.status == "review" else LEARNING


def note_of(state: QuestionState | None, now: dt.datetime) -> str:
    """The right-hand column: the score of a program, the next review of a theory question."""
    if state is None or not state.attempts:
        return ""
    if state.last_verdict is not None:
        return f"{state.last_verdict} {state.best_score or 0:.0f} 分"
    return until(state.due, now) if state.due is not None else ""


def until(due: dt.datetime, now: dt.datetime) -> str:
    """`今天`, `明天`, `3 天后`, `2 个月后`: by calendar days of the learner's own clock."""
    days = (due.astimezone(now.tzinfo).date() - now.date()).days
    if days <= 0:
        return "今天"
    if days == 1:
        return "明天"
    return f"{days} 天后" if days < 60 else f"{days // 30} 个月后"


def row_of(question: Outline, state: QuestionState | None, now: dt.datetime) -> Row:
    """One question as a row."""
    return Row(
        id=question.id,
        state=state_of(state, now),
        title=question.title,
        kind=KINDS[question.type],
        difficulty=question.difficulty,
        note=note_of(state, now),
        favourite=state is not None and state.favourite,
        frequency=question.frequency,
        tags=question.tags,
    )


def matches(row: Row, filters: Filters, frameworks: Mapping[str, Collection[str]]) -> bool:
    """Whether `row` passes the filters other than the search. `frameworks` are those each coding problem can be solved in."""
    return (
        filters.state in ("", row.state.word)
        and filters.kind in ("", row.kind)
        and filters.level in (0, row.difficulty)
        and (row.favourite or not filters.favourite)
        and filters.frequency in (0, row.frequency)
        and (not filters.tag or filters.tag in row.tags)
        and (not filters.framework or filters.framework in frameworks.get(row.id, ()))
    )


def grouped(
    rows: Sequence[tuple[str, Row]], topics: Sequence[Topic], folded: frozenset[str], *, best_first: bool = False
) -> list[Row | Heading]:
    """Rows (with their topic ids) under the headings of their topics, in the order of the topic tree or of the rows."""
    titles = {topic.id: topic.title for topic in topics}
    groups: dict[str, list[Row]] = {} if best_first else {topic.id: [] for topic in topics}
    for topic_id, row in rows:
        groups.setdefault(topic_id, []).append(row)
    listed: list[Row | Heading] = []
    for topic_id, members in groups.items():
        if members:
            done = sum(row.state is KNOWN or row.state is SOLVED for row in members)
            is_open = topic_id not in folded
            listed.append(Heading(topic_id, titles.get(topic_id, topic_id), len(members), done, is_open))
            listed += members if is_open else []
    return listed


def all_rows(questions: Iterable[Outline], states: Mapping[str, QuestionState], now: dt.datetime) -> list[tuple[str, Row]]:
    """Every question as a row, with its topic id."""
    return [(question.topic, row_of(question, states.get(question.id), now)) for question in questions]
