"""click in Chinese, for both programs: help pages, and every complaint as one sentence that says what to do.

Subcommands are imported when they are called for, so that a short command in a shell prompt stays short.
"""

from __future__ import annotations

import contextlib
import difflib
import errno
import importlib
import io
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NoReturn

import click

from judge.columns import cells, padded, wrapped
from judge.reasons import reason

CANCELLED: Final = 130
"""Exit status after Ctrl-C, as shells have it."""
UNREAD: Final = 141
"""Exit status when the reader went away before the end, as shells have it: what was not read may be no claim of success."""
USAGE: Final = 2
_FULL: Final = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))  # Windows has no quota to exceed

_WORDS: Final = {"Options": "选项", "Commands": "命令", "Positional arguments": "参数"}
_PLACES: Final = {"[OPTIONS]": "[选项]", "[COMMAND]": "[命令]", "COMMAND": "命令", "[ARGS]...": "[参数]…"}
_KINDS: Final = {
    " INTEGER RANGE": " 整数",
    " INTEGER": " 整数",
    " TEXT": " 文字",
    " PATH": " 路径",
    " FILE": " 文件",
    " DIRECTORY": " 文件夹",
}
_COLUMN: Final = 34


_NOTES: Final = {"[default: ": "[默认 ", "[required]": "[必填]"}


def _chinese(text: str, words: Mapping[str, str]) -> str:
    for english, chinese in words.items():
        text = text.replace(english, chinese)
    return text


class ChineseFormatter(click.HelpFormatter):
    """Help pages with Chinese headings and lines that break where Chinese may be broken."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """`用法：quizapp …`."""
        self.write(wrapped(f"{prog} {_chinese(args, _PLACES)}", self.width, "用法：", "      ") + "\n")

    def write_heading(self, heading: str) -> None:
        """A section's name."""
        self.write(f"{'':>{self.current_indent}}{_WORDS.get(heading, heading)}：\n")

    def write_text(self, text: str) -> None:
        """A paragraph."""
        self.write(wrapped(text, self.width, " " * self.current_indent) + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = _COLUMN, col_spacing: int = 2) -> None:
        """Terms on the left, what they mean on the right."""
        rows = [(_chinese(term, _KINDS), _chinese(meaning, _NOTES)) for term, meaning in rows]
        column = min(max((cells(term) for term, _ in rows), default=0), col_max) + col_spacing
        lead = " " * self.current_indent
        for term, meaning in rows:
            own_line = cells(term) + col_spacing > column
            first = " " * column if own_line else padded(term, column)
            self.write(f"{lead}{term}\n" if own_line else "")
            self.write(wrapped(meaning, self.width, lead + first, lead + " " * column) + "\n")


class ChineseContext(click.Context):
    """Makes every page with `ChineseFormatter`."""

    formatter_class = ChineseFormatter


class ChineseCommand(click.Command):
    """A command whose help is Chinese."""

    context_class = ChineseContext

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """`-h, --help  显示帮助`."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示这份帮助"
        return option


class ChineseGroup(ChineseCommand, click.Group):
    """A group of such commands. `lazy` maps a name to `module:attribute` and the line the list of commands shows; `meant` maps words that
    people try to the command they want."""

    command_class = ChineseCommand

    def __init__(
        self,
        *args: Any,
        lazy: Mapping[str, tuple[str, str]] | None = None,
        meant: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lazy, self.meant = dict(lazy or {}), dict(meant or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order they were declared."""
        return [*self.lazy, *(name for name in self.commands if name not in self.lazy)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now if need be."""
        if cmd_name not in self.lazy:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = self.lazy[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Which command is meant; an unknown one is answered with the nearest."""
        if self.get_command(ctx, args[0]) is None:
            known = self.meant.get(args[0])
            hint = f"，要的是 {known} 吗" if known else _nearest(args[0], self.list_commands(ctx))
            hint = hint or f"；{ctx.command_path} -h 列出全部命令"
            raise click.UsageError(f"没有命令 {args[0]}{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing them."""
        loaded = {name: command.get_short_help_str(200) for name, command in self.commands.items()}
        rows = [(name, self.lazy[name][1] if name in self.lazy else loaded[name]) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def run(program: click.Command, name: str, explain: Callable[[Exception], str | None] = lambda _: None) -> NoReturn:
    """Run to the exit. Complaints go to stderr as one sentence; `explain` turns the program's own exceptions into such.

    What the terminal has no characters for is written as escapes. A reader who went away (`| head`) ends the program quietly; a full
    disk is a complaint like any other; where a stream was closed (`>&-`), nothing is written.
    """
    _open_closed_streams()
    output = sys.stdout
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        status = program.main(prog_name=name, standalone_mode=False)
        sys.stdout.flush()
        raise SystemExit(status if isinstance(status, int) else 0)
    except SystemExit:
        if sys.stdout is output:
            raise
        raise SystemExit(UNREAD) from None  # click met a broken pipe, put a wrapper before the output, and would say 1
    except click.exceptions.NoArgsIsHelpError as page:
        click.echo(page.format_message())
        raise SystemExit(USAGE) from None
    except click.ClickException as error:
        _complain(sentence(error), USAGE)
    except (click.Abort, KeyboardInterrupt):
        _complain("已取消", CANCELLED)
    except BrokenPipeError:
        _forget_output()
        raise SystemExit(UNREAD) from None
    except OSError as error:
        if error.errno not in _FULL:
            raise
        _forget_output()
        _complain(f"没有写完：{reason(error)}；腾出空间再运行", USAGE)
    except Exception as error:
        said = explain(error)
        if said is None:
            raise
        _complain(said, USAGE)


def _open_closed_streams() -> None:
    """Give a closed stream the null device, so that no file opened later takes its number and is written into."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            mode = "r" if number == 0 else "w"
            stream = open(os.devnull, mode, encoding="utf-8")  # noqa: SIM115  stays; it takes the lowest number free: this one
            setattr(sys, name, stream)


def _forget_output() -> None:
    """What is still in the buffer cannot be written, and must not be tried again at exit."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(text: str, status: int) -> NoReturn:
    with contextlib.suppress(BrokenPipeError):
        click.echo(text, err=True)
    raise SystemExit(status)


def sentence(error: click.ClickException) -> str:
    """One Chinese sentence for what click found wrong."""
    path = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else ""
    hint = f"；用法见 {path} --help" if path else ""
    match error:
        case click.NoSuchOption():
            known = [name for param in error.ctx.command.params for name in param.opts] if error.ctx else []
            return f"没有选项 {error.option_name}{_nearest(error.option_name, known)}{hint}"
        case click.MissingParameter():
            kind = "参数" if isinstance(error.param, click.Argument) else "选项"
            return f"缺少{kind} {_name(error.param)}{hint}"
        case click.BadParameter() if error.param is not None:
            return f"{_name(error.param)} {_expected(error.param.type, error.message)}{hint}"
        case click.BadOptionUsage():
            return f"选项 {error.option_name} 的用法不对：缺少值，或不该带值{hint}"
        case _:
            text = error.format_message()
            return text if not text.isascii() else f"命令不完整或多了参数{hint}"


def _name(param: click.Parameter | None) -> str:
    if param is None:
        return ""
    return max(param.opts, key=len) if isinstance(param, click.Option) else param.metavar or (param.name or "").upper()


def _expected(kind: click.ParamType[Any], message: str) -> str:
    match kind:
        case click.Choice():
            return f"只能是 {'、'.join(map(str, kind.choices))}"
        case click.IntRange() | click.FloatRange():
            least, most = ("" if bound is None else f"{bound}" for bound in (kind.min, kind.max))
            return (
                f"应在 {least} 到 {most} 之间"
                if least and most
                else f"应是不{'小于' if least else '大于'} {least or most} 的数"
            )
        case click.Path() | click.File():
            return "读不到：检查路径和权限"
        case click.DateTime():
            return "应是日期，例如 2026-01-31"
        case _:
            return "的值不对" if message.isascii() else message


def _nearest(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"，是不是 {close[0]}" if close else ""
