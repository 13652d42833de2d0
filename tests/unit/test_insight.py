"""What the statistics say, from hand-made histories whose answer is known."""

import datetime as dt
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.progress import Progress
from quizapp.progress.records import Overrule
from quizapp.progress.standing import Standing
from quizapp.study import insight_words as words
from quizapp.study.insight import (
    OverruleTally,
    Recall,
    Retention,
    Sureness,
    calibration,
    calibration_word,
    due_forecast,
    overrule_tally,
    pace,
    programs,
    true_retention,
)
from quizapp.study.mastery import mastery
from quizapp.study.schedule import Memory, Policy

TODAY = dt.date(2026, 7, 3)


def day(back):
    return TODAY - dt.timedelta(days=back)


def answer(question="q", rating=3, score=None, confidence=None, seconds=10.0):
    return SimpleNamespace(question=question, rating=rating, score=score, confidence=confidence, seconds=seconds)


def submission(question, verdict, score=0.0):
    return SimpleNamespace(question=question, verdict=verdict, score=score)


def test_nothing_done_is_nothing_claimed():
    assert true_retention({}, TODAY) == Retention()
    assert Recall().share is None
    assert due_forecast([], TODAY) == (0,) * 30
    assert calibration([]) == ()
    assert pace([], {}) == ()
    assert programs([]) == ()
    assert overrule_tally([]) == OverruleTally()


def test_the_first_answer_ever_is_learning_and_not_remembering():
    assert true_retention({"q": [(day(3), 3)]}, TODAY).overall == Recall(0, 0)


def test_of_several_answers_on_a_day_only_the_first_tells_what_was_remembered():
    history = {"q": [(day(9), 3), (day(9), 1), (day(5), 1), (day(5), 3), (day(5), 3)]}

    assert true_retention(history, TODAY).overall == Recall(1, 0)


def test_retention_is_split_by_time_and_by_gap():
    history = {"a": [(day(60), 3), (day(45), 3), (day(43), 1)], "b": [(day(20), 3), (day(10), 3), (day(8), 2)]}
    told = true_retention(history, TODAY)

    assert told.overall == Recall(4, 3)
    assert told.recent == Recall(2, 2)
    assert told.young == Recall(2, 1)
    assert told.old == Recall(2, 2)


@given(st.dictionaries(st.sampled_from("abc"), st.lists(st.tuples(st.integers(0, 90).map(day), st.integers(1, 4)), max_size=9)))
def test_every_review_is_either_young_or_old_and_recent_ones_are_among_all(history):
    told = true_retention(history, TODAY)

    assert told.young.asked + told.old.asked == told.overall.asked
    assert told.young.recalled + told.old.recalled == told.overall.recalled
    assert told.recent.asked <= told.overall.asked <= sum(max(0, len(answers) - 1) for answers in history.values())
    assert told.overall.recalled <= told.overall.asked


def test_what_is_overdue_is_due_today_and_what_is_suspended_never():
    standings = [
        Standing("late", due=day(4)),
        Standing("today", due=TODAY),
        Standing("later", due=day(-29)),
        Standing("beyond", due=day(-30)),
        Standing("off", due=TODAY, suspended=True),
        Standing("new"),
    ]
    forecast = due_forecast(standings, TODAY)

    assert (forecast[0], forecast[29], sum(forecast)) == (2, 1, 3)


def test_a_score_says_whether_an_answer_was_right_and_a_rating_where_there_is_none():
    answers = [
        answer(confidence=3, score=59.9, rating=4),
        answer(confidence=3, score=60.0, rating=1),
        answer(confidence=1, rating=1),
        answer(confidence=1, rating=2),
        answer(confidence=None, score=100.0),
    ]

    assert calibration(answers) == (Sureness(1, 2, 1), Sureness(3, 2, 1))


@pytest.mark.parametrize(
    ("levels", "word"),
    [
        ([Sureness(3, 4, 0)], ""),
        ([Sureness(3, 10, 7)], "偏自信：有把握的 10 次里答错 3 次"),
        ([Sureness(1, 10, 7), Sureness(3, 10, 10)], "偏谨慎：没把握的 10 次里答对 7 次"),
        ([Sureness(1, 10, 3), Sureness(3, 10, 9)], "把握和结果相符"),
    ],
)
def test_calibration_speaks_only_when_it_can_tell(levels, word):
    assert calibration_word(levels) == word


def test_pace_is_the_median_by_type_without_untimed_and_unknown_answers():
    answers = [
        answer("a", seconds=10),
        answer("a", seconds=1000),
        answer("b", seconds=30),
        answer("c", seconds=50),
        answer("a", seconds=0),
        answer("gone", seconds=9),
    ]
    told = pace(answers, {"a": "single", "b": "single", "c": "short_answer"})

    assert [(one.kind, one.answers, one.median_s) for one in told] == [("short_answer", 1, 50), ("single", 3, 30)]


def test_programs_count_tries_but_no_judge_errors():
    newest_first = [
        submission("gan", "CX"),
        submission("mnist", "WA", 40),
        submission("mnist", "AC", 100),
        submission("mnist", "IE"),
        submission("mnist", "WA", 60),
        submission("gan", "SK"),
    ]
    (told,) = programs(newest_first)

    assert (told.problem, told.tries, told.best, told.last_verdict, told.solved_at) == ("mnist", 3, 100, "WA", 2)
    assert told.verdicts == {"WA": 2, "AC": 1}


def test_overrules_are_counted_by_direction_and_those_taken_back_not_at_all():
    at = dt.datetime(2026, 7, 3, tzinfo=dt.UTC)
    told = overrule_tally(
        [
            Overrule("a", at, {"x": "遗漏", "y": "部分"}, {"x": "命中", "y": "命中"}),
            Overrule("b", at, {"x": "遗漏"}, {"x": "命中"}),
            Overrule("c", at, {"x": "命中"}, {"x": "命中"}),
        ]
    )

    assert told == OverruleTally(2, 3, {"遗漏→命中": 2, "部分→命中": 1})


def test_several_overrules_of_one_answer_add_up(tmp_path):
    clock = lambda: dt.datetime(2026, 7, 3, 12, tzinfo=dt.UTC)  # noqa: E731
    with Progress.open(tmp_path / "progress.db", clock) as progress:
        made = progress.record_answer(
            "q", text="t", rating=1, score=0, points={"a": "遗漏", "b": "遗漏"}, mode="practice", seconds=1
        )
        progress.overrule(made, {"a": "命中"}, score=50, rating=2)
        progress.overrule(made, {"b": "部分"}, score=75, rating=3)

        (told,) = progress.overrules()
        assert dict(progress.answers()[0].points) == {"a": "命中", "b": "部分"}
        assert (told.before, told.after) == ({"a": "遗漏", "b": "遗漏"}, {"a": "命中", "b": "部分"})

        progress.undo()
        assert dict(progress.answers()[0].points) == {"a": "命中", "b": "遗漏"}


def test_mastery_fades_and_an_untouched_question_counts_for_nothing():
    policy = Policy()
    known = Standing("q", attempts=1, last_score=80.0, memory=Memory(10.0, 5.0, TODAY, 1, 0))

    assert mastery(None, TODAY, policy) == mastery(Standing("q"), TODAY, policy) == 0
    assert mastery(known, TODAY, policy) == pytest.approx(0.8)
    assert 0 < mastery(known, day(-30), policy) < mastery(known, day(-5), policy) < 0.8


def test_every_section_has_words_for_nothing():
    assert "还没有" in words.retention_lines(Retention(), 0.9)[0]
    assert words.forecast_line((0,) * 30) == "30 天内没有到期的题。"
    assert "还没有" in words.calibration_line(())
    assert words.overrule_line(OverruleTally()) == "没有改判过。"
    assert words.percent(0, 0) == "-"


@pytest.mark.parametrize(("seconds", "told"), [(0, "0 秒"), (59.4, "59 秒"), (125, "2 分 05 秒"), (4320, "1 小时 12 分")])
def test_durations(seconds, told):
    assert words.duration(seconds) == told
