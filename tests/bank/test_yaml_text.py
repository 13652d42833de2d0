"""The YAML dialect: only what looks like a number in YAML 1.2 is one, and every value knows its line."""

import pytest

from question_bank.yaml_text import YamlProblem, line_of, parse


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-5", 1e-5),
        ("1.5E+3", 1500.0),
        (".5", 0.5),
        ("-3", -3),
        ("0", 0),
        ("012", "012"),
        ("0x1f", "0x1f"),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("yes", "yes"),
        ("off", "off"),
        ("true", True),
        ("False", "False"),
        ("null", None),
        ("~", None),
        ("2026-01-01", "2026-01-01"),
        (".nan", ".nan"),
        ("<<", "<<"),
        ("=", "="),
    ],
)
def test_scalars(text, value):
    parsed = parse(f"key: {text}")["key"]
    assert parsed == value
    assert type(parsed) is type(value)


def test_an_empty_value_is_none():
    assert parse("key:") == {"key": None}


def test_duplicate_keys_are_refused_at_any_depth():
    with pytest.raises(YamlProblem) as caught:
        parse("a:\n  - b: 1\n    c: 2\n    b: 3\n")
    assert caught.value.line == 4


TEXT = """\
# comment
first: 1
list:
  - name: a
    value: 1
  - name: b

    value: 2
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 2),
        (("first",), 2),
        (("list",), 3),
        (("list", 1), 6),
        (("list", 1, "value"), 8),
        (("list", 1, "missing"), 6),
        (("union-member", "list", 0, "constrained-str"), 4),
        (("list", 7), 3),
    ],
)
def test_line_of(path, line):
    assert line_of(TEXT, path) == line


def test_line_of_broken_text_is_the_first():
    assert line_of("a: [", ("a",)) == 1
