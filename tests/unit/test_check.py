"""`check` refuses what is wrong, names it, and records the number beside the threshold."""

import math

import numpy as np
import pytest

from judge.grader.check import Check
from judge.grader.failures import CheckFailed
from judge.verdict import Verdict


@pytest.fixture
def check():
    return Check()


def fails(call, *args, **kwargs):
    with pytest.raises(CheckFailed) as caught:
        call(*args, **kwargs)
    return caught.value


def test_close_passes_within_tolerance_and_records_the_worst_ratio(check):
    check.close(np.float32([1.0, 2.0]), [1.0, 2.00001], rtol=1e-4, atol=0)

    assert check.metrics[0].value < 1


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_non_finite_values_are_never_close(check, bad):
    assert fails(check.close, np.array([bad, 2.0]), [1.0, 2.0]).verdict is Verdict.BR


def test_nan_is_not_close_to_nan(check):
    assert fails(check.close, np.array([math.nan]), [math.nan]).verdict is Verdict.BR


def test_shapes_do_not_broadcast(check):
    assert fails(check.close, np.float64(6.0).reshape(1), np.full((2, 2), 6.0)).verdict is Verdict.BR


def test_zeros_are_not_close_to_small_values_with_a_relative_tolerance(check):
    assert fails(check.close, np.zeros(4), np.full(4, 4e-6), rtol=1e-3, atol=0).verdict is Verdict.WA


def test_the_first_mistake_that_the_output_equals_is_the_diagnosis(check):
    x = np.arange(6.0).reshape(2, 3)

    failure = fails(check.close, x * 2, x, mistakes={"翻倍了": x * 2, "也翻倍": x * 2})

    assert failure.diagnosis == "翻倍了"


def test_a_mistake_may_be_nan(check):
    failure = fails(check.close, np.array([math.nan, 1.0]), [0.5, 1.0], mistakes={"没有减去最大值": [math.nan, 1.0]})

    assert failure.diagnosis == "没有减去最大值"


def test_the_message_points_at_the_first_wrong_element(check):
    message = fails(check.close, np.array([[1.0, 5.0]]), [[1.0, 2.0]]).message

    assert "1/2" in message
    assert "[0, 1]" in message


@pytest.mark.parametrize("value", [None, "6", [1, 2], object(), True, np.array(["a"]), np.array([object()], dtype=object)])
def test_only_numeric_arrays_and_plain_numbers_are_compared(check, value):
    assert fails(check.close, value, [1.0, 2.0]).verdict is Verdict.BR


def test_an_array_subclass_is_not_an_array(check):
    class Always(np.ndarray):
        def __eq__(self, other):
            return True

    assert fails(check.close, np.zeros(2).view(Always), [1.0, 2.0]).verdict is Verdict.BR


@pytest.mark.parametrize(
    ("method", "value", "holds"),
    [
        ("at_least", 1.0, True),
        ("at_least", 0.9, False),
        ("at_most", 1.0, True),
        ("at_most", 1.1, False),
        ("above", 1.0, False),
        ("below", 1.0, False),
    ],
)
def test_bounds(check, method, value, holds):
    if holds:
        getattr(check, method)("x", value, 1.0)
    else:
        assert fails(getattr(check, method), "x", value, 1.0, "太低").diagnosis == "太低"


@pytest.mark.parametrize("method", ["at_least", "at_most", "above", "below"])
def test_nan_holds_no_bound_and_is_recorded_as_none(check, method):
    fails(getattr(check, method), "x", math.nan, 1.0)

    assert check.metrics[0].value is None


def test_shape_takes_none_for_any_length(check):
    check.shape(np.zeros((3, 10)), (None, 10))

    assert "(任意, 10)" in fails(check.shape, np.zeros((3, 9)), (None, 10)).diagnosis


def test_dtype_is_exact(check):
    assert "float64" in fails(check.dtype, np.zeros(2), "float32").diagnosis


def test_integers_compare_without_overflow(check):
    assert fails(check.close, np.array([255], dtype=np.uint8), [-1.0]).verdict is Verdict.WA
