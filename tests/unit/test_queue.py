"""The day's questions: who is asked, who waits, in which order; and the plan made of it."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from question_bank.models import Topic
from quizapp.progress.standing import Standing
from quizapp.study.plan import make_plan
from quizapp.study.queue import PATIENCE, Card, Deck, bury, interleaved, introduction, today, topic_depths
from quizapp.study.schedule import Memory, Policy

DAY = dt.date(2026, 3, 10)
TOPICS = (
    Topic(id="basics", title="基础"),
    Topic(id="attention", title="注意力", prerequisites=("basics",)),
    Topic(id="rag", title="检索", prerequisites=("basics",)),
)


def card(name, topic="basics", **more):
    return Card(id=name, topic=topic, **more)


def tried(name, due, *, stability=5.0, rating=3, seen=5, **more):
    memory = Memory(stability, 5.0, DAY - dt.timedelta(days=seen), 2, 0)
    begun = DAY - dt.timedelta(days=seen + 5)
    return Standing(name, attempts=2, begun=begun, last_rating=rating, memory=memory, due=DAY + dt.timedelta(days=due), **more)


def deck(cards, standings=(), **more):
    return Deck(cards, TOPICS, {s.question: s for s in standings}, DAY, **more)


CARDS = st.lists(
    st.builds(Card, id=st.uuids().map(str), topic=st.sampled_from("abcd"), subject=st.sampled_from(["", "x", "y"])), max_size=30
)


@given(CARDS)
def test_interleaving_asks_everything_and_never_one_topic_twice_in_a_row_when_that_can_be_had(cards):
    order = interleaved(cards)
    most = max(Counter(c.topic for c in cards).values(), default=0)
    neighbours = sum(a.topic == b.topic for a, b in pairwise(order))

    assert Counter(c.id for c in order) == Counter(c.id for c in cards)
    assert neighbours == 0 or most > (len(cards) + 1) // 2


@given(CARDS, CARDS)
def test_no_two_siblings_on_one_day(cards, asked):
    kept, buried = bury(cards, asked)
    together = [*asked, *kept]
    assert len(kept) + len(buried) == len(cards)
    assert not any(a.is_sibling(b) for a in kept for b in together if a.id != b.id)
    assert all(any(a.is_sibling(b) for b in together) for a in buried)


def test_due_questions_come_most_forgotten_first_and_only_when_due():
    cards = [card("fresh_in_mind"), card("fading", "rag"), card("tomorrow"), card("put_away")]
    standings = [
        tried("fresh_in_mind", 0, stability=50),
        tried("fading", 0, stability=2),
        tried("tomorrow", 1),
        tried("put_away", -3, suspended=True),
    ]
    assert today(deck(cards, standings, new_per_day=0)).due == ("fading", "fresh_in_mind")


def test_what_a_failing_program_needs_comes_first_even_if_it_was_never_tried():
    cards = [card("fading", "rag"), card("needed")]
    needed = Standing("needed", due=DAY, forward=DAY)
    work = today(deck(cards, [tried("fading", -9, stability=1), needed]))
    assert (work.due, work.fresh) == (("needed", "fading"), ())


def test_a_sibling_waits_but_not_for_ever():
    cards = [card("principle", subject="LoRA"), card("count", subject="LoRA")]
    early = today(deck(cards, [tried("principle", 0, stability=2), tried("count", 0)], new_per_day=0))
    late = today(deck(cards, [tried("principle", 0, stability=2), tried("count", -PATIENCE)], new_per_day=0))
    assert (early.due, early.buried) == (("principle",), ("count",))
    assert set(late.due) == {"principle", "count"}


def test_the_quota_counts_what_was_begun_today():
    cards = [card(f"q{n}") for n in range(6)]
    begun = Standing("q0", attempts=1, begun=DAY, last_rating=3, memory=Memory(2, 5, DAY, 1, 0), due=DAY + dt.timedelta(days=2))
    assert len(today(deck(cards, [begun], new_per_day=3)).fresh) == 2


def test_what_others_build_on_is_met_first_and_nothing_is_locked():
    cards = [
        card("rope", "attention", requires=("attention_basics",), frequency=3),
        card("attention_basics", "attention"),
        card("retrieval", "rag", frequency=3),
        card("what_is_llm", "basics"),
    ]
    order = [c.id for c in introduction(deck(cards))]
    assert order[0] == "what_is_llm"
    assert order.index("attention_basics") < order.index("rope")
    assert set(order) == {c.id for c in cards}


def test_close_to_the_interview_the_frequent_go_first():
    cards = [card("rare", frequency=1), card("common", "attention", frequency=3)]
    soon = Policy(interview_date=DAY + dt.timedelta(days=7))
    assert [c.id for c in introduction(deck(cards))] == ["rare", "common"]
    assert [c.id for c in introduction(deck(cards, policy=soon))] == ["common", "rare"]


def test_a_solved_program_comes_back_to_be_rewritten():
    cards = [card("mnist", coding=True), card("gan", coding=True, difficulty=5)]
    work = today(deck(cards, [tried("mnist", -1, last_verdict="AC")]))
    assert (work.programs, work.next_program, work.queue) == (("mnist",), "gan", ())


def test_depths_follow_prerequisites_and_survive_a_cycle():
    assert topic_depths(TOPICS) == {"basics": 0, "attention": 1, "rag": 1}
    cycle = [Topic(id="aa", title="a", prerequisites=("bb",)), Topic(id="bb", title="b", prerequisites=("aa",))]
    assert set(topic_depths(cycle)) == {"aa", "bb"}


def plan(left, known=0, total=20, **more):
    policy = Policy(interview_date=DAY + dt.timedelta(days=left))
    cards = [card(f"q{n}", "abc"[n % 3]) for n in range(total)]
    return make_plan(deck(cards, [tried(f"q{n}", 1) for n in range(known)], policy=policy, **more), random.Random(1))


def test_the_plan_meets_everything_in_time_and_beats_doing_nothing():
    made = plan(14, known=5, new_per_day=5)
    assert len(made.days) == 14
    assert sum(day.new for day in made.days) == made.new_left == 15
    assert made.doing_nothing < made.expected <= made.questions
    assert made.expected > 0.75 * made.questions


def test_the_plan_says_how_many_new_questions_a_day_are_needed():
    made = plan(6, new_per_day=1)
    assert made.needed_per_day == 4
    assert sum(day.new for day in made.days) == 6


@given(st.integers(1, 20), st.integers(0, 10), st.integers(0, 12))
def test_a_plan_is_reproducible_and_within_bounds(left, known, quota):
    made = plan(left, known, 10, new_per_day=quota)
    assert made == plan(left, known, 10, new_per_day=quota)
    assert 0 <= made.expected <= made.questions
