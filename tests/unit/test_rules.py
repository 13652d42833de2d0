"""A forbidden call is found however it is spelt, and nothing else is."""

import ast

import pytest

from judge.grader import rules
from judge.grader.failures import SubmissionFailed
from judge.grader.rules import enforce
from judge.verdict import Verdict
from question_bank.models import Rule

RULES = [
    Rule(forbid=("torch.nn.functional.softmax", "torch.softmax", ".softmax", "torch.nn.Softmax"), reason="自己写 softmax"),
    Rule(forbid=("keras.layers.MultiHeadAttention", "tensorflow.keras.layers.MultiHeadAttention"), reason="自己写注意力"),
]


@pytest.mark.parametrize(
    "source",
    [
        "import torch\ny = torch.softmax(x, 0)",
        "import torch as t\ny = t.softmax(x, 0)",
        "import torch.nn.functional as F\ny = F.softmax(x, 0)",
        "from torch.nn import functional as F\ny = F.softmax(x, 0)",
        "from torch.nn.functional import softmax as s\ny = s(x, 0)",
        "import torch.nn.functional as F\nf = F.softmax\ny = f(x, 0)",
        "import torch\nF = torch.nn.functional\ny = F.softmax(x, 0)",
        "import torch.nn.functional as F\ny = getattr(F, 'softmax')(x, 0)",
        "import torch.nn.functional as F\nfrom functools import partial\nf = partial(F.softmax, dim=0)",
        "y = x.softmax(-1)",
        "y = (a @ b).softmax(-1)",
        "from torch import nn\ny = nn.Softmax(dim=-1)(x)",
        "import tensorflow as tf\nm = tf.keras.layers.MultiHeadAttention(2, 3)",
        "from tensorflow.keras.layers import MultiHeadAttention\nm = MultiHeadAttention(2, 3)",
        "from keras import layers\nm = layers.MultiHeadAttention(2, 3)",
    ],
)
def test_a_forbidden_use_is_found(source):
    with pytest.raises(SubmissionFailed) as caught:
        enforce(source, RULES)

    assert caught.value.verdict is Verdict.RV
    assert caught.value.location.line == len(source.split("\n")) or caught.value.location.line == 2


@pytest.mark.parametrize(
    "source",
    [
        "import torch\ny = torch.exp(x)",
        "def softmax(x):\n    return x\ny = softmax(3)",
        "# torch.softmax(x)\ns = 'torch.softmax'",
        "import torch\ny = torch.log_softmax(x, 0)",
        "class A:\n    def softmax(self):\n        return 1",
        "this is not python",
        "import mylib\ny = mylib.Softmax()",
    ],
)
def test_an_honest_file_passes(source):
    enforce(source, RULES)


def test_the_reason_and_the_line_are_told():
    with pytest.raises(SubmissionFailed) as caught:
        enforce("import torch\n\n\ny = torch.softmax(x, 0)  # here", RULES)

    assert caught.value.location.line == 4
    assert "自己写 softmax" in caught.value.diagnosis


def test_a_chain_of_attributes_longer_than_the_stack_is_read():
    enforce("x = a" + ".b" * 2900, RULES)


def test_aliases_of_aliases_do_not_grow_with_the_file():
    """Thirty thousand lines, each naming the one before: remembered in full they would fill the grader's memory."""
    source = "import torch as a0\n" + "".join(f"a{n + 1} = a{n}.b\n" for n in range(30_000))
    known = rules._aliases(list(ast.walk(ast.parse(source))))

    assert known["a1"] == "torch.b"
    assert max(len(name) for name in known.values()) <= 200


def test_a_method_at_the_end_of_a_long_chain_is_found():
    with pytest.raises(SubmissionFailed):
        enforce("y = x" + ".t" * 40 + ".softmax(-1)", RULES)
