"""The learner's file, run as a module that is nowhere on disk."""

import inspect
import linecache
import sys

import pytest

from judge.worker.loading import describe, run_source

SOURCE = "def one():\n    return two()\n\n\ndef two():\n    raise ValueError('because')\n"


@pytest.fixture
def module():
    yield run_source(SOURCE, "answer.py", "learners_answer")
    del sys.modules["learners_answer"]
    linecache.cache.pop("answer.py", None)


def test_source_is_found_again_after_the_line_cache_was_emptied(module):
    linecache.clearcache()
    linecache.updatecache("answer.py", module.__dict__)  # what AutoGraph does before it looks

    assert inspect.getsource(module.two) == "def two():\n    raise ValueError('because')\n"


def test_an_error_is_told_with_the_lines_of_the_learner(module):
    with pytest.raises(ValueError) as caught:
        module.one()

    told = describe(caught.value, "answer.py")
    assert [frame["line"] for frame in told["frames"]] == [2, 6]
    assert told["message"] == "because"


def test_lines_of_code_that_autograph_made_are_taken_from_its_message():
    message = (
        "in user code:\n\n"
        '    File "answer.py", line 9, in attend  *\n        return weights(query) @ value\n'
        '    File "/box/keras/layer.py", line 70, in call  **\n        raise error\n'
        '    File "answer.py", line 5, in weights  *\n        return tf.matmul(query, key)\n\n'
        "    ValueError: Dimensions must be equal, but are 8 and 7.\n    Second line.\n"
    )

    told = describe(ValueError(message), "answer.py")

    assert [(frame["line"], frame["function"]) for frame in told["frames"]] == [(9, "attend"), (5, "weights")]
    assert told["frames"][-1]["text"] == "return tf.matmul(query, key)"
    assert told["message"].startswith("Dimensions must be equal")


@pytest.mark.parametrize(
    "message", ["in user code:", "in user code:\n\n    ValueError", "in user code:\n" + " " * 100_000 + "x: "]
)
def test_a_message_that_only_looks_like_it_is_kept(message):
    told = describe(ValueError(message), "answer.py")

    assert told["frames"] == []
    assert told["message"].startswith("in user code:")


def test_of_a_graph_that_failed_only_what_went_wrong_is_told():
    message = (
        "Graph execution error:\n\nDetected at node compile_loss/mse/sub defined at (most recent call last):\n"
        '  File "answer.py", line 9, in train\n\n  File "/somewhere/else.py", line 3, in mean_squared_error\n\n'
        "Incompatible shapes: [32] vs. [32,10]\n\t [[{{node compile_loss/mse/sub}}]] [Op:__inference_1]"
    )
    told = describe(RuntimeError(message + "x" * 10_000), "answer.py")["message"]
    assert told.startswith("Incompatible shapes: [32] vs. [32,10]")
    assert "File" not in told
    assert len(told) <= 4000
