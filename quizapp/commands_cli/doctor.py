"""`quizapp doctor` and `quizapp data`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from judge.columns import wrapped
from quizapp.commands_cli.shared import Command, as_json_option, open_progress, print_json, say, terminal_width
from quizapp.paths import data_dir
from quizapp.problems import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from quizapp.diagnosis import Finding

_MARKS = {"ok": "✓", "note": "-", "bad": "✗"}


@click.command(cls=Command)
@click.option("--rebuild", is_flag=True, help="从日志重新推算所有派生数据。")
@click.option(
    "--restore", is_flag=False, flag_value="newest", metavar="备份文件", help="用备份换下损坏的进度库；不写文件就用最近一份。"
)
@as_json_option
def doctor(rebuild: bool, restore: str | None, as_json: bool) -> int:
    """检查终端、隔离、框架、设备、数据、题库和进度库。退出码：0 都好，1 有问题。"""
    if restore is not None:
        return _restore(restore)
    if rebuild:
        return _rebuild()
    from quizapp.diagnosis import examine

    findings = list(examine())
    if as_json:
        print_json(findings)
    else:
        _print(findings)
    return int(any(finding.level == "bad" for finding in findings))


def _print(findings: Iterable[Finding]) -> None:
    section, width = "", terminal_width()
    for finding in findings:
        if finding.section != section:
            section = finding.section
            click.echo(section)
        click.echo(wrapped(finding.text, width, f"  {_MARKS[finding.level]} ", "    "))
        if finding.advice:
            click.echo(wrapped(finding.advice, width, "    → ", "      "))


def _rebuild() -> int:
    with open_progress("owner") as progress:
        changed = progress.rebuild()
        events = progress.count()
    if changed:
        say(f"已从 {events} 条日志重新推算；与原来不同的表：{'、'.join(changed)}")
    else:
        say(f"已从 {events} 条日志重新推算，与原来完全一致")
    return 0


def _restore(name: str) -> int:
    from quizapp.progress import backups
    from quizapp.progress.lock import OwnerLock
    from quizapp.progress.store import FILENAME

    database = data_dir() / FILENAME
    copies = backups.dated(database)
    if name == "newest" and not copies:
        raise UsageProblem(f"{backups.folder(database)} 里没有备份：用 --restore 文件 指定一份")
    backup = copies[max(copies)] if name == "newest" else Path(name)
    if not backup.is_file():
        raise UsageProblem(f"找不到备份 {backup}")
    with OwnerLock(database):
        aside = backups.restore(database, backup)
    with open_progress("owner") as progress:
        say(f"已恢复 {backup.name}，共 {progress.count()} 条日志" + (f"；原文件留在 {aside}" if aside else ""))
    return 0


@click.command(cls=Command)
@click.option("--fetch", is_flag=True, help="取还没有的数据集（来自软件源，按 sha256 校验）。")
@as_json_option
def data(fetch: bool, as_json: bool) -> int:
    """数据集：来源、署名、许可、是否就绪。"""
    if fetch:
        from judge.datasets.__main__ import main as datasets

        return datasets(["ensure"])
    from judge.datasets.catalog import rows

    if as_json:
        print_json(
            [
                {
                    "id": row.dataset.id,
                    "title": row.dataset.title,
                    "state": row.state.value,
                    "path": str(row.path),
                    "package": f"{row.dataset.package}=={row.dataset.version}",
                    "sha256": row.dataset.wheel_sha256,
                    "licence": row.dataset.licence,
                    "credit": row.dataset.credit,
                    "problems": row.dataset.problems,
                }
                for row in rows()
            ]
        )
        return 0
    from judge.datasets.__main__ import status

    click.echo("\n".join(status()))
    return 0
