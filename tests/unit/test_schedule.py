"""The schedule: FSRS by learning days, capped by the interview, spread by a seed, previewed truly."""

from __future__ import annotations

import datetime as dt
import random

import fsrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.clock import learning_day
from quizapp.problems import UsageProblem
from quizapp.study import optimize
from quizapp.study.schedule import LAST_WEEK, RATINGS, Memory, Policy, cap, due_day, interval, preview, retrievability, review

DAY = dt.date(2026, 3, 1)
NOON = dt.time(12, tzinfo=dt.UTC)
TRACE = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 4)), min_size=1, max_size=12)
UNCAPPED = Policy(maximum_interval=36500)


def played(trace, policy=UNCAPPED):
    """The memories along a trace of (days later, rating)."""
    memory, day, memories = None, DAY, []
    for gap, rating in trace:
        day += dt.timedelta(days=gap)
        memory = review(memory, rating, day, policy)
        memories.append(memory)
    return memories


@given(TRACE, st.sampled_from([0.8, 0.9, 0.95]))
def test_a_trace_equals_fsrs_itself(trace, retention):
    scheduler = fsrs.Scheduler(desired_retention=retention, learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card, moment = fsrs.Card(card_id=1), dt.datetime.combine(DAY, NOON)
    policy = Policy(desired_retention=retention, maximum_interval=36500)
    for (gap, rating), memory in zip(trace, played(trace, policy), strict=True):
        moment += dt.timedelta(days=gap)
        card, _ = scheduler.review_card(card, fsrs.Rating(rating), moment)
        assert (memory.stability, memory.difficulty) == (card.stability, card.difficulty)
        assert min(interval(memory, policy), 36500) == (card.due - moment).days
        later = moment + dt.timedelta(days=9)
        assert retrievability(memory, later.date(), policy) == scheduler.get_card_retrievability(card, later)


def test_the_first_intervals_are_those_of_fsrs_6():
    memories = played([(0, 3), (2, 3), (11, 3)])
    assert [interval(memory, UNCAPPED) for memory in memories] == [2, 11, 46]
    assert [interval(review(None, rating, DAY, UNCAPPED), UNCAPPED) for rating in RATINGS] == [1, 1, 2, 8]


def test_two_evenings_are_two_days_though_less_than_24_hours_apart():
    zone = dt.timezone(dt.timedelta(hours=8))
    evenings = [dt.datetime(2026, 3, 1, 21, tzinfo=zone), dt.datetime(2026, 3, 2, 20, 30, tzinfo=zone)]
    first = review(None, 4, learning_day(evenings[0]), UNCAPPED)
    by_days = review(first, 3, learning_day(evenings[1]), UNCAPPED)
    by_hours, _ = fsrs.Scheduler(learning_steps=(), enable_fuzzing=False).review_card(
        fsrs.Card(1, fsrs.State.Review, None, first.stability, first.difficulty, last_review=evenings[0].astimezone(dt.UTC)),
        fsrs.Rating.Good,
        evenings[1].astimezone(dt.UTC),
    )
    assert by_days.stability > by_hours.stability


@given(TRACE, st.text(min_size=1, max_size=8), st.integers(1, 60))
def test_an_interview_is_never_slept_through(trace, question, left):
    """Everything is seen in the last week before it: what was not seen there yet is due before the interview."""
    memory = played(trace)[-1]
    policy = Policy(interview_date=memory.day + dt.timedelta(days=left))
    due = due_day(question, memory, policy)

    assert memory.day < due
    assert due < policy.interview_date or left <= LAST_WEEK


def test_last_sights_are_spread_over_days():
    policy = Policy(interview_date=DAY + dt.timedelta(days=30))
    memory = Memory(500.0, 5.0, DAY, 3, 0)
    assert len({due_day(f"q{n}", memory, policy) for n in range(60)}) >= 5


@given(TRACE, st.text(min_size=1, max_size=8), st.integers(0, 5))
def test_a_due_day_is_reproducible_within_bounds_and_spread_by_the_seed(trace, question, seed):
    memory = played(trace)[-1]
    policy = Policy(seed=seed)
    due = due_day(question, memory, policy)
    wanted = min(interval(memory, policy), policy.maximum_interval)

    assert due == due_day(question, memory, policy)
    assert 1 <= (due - memory.day).days <= policy.maximum_interval
    assert abs((due - memory.day).days - wanted) <= 1 + max(1, wanted * 0.15)


@given(st.one_of(st.none(), TRACE), st.text(min_size=1, max_size=8), st.integers(0, 60), st.sampled_from([None, 10, 40]))
def test_a_button_does_what_it_shows_and_better_is_not_sooner(trace, question, gap, left):
    memory = played(trace)[-1] if trace else None
    day = (memory.day if memory else DAY) + dt.timedelta(days=gap)
    policy = Policy(interview_date=day + dt.timedelta(days=left) if left else None)
    shown = preview(question, memory, day, policy)
    done = {rating: (due_day(question, review(memory, rating, day, policy), policy) - day).days for rating in RATINGS}

    assert shown == done
    assert shown[1] <= shown[3] <= shown[4]
    assert shown[2] <= shown[3]


@given(TRACE)
def test_lapses_are_counted_after_the_first_review_only(trace):
    assert played(trace)[-1].lapses == sum(rating == 1 for _, rating in trace[1:])


def test_a_clock_set_back_counts_as_the_same_day():
    memory = review(None, 3, DAY, UNCAPPED)
    back = review(memory, 3, DAY - dt.timedelta(days=3), UNCAPPED)
    assert back == review(memory, 3, DAY, UNCAPPED)


@given(st.integers(0, 400), st.text(max_size=5))
def test_the_cap_is_at_least_a_day_and_gone_after_the_interview(left, question):
    policy = Policy(interview_date=DAY + dt.timedelta(days=left))
    assert 1 <= cap(question, DAY, policy) <= policy.maximum_interval
    assert cap(question, policy.interview_date, policy) == policy.maximum_interval


@given(st.builds(Policy, interview_date=st.one_of(st.none(), st.dates()), parameters=st.one_of(st.none(), st.just((0.1, 0.2)))))
def test_a_policy_survives_the_log(policy):
    assert Policy.from_json({**policy.to_json(), "of a later version": 1}) == policy


def forgetful(rng, questions, reviews):
    """Histories of a learner who forgets much faster than the default weights say."""
    usual = fsrs.Scheduler().parameters
    truth = Policy(parameters=(0.1, 0.3, 0.6, 2.0, *usual[4:8], 0.3, *usual[9:]))
    histories = {}
    for number in range(questions):
        memory, day, days = None, DAY + dt.timedelta(days=number % 20), []
        for _ in range(reviews):
            recalled = memory is None or rng.random() < retrievability(memory, day, truth)
            days.append((day, 3 if recalled else 1))
            memory = review(memory, days[-1][1], day, truth)
            day += dt.timedelta(days=rng.randint(1, 6))
        histories[f"q{number}"] = days
    return histories


def test_too_little_history_is_told_with_the_number():
    with pytest.raises(UsageProblem, match="40 次"):
        optimize.fit(forgetful(random.Random(1), 10, 5), Policy())


@pytest.mark.slow
def test_fitting_predicts_unseen_reviews_better_than_the_default():
    pytest.importorskip("pandas")
    pytest.importorskip("torch")
    pytest.importorskip("tqdm")
    fit = optimize.fit(forgetful(random.Random(1), 80, 11), Policy())
    fitted = Policy(parameters=fit.parameters)

    assert fit.better
    assert review(None, 3, DAY, fitted).stability < review(None, 3, DAY, Policy()).stability
