"""The command table."""

import subprocess
import sys
from pathlib import Path

import pytest

from quizapp.commands.command import bindings, full_width, ime_proof, key_name
from quizapp.commands.table import EVERYTHING

ROOT = Path(__file__).parents[2]
ALL = [(place, command) for place, table in EVERYTHING.items() for command in table]


@pytest.mark.parametrize(("place", "command"), ALL, ids=[f"{place}-{command.action}" for place, command in ALL])
def test_every_action_has_a_key_that_an_input_method_lets_through(place, command):
    if command.instead:
        substitute = next(c for table in EVERYTHING.values() for c in table if c.action == command.instead)
        assert any(map(ime_proof, substitute.keys))
    else:
        assert any(map(ime_proof, command.keys))


@pytest.mark.parametrize("place", EVERYTHING)
def test_no_key_does_two_things_in_one_place(place):
    keys = [key for command in EVERYTHING[place] for key in command.keys]

    assert len(keys) == len(set(keys))


def test_a_command_can_be_told_from_every_other_by_action_and_help():
    told = [(command.action, command.help) for _, command in ALL]

    assert len(told) == len(set(told))


def test_printable_keys_have_full_width_twins():
    for binding in bindings([command for _, command in ALL]):
        for key in binding.key.split(","):
            if len(key) == 1 and key.isascii():
                assert full_width(key) in binding.key.split(",")


def test_key_names_are_what_keyboards_say():
    assert [key_name(key) for key in ("f1", "ctrl+r", "enter", "question_mark", "s", "up")] == [
        "F1", "Ctrl+R", "Enter", "?", "S", "上",
    ]  # fmt: skip


def test_the_list_of_keys_is_fresh():
    done = subprocess.run([sys.executable, "-m", "quizapp.commands"], capture_output=True, check=True)

    assert (ROOT / "docs" / "keys.md").read_bytes().decode() == done.stdout.decode(), (
        "运行 python -m quizapp.commands > docs/keys.md"
    )
