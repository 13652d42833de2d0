"""An engine keeps the checks of every problem it has judged: those of one must not be taken for those of another."""

import subprocess
import sys

_COLLECT = """
from pathlib import Path

from judge.grader.plugin import collect
from judge.grader.run import checks_folder

for topic, problem in [("classic_ml", "mnist_digits"), ("multimodal", "face_gan"), ("architecture", "zh_en_transformer")]:
    folder = checks_folder(topic, problem)
    for script in (False, True):
        for item in collect(folder, script=script).items:
            print("item", problem, script, Path(item.function.__code__.co_filename).is_relative_to(folder))
"""


def test_checks_of_several_problems_stay_their_own():
    done = subprocess.run([sys.executable, "-c", _COLLECT], capture_output=True, text=True, timeout=120, check=True)
    found = [line.split()[1:] for line in done.stdout.splitlines() if line.startswith("item ")]
    assert {(problem, script) for problem, script, _ in found} == {
        (problem, script) for problem in ("mnist_digits", "face_gan", "zh_en_transformer") for script in ("False", "True")
    }
    assert {own for _, _, own in found} == {"True"}
