"""Sessions resume exactly where they stopped, ask what their mode promises, and a mock is reported beside the ones before."""

from __future__ import annotations

import datetime as dt
import random
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judge.verdict import Report, Verdict
from question_bank.models import Topic
from quizapp.problems import UsageProblem
from quizapp.progress import Progress
from quizapp.progress.opening import prepare
from quizapp.progress.standing import Standing
from quizapp.study import mock
from quizapp.study.queue import Card, Deck
from quizapp.study.running import Running, unfinished
from quizapp.study.schedule import Memory
from quizapp.study.sessions import AGAIN_AFTER, MOST_REPEATS, Mode, choose, fold

START = dt.datetime(2026, 3, 1, 20, tzinfo=dt.timezone(dt.timedelta(hours=8)))
DAY = START.date()
IDS = [f"q{n}" for n in range(8)]


class Desk:
    def __init__(self):
        self.now = START
        db = sqlite3.connect(":memory:", isolation_level=None)
        prepare(db, Path("memory"))
        self.progress = Progress(db, Path("memory"), self.clock)

    def clock(self):
        return self.now

    def start(self, mode=Mode.DRILL, questions=IDS, **details):
        return Running.start(self.progress, self.clock, mode, questions, **details)

    def resume(self, running):
        return Running.resume(self.progress, self.clock, running.state.id)


def give(running, rating=3, score=80.0, **more):
    return running.answer(text="答", rating=rating, score=score, points={}, seconds=5, **more)


STEP = st.sampled_from(["right", "miss", "skip", "drop", "mark", "goto", "undo", "wait"])


@settings(max_examples=80, deadline=None)
@given(st.lists(STEP, max_size=30), st.sampled_from([Mode.DRILL, Mode.MOCK]))
def test_a_session_resumed_at_any_point_is_the_same_session(steps, mode):
    desk = Desk()
    running = desk.start(mode, minutes=30)
    for number, step in enumerate(steps):
        desk.now += dt.timedelta(seconds=7)
        current = running.state.current
        if step == "undo":
            desk.progress.undo()
            running.refresh()
        elif step == "goto":
            running.go_to(IDS[number % len(IDS)])
        elif step == "wait":
            running.keep_time()
        elif current is not None:
            {"right": give, "miss": lambda r: give(r, 1), "skip": Running.skip, "drop": Running.drop, "mark": Running.mark}[
                step
            ](running)
        running.keep_time()
        again = desk.resume(running)
        assert again.state == running.state
        assert again.elapsed == pytest.approx(running.elapsed)


@given(st.integers(0, 40), st.integers(0, 10_000))
def test_time_runs_only_while_the_session_is_open(open_s, closed_s):
    desk = Desk()
    running = desk.start(Mode.MOCK, minutes=10)
    desk.now += dt.timedelta(seconds=open_s)
    running.keep_time()
    desk.now += dt.timedelta(seconds=closed_s)
    again = desk.resume(running)
    desk.now += dt.timedelta(seconds=3)

    assert again.elapsed == pytest.approx(open_s + 3)
    assert again.left == pytest.approx(600 - open_s - 3)


def test_a_miss_comes_back_a_few_questions_later_but_not_for_ever():
    desk = Desk()
    running = desk.start()
    give(running, rating=1)
    assert running.state.queue[AGAIN_AFTER] == "q0"
    asked = []
    while running.state.current:
        asked.append(running.state.current)
        give(running, rating=1 if running.state.current == "q0" else 3)

    assert asked.count("q0") == MOST_REPEATS
    assert running.state.position == (8, 8)


def test_a_mock_asks_nothing_twice_and_undoing_an_answer_asks_it_again():
    desk = Desk()
    running = desk.start(Mode.MOCK)
    give(running, rating=1)
    assert "q0" not in running.state.queue
    desk.progress.undo()
    running.refresh()
    assert running.state.current == "q0"


def test_a_program_stays_in_hand_until_it_is_accepted():
    desk = Desk()
    running = desk.start(Mode.REVIEW, ["mnist"])
    for verdict, score in (("WA", 40), ("IE", 0), ("TLE", 10)):
        running.submit(source=b"x", filename="a.py", report=judged(verdict, score))
        assert running.state.current == "mnist"
    assert (running.state.outcomes["mnist"].verdict, running.state.outcomes["mnist"].score) == ("WA", 40)
    running.submit(source=b"x", filename="a.py", report=judged("AC", 100))
    assert running.state.is_complete


def judged(verdict, score):
    return Report(
        verdict=Verdict(verdict),
        score=score,
        problem="mnist",
        framework=None,
        device="cpu",
        sandbox=None,
        isolated=False,
        seed=1,
    )


def test_unfinished_sessions_are_offered_newest_first_and_finished_ones_are_not():
    desk = Desk()
    first = desk.start()
    desk.now += dt.timedelta(hours=1)
    second = desk.start(Mode.MOCK)
    desk.now += dt.timedelta(minutes=1)
    second.keep_time()
    third = desk.start(Mode.READ)
    third.finish()
    found = unfinished(desk.progress)
    assert [(u.state.id, u.elapsed) for u in found] == [(second.state.id, 60.0), (first.state.id, 0.0)]
    desk.now += dt.timedelta(minutes=1)
    give(first)
    assert unfinished(desk.progress)[0].state.id == first.state.id
    with pytest.raises(UsageProblem, match="已经结束"):
        desk.resume(third)


def test_nothing_to_ask_is_told_by_the_mode():
    with pytest.raises(UsageProblem, match="错题本是空的"):
        Desk().start(Mode.WRONG, [])


# --- what a mode asks ------------------------------------------------------------------------------------------------------

TOPICS = (Topic(id="aa", title="A"), Topic(id="bb", title="B"))
CARDS = [Card(f"t{n}", "ab"[n % 2] * 2, frequency=1 + n % 3, difficulty=1 + n % 5, subject=f"s{n}") for n in range(12)]
CARDS += [Card(f"c{n}", "aa", coding=True) for n in range(3)]


def deck(*standings):
    return Deck(CARDS, TOPICS, {s.question: s for s in standings}, DAY)


def known(name, **more):
    return Standing(name, attempts=1, begun=DAY, last_rating=3, memory=Memory(9, 5, DAY - dt.timedelta(days=3), 1, 0), **more)


def asked(mode, *standings, **more):
    return choose(mode, deck(*standings), random.Random(1), **more)


def test_each_mode_asks_what_it_promises():
    theory = {card.id for card in CARDS if not card.coding}
    assert set(asked(Mode.READ)) == set(asked(Mode.DRILL)) == theory
    assert set(asked(Mode.UNSEEN, known("t1"))) == theory - {"t1"}
    assert asked(Mode.WRONG, known("t2", wrong=DAY), known("c1", wrong=DAY - dt.timedelta(days=1)), known("t3")) == ("c1", "t2")
    assert asked(Mode.FAVOURITE, known("c0", favourite=True), known("t5", favourite=True)) == ("t5", "c0")
    assert set(asked(Mode.FREQUENT)) == {card.id for card in CARDS if card.frequency == 3 and not card.coding}
    assert {CARDS[int(name[1:])].topic for name in asked(Mode.DRILL, topic="aa")} == {"aa"}
    assert len(asked(Mode.DRILL, count=4)) == 4
    assert "t1" not in asked(Mode.DRILL, known("t1", suspended=True))


def test_what_left_the_bank_is_not_asked():
    assert asked(Mode.WRONG, known("gone", wrong=DAY)) == ()


def test_the_daily_question_is_one_all_day_and_each_comes_before_any_comes_twice():
    days = [Deck(CARDS, TOPICS, {}, DAY + dt.timedelta(days=n)) for n in range(12)]
    daily = [choose(Mode.DAILY, day, random.Random(n)) for n, day in enumerate(days)]
    assert all(len(ids) == 1 for ids in daily)
    assert choose(Mode.DAILY, deck(known("t1")), random.Random(99)) == daily[0]
    assert len(set(daily)) == 12


def test_a_sprint_begins_with_what_is_frequent_and_forgotten():
    fresh = asked(Mode.SPRINT, known("t2"))
    assert fresh.index("t5") < fresh.index("t2")
    assert CARDS[int(fresh[0][1:])].frequency == 3


# --- mock interviews -------------------------------------------------------------------------------------------------------


@given(st.integers(1, 12), st.booleans(), st.integers(0, 999))
def test_a_mock_is_drawn_without_repeats_easy_first_with_one_program_at_the_end(questions, coding, seed):
    ids = mock.draw(deck(), random.Random(seed), questions=questions, coding=coding)
    cards = [deck().card[name] for name in ids]

    assert len(set(ids)) == len(ids) == questions + coding
    assert [card.coding for card in cards] == [False] * questions + [True] * coding
    assert ids == mock.draw(deck(), random.Random(seed), questions=questions, coding=coding)


def test_a_mock_of_one_topic_and_of_nothing():
    ids = mock.draw(deck(), random.Random(1), questions=9, topics=["bb"])
    assert {deck().card[name].topic for name in ids} == {"bb"}
    with pytest.raises(UsageProblem, match="没有理论题"):
        mock.draw(deck(), random.Random(1), questions=3, topics=["cc"])


def run_mock(desk, scores):
    running = desk.start(Mode.MOCK, ["t0", "t1", "t2", "c0"], minutes=1)
    for score in scores:
        desk.now += dt.timedelta(seconds=30)
        if score is None:
            running.skip()
        elif running.state.current == "c0":
            running.submit(source=b"", filename="a.py", report=judged("AC" if score == 100 else "WA", score))
        else:
            give(running, score=score, detail={"follow_up": "追问"})
    running.finish()
    return running


def test_a_report_counts_what_was_left_out_as_nothing_and_compares_with_the_mock_before():
    desk = Desk()
    first = run_mock(desk, [60.0, None])
    desk.now += dt.timedelta(days=1)
    second = run_mock(desk, [100.0, 50.0, 90.0, 100])
    cards = {card.id: card for card in CARDS}
    made = mock.report(second.state, cards, second.elapsed, [first.state, second.state])

    assert made.score == pytest.approx((100 + 50 + 90 + 3 * 100) / 6, abs=0.1)
    assert [e.score for e in made.earlier] == [10.0]
    assert made.change == pytest.approx(made.score - 10)
    assert (made.answered, made.questions, made.overtime, made.weakest) == (4, 4, 60.0, "bb")
    early = mock.report(first.state, cards, first.elapsed)
    assert [line.status for line in early.lines] == ["answered", "skipped", "unanswered", "unanswered"]
    assert early.change is None


def test_a_fold_of_nothing_is_no_session():
    assert fold([]) is None
