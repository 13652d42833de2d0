"""What a worker claims is checked before a check builds on it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judge.grader.failures import SubmissionFailed
from judge.grader.link import Handle
from judge.grader.submission import Submission
from judge.verdict import Verdict

MODEL = Handle(1, "model", "Net")
X = np.zeros((2, 3), "float32")
NONSENSE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.just(X) | st.just(MODEL),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3),
    max_leaves=6,
)


class Claims:
    """A link whose worker answers every request with the same thing."""

    curve = ()

    def __init__(self, answer):
        self.answer = answer

    def request(self, op, **args):
        return self.answer


def asked(answer):
    return Submission(Claims(answer), framework="torch", device="cpu")


def verdict_of(operation, submission):
    try:
        operation(submission)
    except SubmissionFailed as failure:
        return failure.verdict
    return None


OPERATIONS = {
    "gradients": lambda s: [grad.shape for grad in s.gradients("f", X, cotangent=X).inputs if grad is not None],
    "trace": lambda s: (s.trace("f", X).largest + 1, "".join(s.trace("f", X).operators)),
    "state": lambda s: [(name + "", array.dtype) for name, array in s.state(MODEL).items()],
    "trainable": lambda s: "".join(s.trainable(MODEL)),
    "inputs_after": lambda s: list(s.inputs_after()),
    "file": lambda s: (s.file("a.png") or b"") + b"",
}


@pytest.mark.parametrize("name", OPERATIONS)
@settings(max_examples=60, deadline=None)
@given(answer=NONSENSE | st.fixed_dictionaries({"output": NONSENSE, "inputs": NONSENSE, "parameters": NONSENSE}))
def test_nonsense_is_the_submissions_fault_and_never_an_accident_of_the_judge(name, answer):
    """Either the answer has the promised shape, or the verdict is BR; a check never stumbles over it."""
    assert verdict_of(OPERATIONS[name], asked(answer)) in (None, Verdict.BR)


def test_what_was_promised_is_handed_on():
    gradients = asked({"output": X, "inputs": [X, None], "parameters": {"w": None}}).gradients("f", X, X, cotangent=X)

    assert gradients.inputs[1] is None
    assert asked({"w": X}).state(MODEL)["w"] is X
    assert asked(np.frombuffer(b"png", np.uint8)).file("a.png") == b"png"
    assert asked(None).file("a.png") is None
