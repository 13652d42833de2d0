"""What to ask on a learning day, and in which order. Pure.

Due questions first, the most forgotten ahead; questions that give each other away (siblings) not on one day; neighbours from different
topics; then new ones within the day's quota, what others build on first.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from quizapp.study.schedule import Policy, retrievability

if TYPE_CHECKING:
    from question_bank.bank import Bank
    from question_bank.models import Topic
    from quizapp.progress.standing import Standing

PATIENCE: Final = 2
"""Days after which a due question is asked even if a sibling is asked the same day."""

SPRINT: Final = 21
"""Days before the interview from which frequency counts more than the order of learning."""


@dataclass(frozen=True)
class Card:
    """What the queue knows of a question."""

    id: str
    topic: str
    coding: bool = False
    subject: str = ""
    """Its first tag: what it is about."""
    requires: tuple[str, ...] = ()
    frequency: int = 2
    difficulty: int = 3

    def is_sibling(self, other: Card) -> bool:
        """Whether answering one gives the other away."""
        same = self.topic == other.topic and self.subject != "" and self.subject == other.subject
        return same or self.id in other.requires or other.id in self.requires


def cards_of(bank: Bank) -> tuple[Card, ...]:
    """The cards of a bank, in its order: from the outlines, for building ten thousand questions would take seconds."""
    return tuple(
        Card(
            id=outline.id,
            topic=outline.topic,
            coding=outline.type == "coding",
            subject=outline.tags[0] if outline.tags else "",
            requires=outline.requires,
            frequency=outline.frequency,
            difficulty=outline.difficulty,
        )
        for outline in bank.outlines
    )


@dataclass(frozen=True)
class Deck:
    """Everything there is to ask and how it stands on `day`."""

    cards: Sequence[Card]
    topics: Sequence[Topic]
    standings: Mapping[str, Standing]
    day: dt.date
    policy: Policy = field(default_factory=Policy)
    new_per_day: int = 10

    @cached_property
    def card(self) -> Mapping[str, Card]:
        """Cards by id."""
        return {card.id: card for card in self.cards}

    @cached_property
    def seen_today(self) -> tuple[Card, ...]:
        """Cards already asked on this day."""
        return tuple(card for card in self.cards if self._reviewed(card) == self.day)

    @cached_property
    def begun_today(self) -> int:
        """Theory questions tried for the first time on this day."""
        begun = (self.standings[card.id].begun for card in self.cards if card.id in self.standings and not card.coding)
        return sum(day == self.day for day in begun)

    def _reviewed(self, card: Card) -> dt.date | None:
        standing = self.standings.get(card.id)
        return standing.memory.day if standing and standing.memory else None

    def is_new(self, card: Card) -> bool:
        """Never tried."""
        standing = self.standings.get(card.id)
        return standing is None or not standing.attempts

    def is_due(self, card: Card) -> bool:
        """To be asked on this day or before. A new question brought forward is due too."""
        standing = self.standings.get(card.id)
        return standing is not None and standing.due is not None and standing.due <= self.day and not standing.suspended

    def late(self, card: Card) -> int:
        """Days since it was due."""
        standing = self.standings.get(card.id)
        return (self.day - standing.due).days if standing and standing.due else 0

    def recall(self, card: Card) -> float:
        """The chance of recalling it on this day; 0 for what was never learnt."""
        standing = self.standings.get(card.id)
        return retrievability(standing.memory, self.day, self.policy) if standing and standing.memory else 0.0

    def tried_share(self, topic: str) -> float:
        """The share of a topic's questions that were tried; 1 for a topic without questions."""
        members = [card for card in self.cards if card.topic == topic]
        return sum(not self.is_new(card) for card in members) / len(members) if members else 1.0


@dataclass(frozen=True)
class Today:
    """Ids to ask today. Due programs are to be rewritten from memory; `buried` waits for another day because of a sibling."""

    due: tuple[str, ...]
    fresh: tuple[str, ...]
    programs: tuple[str, ...]
    buried: tuple[str, ...]
    next_program: str | None = None

    @property
    def queue(self) -> tuple[str, ...]:
        """The theory questions in the order they are asked."""
        return self.due + self.fresh


def today(deck: Deck) -> Today:
    """The day's work."""
    due = sorted((card for card in deck.cards if deck.is_due(card)), key=lambda card: _urgency(deck, card))
    theory, programs = [card for card in due if not card.coding], [card for card in due if card.coding]
    kept, buried = bury(theory, deck.seen_today, lambda card: deck.late(card) < PATIENCE)
    fresh, put_off = _fresh(deck, [*deck.seen_today, *kept])
    return Today(
        due=tuple(card.id for card in interleaved(kept)),
        fresh=tuple(card.id for card in interleaved(fresh)),
        programs=tuple(card.id for card in programs),
        buried=tuple(card.id for card in [*buried, *put_off]),
        next_program=next((card.id for card in introduction(deck, coding=True)), None),
    )


def _urgency(deck: Deck, card: Card) -> tuple[bool, float, str]:
    forward = deck.standings[card.id].forward is not None
    return not forward, deck.recall(card), card.id


def bury(
    cards: Iterable[Card],
    asked: Iterable[Card],
    may_wait: Callable[[Card], bool] = lambda _: True,
    most: float = math.inf,
) -> tuple[list[Card], list[Card]]:
    """Split into those to ask, `most` of them, and those that wait because a sibling was or is asked the same day.

    What comes after the last to be asked is in neither: it waits for its turn, not for a sibling.
    """
    kept: list[Card] = []
    buried: list[Card] = []
    before = list(asked)
    for card in cards:
        if len(kept) >= most:
            break
        waits = may_wait(card) and any(card.is_sibling(other) for other in [*before, *kept] if other.id != card.id)
        (buried if waits else kept).append(card)
    return kept, buried


def interleaved(cards: Sequence[Card]) -> list[Card]:
    """The same cards, as near to their order as can be with no two neighbours of one topic, where that is possible at all."""
    left, order = list(cards), list[Card]()
    counts = Counter(card.topic for card in left)
    while left:
        last = order[-1].topic if order else None
        crowded = next((topic for topic, count in counts.items() if 2 * count > len(left)), None)
        wanted = crowded if crowded is not None and crowded != last else None
        place = next((n for n, card in enumerate(left) if card.topic == wanted or (wanted is None and card.topic != last)), 0)
        card = left.pop(place)
        counts[card.topic] -= 1
        order.append(card)
    return order


def _fresh(deck: Deck, asked: Iterable[Card]) -> tuple[list[Card], list[Card]]:
    """New questions for today, as many as the quota leaves."""
    quota = max(0, deck.new_per_day - deck.begun_today)
    due = {card.id for card in asked}
    return bury((card for card in introduction(deck) if card.id not in due), asked, most=quota)


def introduction(deck: Deck, *, coding: bool = False) -> list[Card]:
    """New questions in the order they should be met: what is built upon first, then the frequent, then the easy.

    Nothing is locked: who has done everything before still gets the rest. Close to the interview the frequent go first. Programs count
    as new until they are solved.
    """
    depth = topic_depths(deck.topics)
    sprint = deck.policy.interview_date is not None and 0 <= (deck.policy.interview_date - deck.day).days <= SPRINT
    begun = {topic: deck.tried_share(topic) for topic in {card.topic for card in deck.cards}}
    needs = {topic.id: topic.prerequisites for topic in deck.topics}

    def key(card: Card) -> tuple[float, ...]:
        unmet = sum(deck.is_new(deck.card[name]) for name in card.requires if name in deck.card)
        ahead = any(begun.get(topic, 1.0) < 0.5 for topic in needs.get(card.topic, ()))
        order = (float(ahead), float(depth.get(card.topic, 0)))
        return (
            (unmet, -card.frequency, *order, card.difficulty) if sprint else (unmet, *order, -card.frequency, card.difficulty)
        )

    return sorted((card for card in deck.cards if card.coding == coding and _to_introduce(deck, card)), key=key)


def _to_introduce(deck: Deck, card: Card) -> bool:
    standing = deck.standings.get(card.id)
    if standing is not None and standing.suspended:
        return False
    return standing is None or standing.status != "solved" if card.coding else deck.is_new(card)


def topic_depths(topics: Sequence[Topic]) -> dict[str, int]:
    """How many layers of prerequisites lie below each topic. A cycle, which the lint refuses, is cut where it is met."""
    needs = {topic.id: topic.prerequisites for topic in topics}
    depths: dict[str, int] = {}

    def depth(topic: str, above: frozenset[str]) -> int:
        if topic not in depths:
            below = [depth(other, above | {topic}) for other in needs.get(topic, ()) if other not in above | {topic}]
            depths[topic] = 1 + max(below, default=-1)
        return depths[topic]

    for topic in needs:
        depth(topic, frozenset())
    return depths
