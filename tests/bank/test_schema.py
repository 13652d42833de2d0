"""The committed schemas are those of the models, and agree with the loader."""

import json

import jsonschema
import pytest

from question_bank import schema
from question_bank.reading import Reader
from question_bank.yaml_text import parse


@pytest.mark.parametrize("name", schema.schemas())
def test_the_committed_schema_is_fresh(name):
    committed = (schema.FOLDER / name).read_text(encoding="utf-8")
    assert committed == schema.schemas()[name], "运行 python -m question_bank schema"


def test_no_schema_is_left_over():
    assert {path.name for path in schema.FOLDER.iterdir()} == set(schema.schemas())


def test_every_file_of_the_bank_satisfies_its_schema(bank):
    checkers = {name: jsonschema.Draft202012Validator(json.loads(text)) for name, text in schema.schemas().items()}
    for outline in bank.outlines:
        data = parse(bank.file(outline.id).read_text(encoding="utf-8"))
        checkers["problem.schema.json" if outline.type == "coding" else "theory.schema.json"].validate(data)
    checkers["topics.schema.json"].validate(parse((bank.root / "topics.yaml").read_text(encoding="utf-8")))


def test_a_schema_refuses_what_the_loader_refuses(small):
    path = small.short(
        "bad", "id: bad\ntype: true_false\ntitle: 题\ntopic: basics\ndifficulty: 9\nprompt: 甲\nanswer: 乙\ncorrect: true\n"
    )
    checker = jsonschema.Draft202012Validator(json.loads(schema.schemas()["theory.schema.json"]))
    assert not checker.is_valid(parse(path.read_text(encoding="utf-8")))
    assert Reader(small.root).question(path) is None
