"""Names that no library has any more: each is answered with what to write today, and nothing that still works is blamed."""

import importlib
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.grader import gone
from judge.grader.explain import explain
from judge.grader.single import find_problem
from judge.verdict import Verdict

# As the libraries say it today: exception type, message, module named by an ImportError, and what the answer must contain.
MET = [
    ("ModuleNotFoundError", "No module named 'torchtext'", "torchtext", "DataLoader"),
    ("ModuleNotFoundError", "No module named 'torchtext.legacy'", "torchtext.legacy", "DataLoader"),
    ("ModuleNotFoundError", "No module named 'tensorflow_datasets'", "tensorflow_datasets", "load_data"),
    ("ModuleNotFoundError", "No module named 'tensorflow.contrib'", "tensorflow.contrib", "keras.layers"),
    ("ModuleNotFoundError", "No module named 'tensorflow.examples'", "tensorflow.examples", "mnist.load_data"),
    ("ModuleNotFoundError", "No module named 'keras.utils.np_utils'", "keras.utils.np_utils", "to_categorical"),
    ("ModuleNotFoundError", "No module named 'keras.layers.convolutional'", "keras.layers.convolutional", "from keras.layers"),
    ("ModuleNotFoundError", "No module named 'scipy'", "scipy", "PIL"),
    ("ModuleNotFoundError", "No module named 'torchvision'", "torchvision", "torchvision.datasets.MNIST"),
    ("ImportError", "cannot import name 'np_utils' from 'keras.utils' (/x/__init__.py)", "keras.utils", "to_categorical"),
    (
        "ImportError",
        "cannot import name 'np_utils' from 'tensorflow.keras.utils' (/x)",
        "tensorflow.keras.utils",
        "to_categorical",
    ),
    ("ImportError", "cannot import name 'Iterable' from 'collections' (/x)", "collections", "collections.abc"),
    (
        "ImportError",
        "cannot import name 'CIFAR10' from 'torchvision.datasets' (unknown location)",
        "torchvision.datasets",
        "MNIST",
    ),
    ("AttributeError", "module 'tensorflow' has no attribute 'Session'", "", "GradientTape"),
    ("AttributeError", "module 'tensorflow' has no attribute 'placeholder'", "", "model.fit"),
    ("AttributeError", "module 'tensorflow' has no attribute 'contrib'", "", "tf.contrib"),
    ("AttributeError", "module 'tensorflow._api.v2.train' has no attribute 'AdamOptimizer'", "", "keras.optimizers.Adam"),
    (
        "AttributeError",
        "module 'keras._tf_keras.keras.losses' has no attribute 'softmax_cross_entropy'",
        "",
        "from_logits=True",
    ),
    ("AttributeError", "module 'torchvision.datasets' has no attribute 'CIFAR10'", "", "MNIST"),
    ("AttributeError", "module 'numpy' has no attribute 'float'.\n`np.float` was a deprecated alias", "", "np.float64"),
    ("AttributeError", "module 'numpy' has no attribute 'int'.\n`np.int` was a deprecated alias", "", "np.int64"),
    ("AttributeError", "`np.Inf` was removed in the NumPy 2.0 release. Use `np.inf` instead.", "", "np.inf"),
    ("AttributeError", "'Sequential' object has no attribute 'predict_classes'", "", "argmax"),
    ("AttributeError", "'Functional' object has no attribute 'fit_generator'", "", "model.fit"),
    ("AttributeError", "'_SingleProcessDataLoaderIter' object has no attribute 'next'", "", "next(it)"),
    ("AttributeError", "module 'scipy.misc' has no attribute 'imread'", "", "PIL"),
    ("ValueError", "Argument(s) not recognized: {'lr': 0.001}", "", "learning_rate"),
    ("ValueError", "Unrecognized keyword arguments passed to Conv2D: {'border_mode': 'same'}", "", "padding"),
    ("TypeError", "TensorFlowTrainer.fit() got an unexpected keyword argument 'nb_epoch'", "", "epochs"),
    ("ImportError", "`keras.optimizers.legacy` is not supported in Keras 3.", "", "keras.optimizers.Adam"),
    ("KeyError", "'acc'", "", "accuracy"),
    ("NameError", "name 'xrange' is not defined", "", "range"),
]
SOUND = [
    ("ModuleNotFoundError", "No module named 'my_helpers'", "my_helpers"),
    ("AttributeError", "module 'torch' has no attribute 'soft_max'", ""),
    ("AttributeError", "'Linear' object has no attribute 'next'", ""),
    ("AttributeError", "module 'numpy' has no attribute 'flaot'", ""),
    ("TypeError", "f() got an unexpected keyword argument 'width'", ""),
    ("KeyError", "'loss'", ""),
    ("RuntimeError", "acc", ""),
    ("ValueError", "", ""),
]
ARTICLE = """\
import numpy as np
import tensorflow as tf
from torchtext.data import Field, BucketIterator   # the data
from torch.autograd import Variable
SRC = Field(tokenize='tf.Session')
with tf.Session( as sess:
    x = tf.placeholder(tf.float32)
y = np.float(3)
print model.predict_classes(x)
"""


@pytest.mark.parametrize(("kind", "message", "module", "says"), MET)
def test_a_name_that_is_gone_is_answered_in_chinese_with_what_to_write(kind, message, module, says):
    answer = gone.for_error(kind, message, module)
    assert answer is not None
    assert says in answer
    assert any("一" <= character <= "鿿" for character in answer)


@pytest.mark.parametrize(("kind", "message", "module"), SOUND)
def test_what_was_never_there_is_not_called_old(kind, message, module):
    assert gone.for_error(kind, message, module) is None


@pytest.mark.parametrize(
    ("kind", "module", "verdict"), [("ModuleNotFoundError", "torchtext", Verdict.CE), ("AttributeError", "", Verdict.RTE)]
)
def test_the_answer_becomes_the_diagnosis(kind, module, verdict):
    message = f"No module named '{module}'" if module else "module 'tensorflow' has no attribute 'Session'"
    error = {"type": kind, "message": message, "module": module, "frames": [{"line": 1, "text": "import x"}]}
    failure = explain(error, find_problem("mnist_digits"), "import x\nnp.int(3)\n", loading=True)
    assert failure.verdict is verdict
    assert failure.diagnosis == gone.for_error(kind, message, module)
    assert message in failure.message


def test_a_file_that_does_not_parse_still_tells_what_is_gone_with_its_lines():
    found = dict(gone.mentions(ARTICLE))
    assert list(found) == [3, 6, 8, 9]
    assert "torchtext" in found[3]
    assert "Session" in found[6]
    assert "np.float" in found[8]
    assert "predict_classes" in found[9]


def test_what_stands_in_a_string_or_a_comment_is_not_used():
    assert gone.mentions("# import torchtext\nname = 'np.float'\n") == []


def test_names_that_still_work_are_not_mentioned():
    source = (
        "import torch, tensorflow as tf, numpy as np\nfrom torch.autograd import Variable\nfrom torchvision import datasets\n"
        "from keras.layers import Dense\nfrom keras.utils import to_categorical\nx = np.float64(1)\nnet.eval()\n"
        "train = datasets.MNIST('.', transform=None)\ntf.nn.softmax(x)\nmodel.predict(x)\noptimizer.step()\n"
    )
    assert gone.mentions(source) == []


def test_an_alias_of_the_learners_own_is_followed():
    assert [line for line, _ in gone.mentions("import numpy as num\nfrom tensorflow import keras as k\nnum.int(2)\n")] == [3]


@given(st.text(alphabet="import from as.tfnp()'\"#\n Session", max_size=200))
def test_any_text_can_be_looked_through(source):
    lines = source.count("\n") + 1
    assert all(1 <= line <= lines for line, _ in gone.mentions(source))


LOOK_UP = """
import importlib, sys
def there(name):
    parts = name.split('.')
    for end in range(len(parts), 0, -1):
        try:
            found = importlib.import_module('.'.join(parts[:end]))
        except ImportError:
            continue
        try:
            for part in parts[end:]:
                found = getattr(found, part)
            return True
        except (AttributeError, ImportError):
            return False
    return False
print('\\n'.join(name for name in sys.argv[1:] if there(name)))
"""


@pytest.mark.parametrize("library", ["numpy", "torch", "tensorflow"])
def test_what_is_called_gone_is_gone_from_the_installed_library(library):
    """The table would lie as soon as a name came back."""
    if importlib.util.find_spec(library) is None:
        pytest.skip(f"{library} is not installed")
    family = {"tensorflow": ("tensorflow", "keras")}.get(library, (library,))
    names = [name for name in gone.NAMES if name.split(".")[0] in family]
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", LOOK_UP, *names], capture_output=True, text=True, timeout=180)
    assert names
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []
