"""pydantic's findings as Chinese sentences that say what to do."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import Any

from pydantic_core import ErrorDetails

_EXPECTED: Mapping[str, str] = {
    "string_type": "应是文字（数字和 true/false 要加引号）",
    "int_type": "应是整数",
    "int_parsing": "应是整数",
    "float_type": "应是数字",
    "bool_type": "应是 true 或 false",
    "tuple_type": "应是列表（每项一行，以 - 开头）",
    "dict_type": "应是键值对",
    "model_type": "应是键值对",
    "model_attributes_type": "应是键值对",
    "date_type": "应是日期，例如 2026-01-31",
    "date_parsing": "应是日期，例如 2026-01-31",
    "date_from_datetime_parsing": "应是日期，例如 2026-01-31",
    "string_too_short": "不能为空",
}


def explain(error: ErrorDetails, known_fields: Callable[[ErrorDetails], list[str]]) -> str:
    """One sentence for one finding. `known_fields` lists the names allowed beside an unknown one."""
    name = field_name(error)
    kind = error["type"]
    context: Mapping[str, Any] = error.get("ctx", {})
    if kind == "missing":
        return f"缺少字段 {name}"
    if kind == "extra_forbidden":
        return f"不认识字段 {name}{_similar(name, known_fields(error))}"
    if kind in _EXPECTED:
        return f"字段 {name} {_EXPECTED[kind]}，现在是 {_shown(error['input'])}"
    return _by_context(kind, name, error, context)


def _by_context(kind: str, name: str, error: ErrorDetails, context: Mapping[str, Any]) -> str:
    if kind == "union_tag_not_found":
        return "缺少字段 type：写明题型，例如 type: short_answer"
    if kind == "union_tag_invalid":
        return f"没有题型 {context['tag']}，可用：{context['expected_tags']}"
    if kind == "literal_error":
        return f"字段 {name} 只能是 {context['expected']}，现在是 {_shown(error['input'])}"
    if kind == "string_pattern_mismatch":
        return f"字段 {name} 的写法不对：{_shown(error['input'])}（小写字母开头，只用小写字母、数字和下划线，不超过 48 个字符）"
    if kind == "too_short":
        return f"字段 {name} 至少要有 {context['min_length']} 项"
    if kind == "value_error":
        return str(context["error"])
    bounds = {"greater_than": "gt", "greater_than_equal": "ge", "less_than": "lt", "less_than_equal": "le"}
    if kind in bounds:
        sign = {"gt": "大于", "ge": "不小于", "lt": "小于", "le": "不大于"}[bounds[kind]]
        return f"字段 {name} 应{sign} {context[bounds[kind]]:g}，现在是 {_shown(error['input'])}"
    return f"字段 {name} 不对：{error['msg']}"


def field_name(error: ErrorDetails) -> str:
    """Where the finding is, as an author reads it: `key_points[2].text`."""
    name = ""
    for step in error["loc"]:
        if isinstance(step, int):
            name += f"[{step + 1}]"
        elif not _is_union_member(step):
            name = f"{name}.{step}" if name else step
    return name or "（整个文件）"


_MEMBERS = frozenset({"single", "multiple", "true_false", "cloze", "ordering", "numeric", "short_answer", "coding"})


def _is_union_member(step: str) -> bool:
    """pydantic puts the names of union members into a location."""
    return step in _MEMBERS or step.startswith(("constrained-", "literal[")) or step in ("int", "float")


def _similar(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name.rpartition(".")[2], known, n=1)
    return f"，是不是想写 {close[0]}？" if close else f"；可用：{'、'.join(known)}"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."
