"""Calibration: what stands in the table follows from what was measured."""

import math
import statistics
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.margins import Row, complaints, page, rows
from judge.verdict import CheckResult, Metric, Report, Timings, Verdict
from judge.verify import Expectation, Outcome, Proof, compare

ERROR = {"op": "<=", "threshold": 1.0, "check": "test_values"}
PROBLEM = SimpleNamespace(id="digits", title="数字")


def outcome(file, expected, values, *, threshold=0.9, op=">=", check="test_accuracy", cpu=1.0):
    """One run in which a check measured the values; it fails when one does not hold."""
    metrics = tuple(Metric(name="准确率", value=v, op=op, threshold=threshold) for v in values)
    holds = all(Row(check, "准确率", op, threshold).holds(v) for v in values)
    status = Verdict.AC if holds else Verdict.WA
    report = Report(
        verdict=status,
        score=0,
        problem="digits",
        framework="torch",
        device="cpu",
        sandbox="bwrap",
        isolated=True,
        seed=1,
        versions={"torch": "9"},
        timings=Timings(cpu_s=cpu),
        checks=(CheckResult(id=check, group="training", title="准确率", status=status, metrics=metrics),),
    )
    wanted = Expectation(framework="torch", verdict=expected, check=() if expected is Verdict.AC else check)
    return Outcome(file, wanted, report, tuple(compare(wanted, report)))


def accepted(file, *values, **more):
    return [outcome(file, Verdict.AC, [v], **more) for v in values]


def wrong(file, *values, **more):
    return [outcome(file, Verdict.WA, [v], **more) for v in values]


def proof(*outcomes):
    return Proof(PROBLEM, [o for group in outcomes for o in group])


def test_margin_is_the_distance_in_standard_deviations_of_the_closest_file():
    found = rows(proof(accepted("a.py", 0.95, 0.96, 0.97), accepted("b.py", 0.93, 0.95, 0.97), wrong("w.py", 0.5, 0.55, 0.6)))
    (row,) = found
    margin, file = row.closest(row.accepted)
    assert file == "b.py"
    assert margin == pytest.approx((0.95 - 0.9) / statistics.stdev([0.93, 0.95, 0.97]))
    assert row.closest(row.wrong)[0] == pytest.approx((0.9 - 0.55) / statistics.stdev([0.5, 0.55, 0.6]))
    assert complaints(proof(accepted("a.py", 0.95, 0.96, 0.97), wrong("w.py", 0.5, 0.55, 0.6))) == []


def test_a_margin_below_two_is_said_for_either_side():
    said = complaints(proof(accepted("a.py", 0.91, 0.93, 0.99), wrong("w.py", 0.1, 0.5, 0.89)))
    assert any("a.py" in line and "标准差" in line for line in said)
    assert any("w.py" in line and "标准差" in line for line in said)


def test_an_accepted_file_that_fails_and_a_wrong_one_that_passes_are_said():
    said = complaints(proof(accepted("a.py", 0.95, 0.96, 0.2), wrong("w.py", 0.5, 0.51, 0.95)))
    assert any("a.py" in line and "应为 AC，得到 WA" in line for line in said)
    assert any("w.py" in line and "应为 WA，得到 AC" in line for line in said)


def test_the_runs_in_which_a_wrong_file_slipped_through_count():
    (row,) = rows(proof(accepted("a.py", 0.99, 0.99), wrong("w.py", 0.5, 0.51, 0.95)))
    assert row.wrong["w.py"] == [0.5, 0.51, 0.95]


def test_parameters_of_a_check_are_one_row_with_the_worst_value():
    run = outcome("a.py", Verdict.AC, [0.95, 0.91, 0.99], check="test_accuracy[3]")
    (row,) = rows(proof([run]))
    assert row.check == "test_accuracy"
    assert row.accepted == {"a.py": [0.91]}


def test_a_wrong_file_counts_only_for_the_metric_that_stops_it():
    stopped_elsewhere = [outcome("w.py", Verdict.WA, [0.99], check="test_loss") for _ in range(2)]
    (row,) = rows(proof(accepted("a.py", 0.95, 0.96), stopped_elsewhere))
    assert row.wrong == {}


def test_a_recorded_number_that_decides_nothing_has_no_margin():
    run = accepted("a.py", 0.95)[0]
    check = run.report.checks[0].model_copy(update={"metrics": (Metric(name="n", value=1.0, op=">=", threshold=2.0),)})
    report = run.report.model_copy(update={"checks": (check,)})
    recorded = Outcome("a.py", run.expectation, report, ())
    (row,) = rows(proof([recorded, recorded]))
    assert not row.decides
    assert row.close_calls() == []
    assert "仅记录" in page([proof([recorded, recorded])], accepted=2, wrong=0)


def test_what_is_not_finite_never_holds_and_is_counted_beside_the_numbers():
    (row,) = rows(proof(wrong("w.py", None, None, 0.1)))
    assert row.margin([None, None]) == math.inf
    assert "2 次非有限" in page([proof(wrong("w.py", None, None, 0.1))], accepted=1, wrong=3)


def test_errors_over_many_orders_of_magnitude_are_compared_by_their_logarithm():
    """A wrong file at ten to the 3, 5 and 7 times the tolerance is far away, however wide it spreads."""
    row = Row("test_values", "误差/容差", "<=", 1.0, {"a.py": [1e-3, 2e-3]}, {"w.py": [1e3, 1e5, 1e7]})
    assert row.logarithmic
    assert row.margin([1e3, 1e5, 1e7]) == pytest.approx(5 / 2)
    assert row.close_calls() == []


def test_a_share_is_compared_as_it_is():
    row = Row("test_right_way_up", "倒立的图的比例", "<=", 0.25, {"a.py": [0.005, 0.07, 0.16]}, {"w.py": [0.8, 0.9, 0.91]})
    assert not row.logarithmic


@given(st.lists(st.floats(0.91, 0.99), min_size=3, max_size=9), st.floats(0.01, 0.08))
def test_a_stricter_threshold_never_widens_the_margin(values, step):
    at, nearer = (Row("c", "m", ">=", threshold).margin(values) for threshold in (0.9 - step, 0.9))
    assert nearer <= at or math.isclose(nearer, at)


def test_two_runs_are_too_few_to_speak_of_a_spread():
    assert Row("c", "m", ">=", 0.9).margin([0.91, 0.99]) is None


def test_a_lower_bound_far_below_is_far_away_however_wide_the_values_are():
    """A difference of 0.03 to 0.16 where 0.0001 is asked for."""
    row = Row("test_order", "差", ">", 1e-4, {"a.py": [0.03, 0.05, 0.16]}, {"w.py": [0.0, 0.0, 0.0]})
    assert row.logarithmic
    assert row.close_calls() == []
    assert not Row("test_accuracy", "准确率", ">=", 0.9, {"a.py": [0.95, 0.96, 0.97]}, {"w.py": [0.0, 0.1, 0.0]}).logarithmic


def test_the_page_states_how_often_each_file_was_really_run():
    text = page(
        [proof(accepted("a.py", 0.95, 0.96, 0.97), accepted("b.py", 0.98, 0.99), wrong("w.py", 0.3))], accepted=20, wrong=5
    )
    assert "通过的文件 2 个，各 2–3 次，共 5 次；错误的文件 1 个，各 1 次，共 1 次" in text
    assert "| a.py | 3 | 3 | 1.0 | 1.0 |" in text


def test_a_mistake_may_show_in_one_check_or_another_but_in_no_third():
    def one(check):
        (found,) = wrong("w.py", 0.5, check=check)
        expected = Expectation(framework="torch", verdict=Verdict.WA, check=["test_diversity", "test_face"])
        return compare(expected, found.report)

    assert one("test_diversity") == one("test_face") == []
    assert "应先败在 test_diversity 或 test_face" in one("test_frechet")[0]


def joined(run, other):
    """One run that both checks were made in."""
    report = run.report.model_copy(update={"checks": (*run.report.checks, *other.report.checks)})
    expected = run.expectation.model_copy(update={"check": ()})
    return Outcome(run.file, expected, report, ())


def test_of_checks_that_fail_every_run_the_surest_has_the_margin():
    near = wrong("w.py", 0.88, 0.80, 0.89)
    far = wrong("w.py", 0.1, 0.11, 0.12, check="test_loss")
    found = {row.check: row for row in rows(proof([joined(*both) for both in zip(near, far, strict=True)]))}
    assert list(found) == ["test_loss"]
    assert found["test_loss"].wrong == {"w.py": [0.1, 0.11, 0.12]}


def test_a_check_that_let_a_run_through_is_no_surer_for_being_far_away():
    near = wrong("w.py", 0.88, 0.80, 0.89)
    far = wrong("w.py", 0.1, 0.11, 0.95, check="test_loss")
    (row,) = rows(proof([joined(*both) for both in zip(near, far, strict=True)]))
    assert row.check == "test_accuracy"


def test_a_check_that_breaks_now_this_number_now_that_is_not_sure():
    accepted_runs = accepted("a.py", 0.95, 0.96, 0.97)
    near = wrong("w.py", 0.88, 0.80, 0.89, 0.87)
    torn = [
        outcome("w.py", Verdict.WA, [v], check="test_diversity", op=op, threshold=1) for v, op in ((0, ">="), (2, "<=")) * 2
    ]
    found = rows(proof(accepted_runs, [joined(*both) for both in zip(near, torn, strict=True)]))
    assert [row.check for row in found if row.wrong] == ["test_accuracy"]


def test_the_surest_is_sought_on_the_scale_that_the_page_shows():
    right = [
        joined(*both)
        for both in zip(accepted("a.py", 0.95, 0.96, 0.97), accepted("a.py", 1e-4, 1e-3, 1e-2, **ERROR), strict=True)
    ]
    right = [Outcome(run.file, run.expectation.model_copy(update={"verdict": Verdict.AC}), run.report, ()) for run in right]
    broken = [
        joined(*both) for both in zip(wrong("w.py", 0.88, 0.80, 0.89), wrong("w.py", 1e3, 1e5, 1e7, **ERROR), strict=True)
    ]
    assert [row.check for row in rows(proof(right, broken)) if row.wrong] == ["test_values"]
