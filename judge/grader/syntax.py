"""All the syntax errors of a file, not only the first: each broken statement is taken out and the rest is parsed again."""

from __future__ import annotations

import ast
import contextlib
import io
import re
import tokenize
import warnings

from judge.clean import clean_line

_MEANINGS: tuple[tuple[str, str], ...] = (
    (r"'(.)' was never closed", "括号 {0} 没有闭合"),
    (r"unmatched '(.)'", "多出一个 {0}"),
    (r"closing parenthesis '(.)' does not match opening parenthesis '(.)'(?: on line (\d+))?", "括号不配对：{1} 被 {0} 闭合"),
    (r"expected ':'", "缺少冒号"),
    (r"expected an indented block after (.+)", "下一行应缩进（{0} 之后）"),
    (r"unexpected indent", "多余的缩进"),
    (r"unindent does not match any outer indentation level", "缩进与外层对不齐"),
    (r"inconsistent use of tabs and spaces", "缩进混用了 Tab 和空格"),
    (r"unterminated (?:triple-quoted )?(?:f-)?string literal", "字符串没有结束的引号"),
    (r"invalid character '(.)' \(U\+(\w+)\)", "出现了全角或不可用的字符 {0}：改成半角"),
    (r"invalid non-printable character U\+(\w+)", "混进了不可见字符 U+{0}"),
    (r"invalid syntax\. Perhaps you forgot a comma\?", "可能漏了逗号"),
    (r"invalid syntax\. Maybe you meant '==' or ':=' instead of '='\?", "这里要用 == 而不是 ="),
    (r"cannot assign to (.+?) here", "不能给 {0} 赋值"),
    (r"Missing parentheses in call to 'print'", "print 要加括号（这是 Python 2 的写法）"),
    (r"'(return|yield|await)' outside (?:async )?function", "{0} 写在了函数外面"),
    (r"positional argument follows keyword argument", "位置参数写在了关键字参数后面"),
    (r"invalid syntax", "语法不对"),
)
# Lines that are no Python but come along with a copy.
_PASTED: tuple[tuple[str, str], ...] = (
    (r"\s*[%!]\s*\w", "这是 Jupyter 的命令，不是 Python：删掉这一行"),
    (r"\s*```", "这是 Markdown 的代码围栏：删掉这一行"),
    (r"\s*(>>>|\.\.\.) ", "行首的 {0} 是交互式提示符：去掉它"),
    (r"\s*In ?\[\d+\]:", "这是 Jupyter 的单元编号：删掉它"),
)
# What the parser says of a sound line because the one before it was taken out.
_FOLLOWS = re.compile(r"unexpected indent|unindent .*|expected an indented block .*|invalid syntax")


def meaning(message: str) -> str:
    """CPython's message in Chinese; as it is when it is not known."""
    for pattern, sentence in _MEANINGS:
        if found := re.search(pattern, message):
            return clean_line(sentence.format(*found.groups()))
    return clean_line(message)


def _pasted(line: str) -> str | None:
    for pattern, sentence in _PASTED:
        if found := re.match(pattern, line):
            return sentence.format(*found.groups())
    return None


def syntax_errors(source: str, limit: int = 10) -> list[tuple[int, str]]:
    """`(line, what is wrong)` for every broken statement, in order of lines."""
    lines = source.split("\n")
    found: dict[int, str] = {}
    removed: set[int] = set()
    for _ in range(limit * 3):
        error = _first_error(lines)
        if error is None or len(found) >= limit:
            break
        line, message = _blame(lines, min(max(error.lineno or 1, 1), len(lines)), error.msg or "")
        if line not in removed and not (line - 1 in removed and _FOLLOWS.fullmatch(message)):
            found[line] = _pasted(lines[line - 1]) or meaning(message)
        if not _take_out(lines, line, removed, unclosed="never closed" in message):
            break
    return sorted(found.items())


def _blame(lines: list[str], line: int, message: str) -> tuple[int, str]:
    """CPython meets an unclosed bracket only at the next statement: when one begins here, or right after, the bracket's line is to blame."""
    if "never closed" in message:
        return line, message
    opened = _open_bracket(lines[: line - 1])
    if opened and _indent(lines[line - 1]) <= _indent(lines[opened[0] - 1]):
        return opened[0], f"'{opened[1]}' was never closed"
    opened = _open_bracket(lines[:line])
    following = next((text for text in lines[line:] if text.strip()), "")
    if (
        opened
        and opened[0] == line
        and _indent(following) <= _indent(lines[line - 1])
        and following.lstrip()[:1] not in tuple(")]}")
    ):
        return line, f"'{opened[1]}' was never closed"
    return line, message


def _open_bracket(lines: list[str]) -> tuple[int, str] | None:
    """Line and character of the outermost bracket still open at the end of these lines."""
    stack: list[tuple[int, str]] = []
    reader = io.StringIO("\n".join(lines) + "\n").readline
    with contextlib.suppress(tokenize.TokenError, SyntaxError):
        for token in tokenize.generate_tokens(reader):
            if token.type == tokenize.OP and token.string in "([{":
                stack.append((token.start[0], token.string))
            elif token.type == tokenize.OP and token.string in ")]}" and stack:
                stack.pop()
    return stack[0] if stack else None


def _first_error(lines: list[str]) -> SyntaxError | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse("\n".join(lines))
    except SyntaxError as error:
        return error
    except (ValueError, RecursionError, MemoryError):
        return None
    return None


def _take_out(lines: list[str], line: int, removed: set[int], *, unclosed: bool) -> bool:
    """Replace a broken line by a sound one of the same indentation. False when nothing is left to take."""
    index = line - 1
    while index < len(lines) and index + 1 in removed:
        index += 1
    if index >= len(lines):
        return False
    indent = _indent(lines[index])
    following = next((text for text in lines[index + 1 :] if text.strip()), "")
    opens_block = not unclosed and _indent(following) > indent
    opened = _open_bracket(lines[:index])
    inside = opened is not None and indent > _indent(lines[opened[0] - 1])  # an item of a list, where no statement may stand
    removed.add(index + 1)
    lines[index] = "" if inside else " " * indent + ("if True:" if opens_block else "pass")
    if unclosed:
        _drop_continuation(lines, index, indent, removed)
    return True


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _drop_continuation(lines: list[str], index: int, indent: int, removed: set[int]) -> None:
    """The rest of an unclosed call: deeper lines, and the lone closing bracket after them."""
    for follow in range(index + 1, len(lines)):
        text = lines[follow].strip()
        if text and _indent(lines[follow]) <= indent and text[0] not in ")]}":
            return
        removed.add(follow + 1)
        lines[follow] = ""
