"""The run-time half of a rule: whose call counts."""

import sys
import sysconfig
import types

import pytest

from judge.worker.tripwire import Tripwire

FORBIDDEN = "tripwire_target.functional.attend"


class Layer:
    """Stands for a framework's layer."""

    def __init__(self, width):
        self.width = width


@pytest.fixture
def target(monkeypatch):
    """A loaded package with a function and a class that a rule forbids."""
    package = types.ModuleType("tripwire_target")
    package.functional = types.ModuleType("tripwire_target.functional")
    package.functional.attend = lambda x: x + 1
    package.functional.Layer = type("Layer", (Layer,), {})
    monkeypatch.setitem(sys.modules, "tripwire_target", package)
    monkeypatch.setitem(sys.modules, "tripwire_target.functional", package.functional)
    return package.functional


def armed(*names):
    wire = Tripwire("solution.py")
    wire.arm(names)
    return wire


def call_from(filename, source, target):
    exec(compile(source, filename, "exec"), {"target": target})


@pytest.mark.parametrize("filename", ["solution.py", "<string>", "/somewhere/else.py"])
def test_the_learners_call_counts_also_from_a_string(target, filename):
    wire = armed(FORBIDDEN)
    call_from(filename, "assert target.attend(1) == 2", target)
    assert wire.tripped == [FORBIDDEN]


def test_a_librarys_own_call_does_not_count(target):
    wire = armed(FORBIDDEN)
    call_from(f"{sysconfig.get_paths()['purelib']}/torch/nn/modules/activation.py", "target.attend(1)", target)
    assert wire.tripped == []


def test_making_a_forbidden_layer_counts(target):
    wire = armed("tripwire_target.functional.Layer")
    call_from("solution.py", "assert target.Layer(3).width == 3", target)
    assert wire.tripped == ["tripwire_target.functional.Layer"]


def test_arming_imports_no_package_that_is_not_loaded():
    armed("wave.open")
    assert "wave" not in sys.modules
