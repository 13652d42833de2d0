"""How well each topic is known today. Pure.

A question counts for what its last attempt earned, faded by the time since: share of the score × chance of recalling it today. One
never tried counts for nothing. A topic's mastery is the mean over its questions, so an untouched topic is 0 and not missing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from quizapp.study.schedule import Policy, retrievability

if TYPE_CHECKING:
    from question_bank.bank import Outline
    from question_bank.models import Topic
    from quizapp.progress.standing import Standing

_BY_RATING: Final = {1: 0.2, 2: 0.6, 3: 0.9, 4: 1.0}
"""The share a rating stands for where there is no score."""


@dataclass(frozen=True)
class TopicMastery:
    """One topic. `mastery` is 0 to 1."""

    topic: str
    title: str
    questions: int
    tried: int
    mastery: float


def mastery_by_topic(
    questions: Iterable[Outline], topics: Sequence[Topic], standings: Mapping[str, Standing], day: dt.date, policy: Policy
) -> list[TopicMastery]:
    """All topics that have questions, in the order of the topic tree."""
    members: dict[str, list[str]] = {topic.id: [] for topic in topics}
    for question in questions:
        members.setdefault(question.topic, []).append(question.id)
    titles = {topic.id: topic.title for topic in topics}
    return [
        TopicMastery(
            topic=topic,
            title=titles.get(topic, topic),
            questions=len(ids),
            tried=sum(1 for name in ids if name in standings and standings[name].attempts),
            mastery=sum(mastery(standings.get(name), day, policy) for name in ids) / len(ids),
        )
        for topic, ids in members.items()
        if ids
    ]


def mastery(standing: Standing | None, day: dt.date, policy: Policy) -> float:
    """One question, 0 to 1."""
    if standing is None or not standing.attempts:
        return 0.0
    share = standing.last_score / 100 if standing.last_score is not None else _BY_RATING[standing.last_rating or 1]
    return share * (retrievability(standing.memory, day, policy) if standing.memory else 1.0)
