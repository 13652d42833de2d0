"""`judge calibrate`: the command around `judge.calibrate`, which measures, and `judge.margins`, which writes the page."""

from __future__ import annotations

import asyncio
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

import click

from judge import command_line
from judge.cli import ExitStatus, every_problem, fail

if TYPE_CHECKING:
    from judge.calibrate import Seeds
    from judge.verify import Outcome, Proof


@click.command(cls=command_line.ChineseCommand)
@click.argument("problems", nargs=-1)
@click.option("--accepted", type=click.IntRange(1, 1000), default=20, show_default=True, help="每个应通过的文件用几个新种子。")
@click.option("--wrong", type=click.IntRange(0, 1000), default=5, show_default=True, help="每个错误的文件用几个新种子。")
@click.option("--only", default="*", help="只跑匹配的文件，例如 'accepted/*'；表里仍是测过的全部。")
@click.option("--minutes", type=click.FloatRange(0), help="最多跑几分钟；再运行会接着跑，0 只写表。")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="几份同时判。")
@click.option("--short", is_flag=True, help="错误的文件第一个种子也停在败了的那一组：快得多，但看不到后面的检查。")
@click.option("--markdown", type=click.Path(path_type=Path, dir_okay=False), help="把表写到这个文件；默认打印。")
@click.option(
    "--runs", type=click.Path(path_type=Path, file_okay=False), help="从这个文件夹读以前的每一次判题，跑完连同新的写回去。"
)
def calibrate(
    problems: tuple[str, ...],
    accepted: int,
    wrong: int,
    only: str,
    minutes: float | None,
    jobs: int,
    short: bool,
    markdown: Path | None,
    runs: Path | None,
) -> None:
    """校准阈值：通过与错误的文件各跑许多新种子，量出每个指标离阈值多远。默认全部编程题；中断后再运行会接着跑。"""
    from judge.calibrate import Seeds
    from judge.grader.engine import preload
    from judge.grader.failures import JudgeProblem, UsageProblem
    from judge.margins import complaints, page

    preload()
    seconds = None if minutes is None else minutes * 60
    try:
        names = list(problems) or every_problem()
        proofs = [_measure(name, Seeds(accepted, wrong), only, seconds, jobs, short=short, runs=runs) for name in names]
    except UsageProblem as problem:
        fail(str(problem), ExitStatus.USAGE)
    except JudgeProblem as problem:
        fail(f"判题机自身出错：{problem}", ExitStatus.JUDGE_ERROR)
    text = page(proofs, accepted=accepted, wrong=wrong)
    if markdown:
        markdown.write_text(text, encoding="utf-8")
    else:
        click.echo(text)
    said = [f"✗ {proof.problem.id}：{line}" for proof in proofs for line in complaints(proof)]
    click.echo("\n".join(said) if said else "全部如约，两侧余量都够。", err=True)
    raise SystemExit(ExitStatus.NOT_ACCEPTED if said else ExitStatus.ACCEPTED)


def _measure(name: str, seeds: Seeds, only: str, seconds: float | None, jobs: int, *, short: bool, runs: Path | None) -> Proof:
    from judge.calibrate import calibrate as measure

    def said(outcome: Outcome, left: int) -> None:
        mark = "✗" if outcome.faults else "✓"
        cpu = outcome.report.timings.cpu_s
        click.echo(f"{mark} {name} 还有 {left:>4}  {outcome.file:<52} {outcome.report.verdict:<4}{cpu:6.1f}s", err=True)
        for fault in outcome.faults:
            click.echo(f"    {fault}", err=True)

    return asyncio.run(
        measure(
            name,
            seeds=seeds,
            jobs=jobs,
            only=lambda file: fnmatch(file, only),
            seconds=seconds,
            short=short,
            runs=runs,
            on_outcome=said,
        )
    )
