"""What an exception's message becomes, and that a forged one cannot keep the grader busy."""

import time

import pytest

from judge.grader.explain import explain
from judge.grader.single import find_problem
from judge.verdict import Verdict


def explained(message: str, kind: str = "OSError"):
    error = {"type": kind, "message": message, "frames": [{"line": 1, "text": "x"}]}
    return explain(error, find_problem("mnist_digits"), "x\n", loading=False)


@pytest.mark.parametrize(
    ("message", "says"),
    [
        ("EOF when reading a line", "键盘"),
        ("<urlopen error [Errno -3] Temporary failure in name resolution>", "网络"),
        ("URL fetch failure on https://x/mnist.npz: None -- [Errno -3] Temporary failure in name resolution", "网络"),
        ("[Errno 1] Operation not permitted: 'nvidia-smi'", "别的程序"),
        ("[Errno 30] Read-only file system: '/content/model.pt'", "当前文件夹"),
        ("[Errno 13] Permission denied: '/kaggle'", "当前文件夹"),
        ("[Errno 2] No such file or directory: 'train.csv'", "没有这个文件"),
    ],
)
def test_what_a_box_does_not_give_is_told_as_such(message, says):
    failure = explained(message)
    assert failure.verdict is Verdict.RTE
    assert says in failure.diagnosis
    assert message in failure.message


@pytest.mark.parametrize(
    ("message", "says"),
    [
        ("mat1 and mat2 shapes cannot be multiplied (5x3 and 4x2)", "5x3 与 4x2"),
        ("Expected size for first two dimensions of batch2 tensor to be: [2, 8] but got: [2, 5].", "[2, 8]，实际是 [2, 5]"),
        ("0D or 1D target tensor expected, multi-target not supported", "一维"),
        ("math domain error", "对数"),
        ("unhashable type: 'list'", "元组"),
    ],
)
def test_what_a_framework_says_is_told_in_chinese(message, says):
    assert says in explained(message, "RuntimeError").diagnosis


@pytest.mark.parametrize("prefix", ["Incompatible shapes: ", "expected axis -1 of input shape to have value 1", "'x", "1"])
def test_a_forged_message_of_millions_is_searched_no_longer_than_an_honest_one(prefix):
    began = time.process_time()
    failure = explained(prefix * (4_000_000 // len(prefix)))
    assert time.process_time() - began < 2
    assert len(failure.message) <= 600
