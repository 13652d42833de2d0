"""`quizapp start` and `quizapp submit`: from the starter to a recorded verdict."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from quizapp.commands_cli.shared import (
    Command,
    as_json_option,
    open_bank,
    open_progress,
    print_json,
    say,
    terminal_width,
)
from quizapp.problems import UsageProblem
from quizapp.settings import load_settings
from quizapp.workspace import create_solution, read_source, solution_path

if TYPE_CHECKING:
    from judge.verdict import DeviceName, FrameworkName, Report
    from question_bank.bank import Bank
    from question_bank.models import Coding, Framework

FRAMEWORKS = click.Choice(["torch", "tensorflow"])
_DISTRIBUTIONS = {"torch": ("torch",), "tensorflow": ("tensorflow", "tensorflow-cpu")}


def find_problem(bank: Bank, problem: str) -> Coding:
    """The coding problem. Raises `UsageProblem`."""
    from question_bank.bank import UnknownQuestion

    question = bank.get(problem)
    if question is not None and question.type != "coding":
        raise UsageProblem(f"{problem} 是理论题，不用提交代码：用 quizapp quiz {problem} 作答")
    try:
        return bank.coding(problem)
    except UnknownQuestion as unknown:
        raise UsageProblem(str(unknown)) from None


def chosen_framework(question: Coding, asked: str | None) -> Framework:
    """The framework to work in: asked for, set, or the first of the problem's that is installed."""
    if asked is not None:
        return cast("Framework", asked)
    preferred = load_settings().framework
    if preferred in question.frameworks:
        return preferred
    return next((name for name in question.frameworks if is_installed(name)), question.frameworks[0])


def is_installed(framework: str) -> bool:
    """Whether its package is there; nothing is imported."""
    from importlib.metadata import PackageNotFoundError, version

    for name in _DISTRIBUTIONS[framework]:
        try:
            version(name)
        except PackageNotFoundError:
            continue
        return True
    return False


@click.command(cls=Command)
@click.argument("problem")
@click.option("--framework", type=FRAMEWORKS, help="用哪个框架；默认看设置和装了哪个。")
@click.option("--edit", is_flag=True, help="创建后用编辑器打开。")
@as_json_option
def start(problem: str, framework: str | None, edit: bool, as_json: bool) -> None:
    """从起始代码创建解答文件；已有的文件原样保留。"""
    question = find_problem(open_bank(), problem)
    path, created = create_solution(question, chosen_framework(question, framework))
    if as_json:
        print_json({"path": str(path), "created": created})
    else:
        click.echo(str(path))
        say("已创建。" if created else "文件已存在，没有改动。")
        say(f"写好后提交：quizapp submit {question.id}")
    if edit:
        click.edit(filename=str(path), editor=load_settings().editor)


@click.command(cls=Command)
@click.argument("problem")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--framework", type=FRAMEWORKS, help="默认看文件导入了什么。")
@click.option(
    "--device", type=click.Choice(["auto", "cpu", "cuda", "mps"]), default="auto", show_default=True, help="在哪个设备上跑。"
)
@click.option("--seed", type=click.IntRange(0, 2**53), help="重现某次判题；默认每次新抽。")
@as_json_option
def submit(problem: str, file: Path | None, framework: str | None, device: str, seed: int | None, as_json: bool) -> int:
    """判一份解答并记录结果。FILE 默认是 quizapp start 创建的文件。

    退出码：0 通过，1 未通过，2 用法不对，3 判题机出错（不算你的一次尝试）。
    """
    from judge.cli import exit_status, judge_and_wait
    from judge.render import render_report
    from judge.verdict import Request

    bank = open_bank()
    question = find_problem(bank, problem)
    path = file or _only_solution(question, framework)
    source = read_source(path)
    with open_progress() as progress:  # opened first: a progress file that cannot be written is told before the long wait
        report = judge_and_wait(
            Request(
                problem=question.id,
                source=source,
                filename=path.name,
                framework=cast("FrameworkName | None", framework),
                device=cast("DeviceName", device),
                seed=seed,
            )
        )
        related = [name for name in question.related if bank.get(name)]
        progress.record_submission(question.id, source=source, filename=path.name, report=report, related=related)
    if as_json:
        click.echo(report.model_dump_json())
    else:
        titles = {group.id: group.title for group in question.groups}
        click.echo(render_report(report, terminal_width(), titles))
        _afterwards(report, related)
    return int(exit_status([report]))


def _afterwards(report: Report, related: list[str]) -> None:
    if report.verdict == "IE":
        say("判题机出错，不算一次尝试；这份代码已保存。")
    elif report.verdict != "AC" and related:
        say(f"相关的理论题已提前到今天：{'、'.join(related)}")


def _only_solution(question: Coding, framework: str | None) -> Path:
    """The learner's own file for this problem. Raises `UsageProblem` when there is none, or two to choose from."""
    names = [cast("Framework", framework)] if framework else list(question.frameworks)
    found = [path for path in (solution_path(question.id, name) for name in names) if path.exists()]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageProblem(f"{question.id} 有 {len(found)} 份解答：加 --framework 选一份，或写明文件：{found[0]}")
    raise UsageProblem(f"还没有 {question.id} 的解答：先运行 quizapp start {question.id}，或写明要提交的文件")
