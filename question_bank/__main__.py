"""`python -m question_bank check | schema | search`: the author's tools."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import click

from question_bank import schema
from question_bank.lint import check
from question_bank.loader import load_bank


@click.group()
def main() -> None:
    """题库工具。"""


@main.command(name="check")
@click.argument("root", required=False, type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="警告也算失败")
def check_command(root: Path | None, strict: bool) -> None:
    """检查题库：每个问题一行（文件:行号: 说明）。有错误时退出码为 1。"""
    if root is not None and not root.is_dir():
        raise click.UsageError(f"没有文件夹 {root}：给出题库的根目录，或省略它检查自带题库")
    findings = check(root, today=dt.datetime.now().astimezone().date())
    for finding in findings:
        click.echo(str(finding))
    errors = sum(finding.level == "error" for finding in findings)
    count = len(load_bank(root).outlines)
    click.echo(f"{count} 道题，{errors} 个错误，{len(findings) - errors} 个警告", err=True)
    sys.exit(1 if errors or (strict and findings) else 0)


@main.command(name="schema")
def schema_command() -> None:
    """重新生成 JSON Schema（编辑器补全 YAML 用）。"""
    for path in schema.write():
        click.echo(str(path))


@main.command(name="search")
@click.argument("words", nargs=-1, required=True)
def search_command(words: tuple[str, ...]) -> None:
    """按汉字、拼音、首字母或英文搜索题目。"""
    found = load_bank().search(" ".join(words))
    for outline in found:
        click.echo(f"{outline.id}\t{outline.title}")
    if not found:
        click.echo("没有找到", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main(prog_name="python -m question_bank")
