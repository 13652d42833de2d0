"""What counts as a script, and which of the models it leaves is judged."""

import types

import numpy as np
import pytest

from judge.grader.prepare import is_script
from judge.worker.adapter import Adapter, Refused
from judge.worker.script import find_model, wanted_name

ENTRIES = ["build_generator", "train"]
LOOP = "loss.backward()\n"


@pytest.mark.parametrize(
    ("source", "script"),
    [
        (LOOP, True),
        ("x = 1\n", False),
        ("def build_generator(): pass\n" + LOOP, False),
        ("from judge_data import load_faces\ndef build_generator(): pass\n" + LOOP, True),
        ("from judge_data import load_faces\ndef build_generator(): pass\ndef train(): pass\n" + LOOP, False),
        ("def broken(:\n" + LOOP, False),
    ],
)
def test_a_script_trains_by_itself(source, script):
    assert is_script(source, ENTRIES) is script


def left(**models):
    module = types.ModuleType("__main__")
    vars(module).update(models)
    return module


def test_of_a_gan_the_generator_is_judged():
    wanted = wanted_name({"faces": np.zeros(1)})
    module = left(generator=print, discriminator=len, gan=sum)

    assert find_model(module, Adapter("cpu"), wanted) is print
    assert find_model(left(painter=print), Adapter("cpu"), wanted) is print
    with pytest.raises(Refused, match="命名为 generator"):
        find_model(left(one=print, other=len), Adapter("cpu"), wanted)
    with pytest.raises(Refused, match="全局变量 generator"):
        find_model(left(faces=3), Adapter("cpu"), wanted)


def test_otherwise_it_is_the_model():
    assert wanted_name({"images": np.zeros(1)}) == "model"
    assert find_model(left(model=print, teacher=len), Adapter("cpu")) is print
