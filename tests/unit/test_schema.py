"""The committed JSON schemas are the ones the code has. `python -m judge.cli schema NAME > docs/schema/NAME.json` renews them."""

import json
from pathlib import Path

import pytest

from judge.cli import schemas

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "schema"


@pytest.mark.parametrize("name", ["report", "request", "event"])
def test_the_committed_schema_is_fresh(name):
    assert json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")) == schemas()[name]()
