"""One file of the bank into one question, or into the list of what is wrong with it. Nothing here raises for bad content."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from question_bank import messages, models, yaml_text
from question_bank.bank import BankProblem, question_adapter
from question_bank.markdown_text import join_soft_breaks, split_steps
from question_bank.models import Coding, Framework, Model, Question, Theory, Topic

FRAMEWORKS: Final[tuple[Framework, ...]] = get_args(Framework)
_TOPICS: Final = TypeAdapter(tuple[Topic, ...])
_BESIDE: Final = frozenset({"statement", "hints", "starters"})
"""Fields of a coding problem that are files beside problem.yaml."""


@dataclass
class Reader:
    """Reads files under `root`; what is wrong gathers in `problems`, in the order it was met."""

    root: Path
    problems: list[BankProblem] = field(default_factory=list)

    def question(self, path: Path) -> Question | None:
        """The question of a theory file or of a problem.yaml."""
        found = self._document(path, path.parent.name if path.name == "problem.yaml" else path.stem)
        if found is None:
            return None
        text, data, question_id = found
        if data.get("type") == "coding":
            self._refuse_beside(path, text, data, question_id)
            data = {**data, **self._texts_beside(path.parent, data, question_id)}
        return self._validated(path, text, data, question_id)

    def topics(self, path: Path) -> tuple[Topic, ...]:
        """The topic tree. Empty when the file cannot be read."""
        text = self._text(path, None)
        if text is None:
            return ()
        try:
            return _TOPICS.validate_json(json.dumps(yaml_text.parse(text)))
        except yaml_text.YamlProblem as problem:
            self._note(path, problem.line, None, problem.message)
        except ValidationError as error:
            self._note_errors(path, text, error, None)
        return ()

    def refuse(self, path: Path, key: str, question_id: str, message: str) -> None:
        """Note what is wrong with one top-level field of a file that is otherwise sound."""
        self._note(path, yaml_text.line_of(self._text(path, question_id) or "", (key,)), question_id, message)

    def _document(self, path: Path, name: str) -> tuple[str, dict[str, Any], str] | None:
        """Text, mapping and id of a question file."""
        text = self._text(path, name)
        if text is None:
            return None
        try:
            data = yaml_text.parse(text)
        except yaml_text.YamlProblem as problem:
            self._note(path, problem.line, name, problem.message)
            return None
        if data is None:
            self._note(path, 1, name, "文件是空的：至少要有 id、type、title、topic")
            return None
        if not isinstance(data, dict):
            self._note(path, 1, name, "文件应是键值对：每行写成“字段: 值”")
            return None
        given = data.get("id")
        return text, data, given if isinstance(given, str) else name

    def _validated(self, path: Path, text: str, data: dict[str, Any], question_id: str) -> Question | None:
        tidy = {key: _tidied(value) if key != "starters" else value for key, value in data.items()}
        try:
            return question_adapter().validate_json(json.dumps(tidy))
        except ValidationError as error:
            self._note_errors(path, text, error, question_id)
            return None

    def _refuse_beside(self, path: Path, text: str, data: dict[str, Any], question_id: str) -> None:
        for name in sorted(_BESIDE & data.keys()):
            line = yaml_text.line_of(text, (name,))
            self._note(path, line, question_id, f"字段 {name} 不写在 problem.yaml 里：放到旁边的文件中")

    def _texts_beside(self, folder: Path, data: dict[str, Any], question_id: str) -> dict[str, Any]:
        """The Markdown and the starters. A missing one is a problem of the bank, yet the exercise still loads."""
        declared = data.get("frameworks")
        frameworks = [name for name in FRAMEWORKS if isinstance(declared, list) and name in declared]
        starters = {name: self._text(folder / f"starter_{name}.py", question_id) for name in frameworks}
        return {
            "statement": self._text(folder / "statement.md", question_id) or "",
            "hints": split_steps(self._text(folder / "hints.md", question_id) or ""),
            "starters": {name: source for name, source in starters.items() if source is not None},
        }

    def _text(self, path: Path, question_id: str | None) -> str | None:
        """The file as text, a BOM and Windows line ends taken off."""
        try:
            raw = path.read_bytes()
            return raw.decode("utf-8-sig").replace("\r\n", "\n")
        except FileNotFoundError:
            self._note(path, 1, question_id, f"缺少文件 {path.name}")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            self._note(path, line, question_id, "不是 UTF-8 编码：用 UTF-8 另存这个文件")
        except OSError as error:
            self._note(path, 1, question_id, f"读不了这个文件：{error.strerror}")
        return None

    def _note_errors(self, path: Path, text: str, error: ValidationError, question_id: str | None) -> None:
        for finding in error.errors(include_url=False):
            if _is_echo(finding):
                continue
            line = yaml_text.line_of(text, finding["loc"])
            self._note(path, line, question_id, messages.explain(finding, _known_fields))

    def _note(self, path: Path, line: int, question_id: str | None, message: str) -> None:
        file = path.relative_to(self.root).as_posix()
        self.problems.append(BankProblem(file=file, line=line, question=question_id, message=message))


def _tidied(value: Any) -> Any:
    """Every text without trailing space and with Chinese soft line breaks joined."""
    if isinstance(value, str):
        return join_soft_breaks(value.rstrip())
    if isinstance(value, list | tuple):
        return [_tidied(item) for item in value]
    if isinstance(value, dict):
        return {key: _tidied(item) for key, item in value.items()}
    return value


def _is_echo(finding: ErrorDetails) -> bool:
    """A list is also called too short when enough items are there but some are wrong; those have findings of their own."""
    return finding["type"] == "too_short" and len(finding["input"]) >= finding["ctx"]["min_length"]


def _known_fields(error: ErrorDetails) -> list[str]:
    """Names allowed where an unknown one was found: those of the model whose fields lie beside it."""
    beside = error["loc"][-2] if len(error["loc"]) > 1 else None
    owner = error["loc"][-3] if isinstance(beside, int) and len(error["loc"]) > 2 else beside
    return _FIELDS.get(str(owner), [])


def _field_table() -> dict[str, list[str]]:
    """Field names by question type, and by the field under which a nested model stands."""
    types: dict[str, type[Model]] = {
        str(get_args(model.model_fields["type"].annotation)[0]): model for model in (*get_args(get_args(Theory)[0]), Coding)
    }
    nested: dict[str, type[Model]] = {
        "sources": models.Source,
        "key_points": models.KeyPoint,
        "options": models.Option,
        "parameters": models.Parameter,
        "entries": models.Entry,
        "limits": models.Limits,
        "groups": models.CheckGroup,
        "rules": models.Rule,
    }
    return {name: [f for f in model.model_fields if f not in _BESIDE] for name, model in (types | nested).items()}


_FIELDS: Final = _field_table()
