"""YAML as the bank writes it: the YAML 1.2 core schema, no duplicate keys, and a line number for every value.

PyYAML reads YAML 1.1, where `no` is false, `012` is ten, `1:30` is ninety and `1e-5` is a string. Questions about learning rates
deserve better, so only `true`, `false`, `null`, decimal integers and floats are anything but text here. Dates stay text too;
the models read them.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

try:
    from yaml import CSafeLoader as _Base
except ImportError:  # pragma: no cover  # a PyYAML built without libyaml: the same result, slower
    from yaml import SafeLoader as _Base  # type: ignore[assignment]


@dataclass(frozen=True)
class YamlProblem(Exception):
    """The text is not YAML this bank accepts. `line` counts from 1; `message` is a Chinese sentence."""

    line: int
    message: str


class _Loader(_Base):
    """Safe, YAML 1.2 scalars, duplicate keys refused."""

    def construct_mapping(self, node: MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: dict[Hashable, int] = {}
        for key_node, _ in node.value:
            line = key_node.start_mark.line + 1
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise YamlProblem(line, f"键 {key!r} 不是文字：请给它加上引号")
            if key in seen:
                raise YamlProblem(line, f"键 {key} 重复了，第 {seen[key]} 行已经写过：删去其中一个")
            seen[key] = line
        return super().construct_mapping(node, deep=deep)


_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("null", r"null|~|", "n~\0"),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
):
    _starts = ["" if char == "\0" else char for char in _first]
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), _starts)


def _construct_float(loader: Any, node: ScalarNode) -> float:
    return float(loader.construct_scalar(node))


_Loader.add_constructor("tag:yaml.org,2002:float", _construct_float)


def parse(text: str) -> Any:
    """The document in `text`. Raises `YamlProblem`."""
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506  _Loader is a SafeLoader
    except yaml.MarkedYAMLError as error:
        raise YamlProblem(_line_of_error(text, error), _explain(error)) from None
    except yaml.YAMLError:
        bad = _UNPRINTABLE.search(text)
        line = text.count("\n", 0, bad.start()) + 1 if bad else 1
        raise YamlProblem(line, "有 YAML 不允许的控制字符：删去它") from None
    except RecursionError:
        raise YamlProblem(1, "嵌套太深：题目文件不需要这么多层") from None


def line_of(text: str, path: Sequence[int | str]) -> int:
    """The line (from 1) of the value at `path`, or of the deepest part of it that exists.

    Steps that lead nowhere are skipped, because pydantic puts the names of union members between them.
    """
    return _walk(text, path)[0]


def is_block(text: str, path: Sequence[int | str]) -> bool:
    """Whether the value at `path` is a block (`|`), whose text begins on the line after its key."""
    node = _walk(text, path)[1]
    return isinstance(node, ScalarNode) and node.style in ("|", ">")


def _walk(text: str, path: Sequence[int | str]) -> tuple[int, Node | None]:
    try:
        node = yaml.compose(text, Loader=_Loader)
    except (yaml.YAMLError, RecursionError):
        return 1, None
    if node is None:
        return 1, None
    line = node.start_mark.line + 1
    for step in path:
        found = _child(node, step)
        if found is not None:
            line, node = found
    return line, node


def _child(node: Node, step: int | str) -> tuple[int, Node] | None:
    """Line and node of one member; a mapping's member stands where its key stands."""
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        item = node.value[step]
        return item.start_mark.line + 1, item
    if isinstance(node, MappingNode):
        for key, value in _pairs(node):
            if key.value == step:
                return key.start_mark.line + 1, value
    return None


def _pairs(node: MappingNode) -> Iterator[tuple[Node, Node]]:
    yield from node.value


def _line_of_error(text: str, error: yaml.MarkedYAMLError) -> int:
    """Where to look: an open quote or bracket is where it began, not where the file ends."""
    mark = error.problem_mark or error.context_mark
    if error.context_mark and "end of stream" in (error.problem or ""):
        mark = error.context_mark
    last = max(len(text.splitlines()), 1)
    return min(mark.line + 1, last) if mark else 1


_SENTENCES = (
    ("while scanning an alias", "* 开头的值会被当作锚点的引用：请加引号"),
    ("while scanning an anchor", "& 开头的值会被当作锚点：请加引号"),
    ("could not find expected ':'", "这里少了一个英文冒号，或者上一行的引号、缩进没有收好"),
    ("mapping values are not allowed", "这一行有多余的冒号：值里含冒号时请整个加引号，或改用 | 块"),
    ("cannot start any token", "制表符或特殊字符不能放在这里：缩进用空格，@ ` 开头的值加引号"),
    ("did not find expected", "缩进或括号不配对：同一层的键要左对齐，列表项以 - 加空格开头"),
    ("expected <block end>", "缩进不配对：同一层的键要左对齐"),
    ("found unexpected end of stream", "引号或括号没有闭合"),
    ("found undefined alias", "引用了没有定义的锚点：* 开头的值请加引号"),
    ("found duplicate anchor", "锚点重复定义：& 开头的值请加引号"),
    ("unknown escape character", '双引号里的反斜杠是转义：改用单引号，或写成 "\\\\"'),
    ("could not determine a constructor", "不支持的标签：! 开头的值请加引号"),
    ("expected a single document", "一个文件只能写一道题：多了一行 ---"),
)


def _explain(error: yaml.MarkedYAMLError) -> str:
    said = f"{error.context or ''} {error.problem or ''}"
    for fragment, sentence in _SENTENCES:
        if fragment in said:
            return f"YAML 语法错误：{sentence}"
    return f"YAML 语法错误：{said.strip()}"
