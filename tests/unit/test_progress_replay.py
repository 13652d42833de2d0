"""The log is the truth: what is derived step by step is what a replay derives."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from judge.verdict import CheckResult, Report, Verdict
from quizapp.progress import Progress
from quizapp.progress.opening import prepare
from quizapp.progress.schema import DERIVED_TABLES
from quizapp.study.schedule import Policy

QUESTIONS = st.sampled_from(["llm", "rope", "mnist"])
START = dt.datetime(2026, 3, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=8)))


class Desk:
    """A progress file in memory under a clock that goes where it is told, backwards too."""

    def __init__(self):
        self.now = START
        db = sqlite3.connect(":memory:", isolation_level=None)
        prepare(db, Path("memory"))
        self.db = db
        self.progress = Progress(db, Path("memory"), lambda: self.now)

    def derived(self):
        return {table: sorted(self.db.execute(f"SELECT * FROM {table}"), key=repr) for table in DERIVED_TABLES}


def report(verdict, score=0.0):
    check = CheckResult(id="c", group="g", title="t", status=Verdict(verdict), diagnosis="忘记除以 √d_k")
    return Report(
        verdict=Verdict(verdict), score=score, problem="mnist", framework="torch", device="cpu", sandbox=None, isolated=False,
        seed=7, checks=(check,),
    )  # fmt: skip


def answer(question, rating, score):
    def act(progress):
        progress.record_answer(question, text="答", rating=rating, score=score, points={"a": "hit"}, mode="刷题", seconds=3.2)

    return act


def submit(question, verdict, score, related=()):
    def act(progress):
        made = report(verdict, score)
        progress.record_submission(question, source=b"x", filename="a.py", report=made, related=related)

    return act


def overrule(which, rating, score):
    def act(progress):
        answers = progress.answers(limit=100)
        if answers:
            progress.overrule(answers[which % len(answers)].id, {"a": "miss"}, score=score, rating=rating)

    return act


FITTED = (
    0.3, 1.5, 3.0, 9.0, 6.0, 0.9, 3.0, 0.01, 1.8, 0.2, 0.8, 1.4, 0.06, 0.25, 1.6, 0.6, 1.8, 0.5, 0.1, 0.07, 0.16,
)  # fmt: skip
RATING = st.integers(1, 4)
SCORE = st.one_of(st.none(), st.floats(0, 100, allow_nan=False).map(lambda x: round(x, 2)))
POLICY = st.builds(
    Policy,
    desired_retention=st.sampled_from([0.8, 0.9]),
    interview_date=st.one_of(st.none(), st.dates(dt.date(2026, 3, 1), dt.date(2026, 4, 30))),
    leave_wrong_after=st.integers(1, 3),
    parameters=st.sampled_from([None, FITTED]),
)  # fmt: skip
ACTION = st.one_of(
    st.builds(answer, QUESTIONS, RATING, SCORE),
    st.builds(answer, QUESTIONS, RATING, SCORE),
    st.builds(submit, QUESTIONS, st.sampled_from(["AC", "WA", "TLE", "IE", "CX"]), st.just(50.0), st.lists(QUESTIONS, max_size=2)),
    st.builds(overrule, st.integers(0, 20), RATING, SCORE),
    st.just(lambda progress: progress.undo()),
    st.builds(lambda q, on: lambda progress: progress.set_favourite(q, on), QUESTIONS, st.booleans()),
    st.builds(lambda q, on: lambda progress: progress.set_wrong(q, on), QUESTIONS, st.booleans()),
    st.builds(lambda q, on: lambda progress: progress.suspend(q, on), QUESTIONS, st.booleans()),
    st.builds(lambda q: lambda progress: progress.set_note(q, "记"), QUESTIONS),
    st.builds(lambda q: lambda progress: progress.mark_met(q), QUESTIONS),
    st.builds(lambda p: lambda progress: progress.configure(p), POLICY),
    st.builds(lambda op: lambda progress: progress.record_session("s1", op, mode="刷题"), st.sampled_from(["start", "skip", "finish"])),
)  # fmt: skip
PAUSE = st.sampled_from([0, 0, 60, 3600, 86400, 5 * 86400, -3600, -2 * 86400])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(PAUSE, ACTION), max_size=25))
def test_replay_equals_what_was_derived_on_the_way(steps):
    desk = Desk()
    for pause, act in steps:
        desk.now += dt.timedelta(seconds=pause)
        act(desk.progress)
    before = desk.derived()
    desk.progress.rebuild()

    assert desk.derived() == before


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(PAUSE, ACTION), max_size=12), st.lists(st.tuples(QUESTIONS, RATING, SCORE), min_size=1, max_size=40))
def test_undo_leads_back_step_by_step(earlier, answers):
    """However many answers: undoing each returns to the state before it."""
    desk = Desk()
    for pause, act in earlier:
        desk.now += dt.timedelta(seconds=pause)
        act(desk.progress)
    states = []
    for question, rating, score in answers:
        states.append({name: state for name, state in desk.progress.states().items() if state.attempts})
        desk.now += dt.timedelta(hours=7)
        answer(question, rating, score)(desk.progress)
    for expected in reversed(states):
        assert desk.progress.undo() is not None
        assert {name: state for name, state in desk.progress.states().items() if state.attempts} == expected


def test_a_judge_error_is_kept_but_not_charged():
    desk = Desk()
    submit("mnist", "IE", 0.0)(desk.progress)

    assert [s.verdict for s in desk.progress.submissions()] == ["IE"]
    assert desk.progress.state("mnist").attempts == 0
    assert desk.progress.stats().submissions == 0


def test_overruling_changes_score_rating_and_points_everywhere():
    desk = Desk()
    answer("llm", 1, 20.0)(desk.progress)
    desk.progress.overrule(desk.progress.answers()[0].id, {"a": "partial"}, score=80.0, rating=3, reason="我说到了")
    state, shown = desk.progress.state("llm"), desk.progress.answers()[0]

    assert (state.last_score, state.last_rating, state.wrong) == (80.0, 3, False)
    assert (shown.score, shown.rating, dict(shown.points), shown.overruled) == (80.0, 3, {"a": "partial"}, True)
    assert desk.progress.stats().overruled == 1


def test_wrong_book_takes_a_miss_and_lets_go_after_enough_right_answers_in_a_row():
    desk = Desk()
    desk.progress.configure(Policy(leave_wrong_after=2))
    answer("llm", 3, 40.0)(desk.progress)
    seen = [desk.progress.state("llm").wrong]
    for rating, score in ((3, 90.0), (1, 10.0), (3, 90.0), (2, 60.0)):
        answer("llm", rating, score)(desk.progress)
        seen.append(desk.progress.state("llm").wrong)

    assert seen == [True, True, True, True, False]


def test_a_solved_program_comes_back_and_failures_before_it_bring_it_back_sooner():
    smooth, rough = Desk(), Desk()
    submit("mnist", "AC", 100.0)(smooth.progress)
    for verdict in ("WA", "WA", "TLE", "WA", "AC"):
        submit("mnist", verdict, 100.0)(rough.progress)
    assert smooth.progress.state("mnist").status == rough.progress.state("mnist").status == "solved"

    def stability(desk):
        return desk.progress.state("mnist").stability

    assert stability(rough) < stability(smooth)
    assert smooth.progress.state("mnist").due - START >= dt.timedelta(days=2)


def test_a_failing_program_brings_its_theory_question_forward_until_it_is_answered():
    desk = Desk()
    answer("rope", 4, 100.0)(desk.progress)
    assert desk.progress.state("rope").due > START + dt.timedelta(days=1)
    submit("mnist", "AC", 100.0, ["rope"])(desk.progress)
    submit("mnist", "IE", 0.0, ["rope"])(desk.progress)
    assert desk.progress.state("rope").due > START + dt.timedelta(days=1)
    submit("mnist", "WA", 10.0, ["rope"])(desk.progress)
    assert desk.progress.state("rope").due <= START
    answer("rope", 3, 90.0)(desk.progress)

    assert desk.progress.state("rope").due > START
