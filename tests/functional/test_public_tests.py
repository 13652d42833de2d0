"""The public tests on a learner's file: a real pytest in a process of its own, for good files, bad ones and worse."""

import asyncio
import time

import psutil
import pytest

from question_bank.loader import load_bank
from quizapp.public_tests import public_test, run_public
from quizapp.references import references

TESTS = """
import pytest
solution = pytest.importorskip("solution")

def test_doubles():
    assert solution.double(2) == 4
"""


@pytest.fixture
def tests(tmp_path):
    path = tmp_path / "test_public.py"
    path.write_text(TESTS)
    return path


@pytest.mark.parametrize(
    ("source", "status", "words", "line"),
    [
        (b"def double(x):\n    return 2 * x\n", "passed", "", None),
        (b"def double(x):\n    return x.twice\n", "failed", "AttributeError", 2),
        (b"def double(x):\n    return 3 * x\n", "failed", "6 == 4", None),
        (b"def double(x:\n", "failed", "SyntaxError", None),
        (b"\xff\xfe\x00", "failed", "SyntaxError", None),
        (b"import no_such_framework\n", "skipped", "no_such_framework", None),
    ],
)
async def test_what_the_tests_say(tests, source, status, words, line):
    outcome = await run_public(tests, source)

    (test,) = outcome.tests
    assert (test.status, test.line) == (status, line)
    assert words in test.message


async def test_a_file_that_ends_the_process_is_one_sentence(tests):
    outcome = await run_public(tests, b"import os; os._exit(0)")

    assert not outcome.tests
    assert "中途退出" in outcome.problem


async def test_cancelling_ends_the_process_and_its_children(tests):
    own = psutil.Process()
    before = set(own.children(recursive=True))
    source = b"import subprocess, sys, time\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(99)'])\ntime.sleep(99)\n"
    running = asyncio.create_task(run_public(tests, source))
    born = set()
    for _ in range(400):
        born = set(own.children(recursive=True)) - before
        if len(born) >= 2:
            break
        await asyncio.sleep(0.02)
    assert len(born) >= 2
    running.cancel()
    await asyncio.wait({running})

    deadline = time.monotonic() + 5
    while any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in born):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


def test_the_real_problems_have_what_the_screen_shows():
    bank = load_bank()
    for outline in bank.outlines:
        if outline.type == "coding" and (found := references(bank.coding(outline.id), "torch")).solutions:
            assert all(reference.framework in bank.coding(outline.id).frameworks for reference in found.solutions)
            assert found.solutions[0].framework == "torch"
    assert public_test(bank, "mnist_digits").is_file()
    assert public_test(bank, "no_such_problem") is None
    assert "交叉熵" in references(bank.coding("mnist_digits")).explanation


def test_the_shortest_reference_of_the_chosen_framework_comes_first_and_scripts_last():
    solutions = references(load_bank().coding("mnist_digits"), "torch").solutions
    here = [one for one in solutions if one.framework == "torch"]
    assert list(solutions[: len(here)]) == here
    functions = [one for one in here if not one.is_script]
    assert here[: len(functions)] == sorted(functions, key=lambda one: len(one.source))
    assert any(one.is_script for one in here)
