"""The command `judge`: run, batch, verify, calibrate, doctor, schema, stop. Data goes to stdout, everything said to a person to stderr."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from enum import IntEnum
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, cast

import click

from judge import command_line
from judge.client import Broken, Unavailable, judge, stop_service
from judge.reasons import reason
from judge.source import Unreadable, read_source
from judge.verdict import CheckEvent, Event, PhaseEvent, ProgressEvent, Report, Request, Verdict

if TYPE_CHECKING:
    from judge.verdict import DeviceName, FrameworkName, TierName
    from judge.verify import Outcome, Proof


Result = TypeVar("Result")


class ExitStatus(IntEnum):
    """What a script may rely on; Ctrl-C ends with 130 as everywhere."""

    ACCEPTED = 0
    NOT_ACCEPTED = 1
    USAGE = 2
    JUDGE_ERROR = 3


class Live:
    """One line on stderr that says what is going on, when a person is watching."""

    def __init__(self, *, count: int = 1) -> None:
        self._enabled = sys.stderr.isatty()
        self._count = count
        self.done = 0
        self._phase = ""
        self._loss = ""

    def __call__(self, event: Event) -> None:
        """Show one event."""
        match event:
            case PhaseEvent():
                self._phase, self._loss = event.title, ""
            case ProgressEvent():
                loss = event.values.get("loss")
                self._loss = f"  第 {event.step} {'轮' if event.unit == 'epoch' else '步'}" + (
                    f" loss {loss:.4f}" if loss is not None else ""
                )
            case CheckEvent():
                self._loss = f"  {event.result.title} {event.result.status}"
            case _:
                pass
        label = f"{self.done}/{self._count}  " if self._count > 1 else ""
        if self._enabled:
            sys.stderr.write(f"\r\033[K{label}{self._phase}{self._loss}"[:300])
            sys.stderr.flush()

    def clear(self) -> None:
        """Take the line away."""
        if self._enabled:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()


def exit_status(reports: Sequence[Report]) -> ExitStatus:
    """0 when all are accepted, 3 when the judge failed on any, else 1."""
    if any(report.verdict is Verdict.IE for report in reports):
        return ExitStatus.JUDGE_ERROR
    return ExitStatus.ACCEPTED if all(report.verdict is Verdict.AC for report in reports) else ExitStatus.NOT_ACCEPTED


def fail(message: str, status: ExitStatus) -> NoReturn:
    """Say one sentence and leave."""
    click.echo(message, err=True)
    raise SystemExit(status)


def judge_and_wait(request: Request, *, run_all: bool = False) -> Report:
    """Judge one submission with a live line; leaves the program with the right status when there is no report."""
    live = Live()
    return _waited(live, judge(request, live, run_all=run_all))


def judge_many(
    requests: Sequence[Request], jobs: int, on_report: Callable[[int, Report], None], *, run_all: bool = False
) -> None:
    """Judge many, `jobs` at once; reports are handed on in the order of the requests, each as soon as it may."""
    live = Live(count=len(requests))

    async def every() -> None:
        turn = asyncio.Semaphore(jobs)

        async def one(request: Request) -> Report:
            async with turn:
                return await judge(request, live, run_all=run_all)

        tasks = [asyncio.create_task(one(request)) for request in requests]
        try:
            for number, task in enumerate(tasks):
                report = await task
                live.clear()
                live.done = number + 1
                on_report(number, report)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    _waited(live, every())


def _waited(live: Live, work: Coroutine[Any, Any, Result]) -> Result:
    """Run to the end; what keeps a report from coming becomes one sentence and an exit status."""
    try:
        return asyncio.run(work)
    except Unavailable as problem:
        live.clear()
        fail(str(problem), ExitStatus.USAGE)
    except Broken as problem:
        live.clear()
        fail(f"判题机自身出错：{problem}", ExitStatus.JUDGE_ERROR)
    except KeyboardInterrupt:
        live.clear()
        raise click.Abort from None
    finally:
        live.clear()


@click.group(cls=command_line.ChineseGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="quizapp", message="judge %(version)s", help="显示版本")
def cli() -> None:
    """隔离判题：在盒子里运行 PyTorch / TensorFlow 代码，用隐藏检查打分，指出错在哪里。"""


cli.lazy["batch"] = ("judge.batch:batch", "判一个文件夹里的全部提交，写出成绩表；中断后接着判。")
cli.lazy["calibrate"] = ("judge.measuring:calibrate", "校准阈值：通过与错误的文件各跑许多新种子，量出每个指标离阈值多远。")


@cli.command()
@click.argument("problem")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--framework", type=click.Choice(["torch", "tensorflow"]), help="默认看文件导入了什么。")
@click.option(
    "--device",
    type=click.Choice(["auto", "cpu", "cuda", "mps"]),
    default="auto",
    show_default=True,
    help="auto 即 cpu：处处同判。",
)
@click.option("--seed", type=click.IntRange(0, 2**53), help="重现某次判题；默认每次新抽。")
@click.option(
    "--tier", type=click.Choice(["bwrap", "landlock", "process"]), help="隔离方式；process 不隔离，只用于信任的代码。"
)
@click.option("--jobs", type=click.IntRange(1, 64), default=os.cpu_count() or 1, help="几份同时判；默认与处理器核数相同。")
@click.option("--all", "run_all", is_flag=True, help="某组检查失败后也跑完后面的组。")
@click.option("--json", "as_json", is_flag=True, help="每个文件在标准输出打印一个 JSON 对象。")
@click.option(
    "--artifacts", "folder", type=click.Path(path_type=Path, file_okay=False), help="把图片、曲线、译文存进这个文件夹。"
)
def run(
    problem: str,
    files: tuple[Path, ...],
    framework: str | None,
    device: str,
    seed: int | None,
    tier: str | None,
    jobs: int,
    run_all: bool,
    as_json: bool,
    folder: Path | None,
) -> None:
    """判一份或几份提交。退出码：0 全部通过，1 有未通过，2 用法不对，3 判题机出错。"""
    try:
        requests = [
            Request(
                problem=problem,
                source=read_source(path),
                filename=path.name,
                framework=cast("FrameworkName | None", framework),
                device=cast("DeviceName", device),
                seed=seed,
                tier=cast("TierName | None", tier),
            )
            for path in files
        ]
    except Unreadable as unreadable:
        raise click.UsageError(str(unreadable)) from None
    reports: list[Report] = []

    def show(number: int, report: Report) -> None:
        reports.append(report)
        _show(files[number], report, several=len(files) > 1, as_json=as_json)
        if folder:
            _keep(folder, files[number].stem, report)

    judge_many(requests, min(jobs, len(files)), show, run_all=run_all)
    raise SystemExit(exit_status(reports))


def _keep(folder: Path, stem: str, report: Report) -> None:
    from judge.artifacts import keep

    try:
        kept = keep(folder, stem, report.artifacts)
    except OSError as error:
        fail(f"无法写 {folder}：{reason(error)}", ExitStatus.USAGE)
    for path in kept:
        click.echo(f"已存 {path}", err=True)


def _show(path: Path, report: Report, *, several: bool, as_json: bool) -> None:
    if as_json:
        click.echo(report.model_dump_json())
        return
    from judge.render import render_report

    if several:
        click.echo(f"== {path}")
    click.echo(render_report(report))


@cli.command()
@click.argument("problems", nargs=-1)
@click.option("--all", "every", is_flag=True, help="证明每一道编程题。")
@click.option("--seeds", type=click.IntRange(1, 100), default=1, show_default=True, help="每个文件用几个新种子。")
@click.option("--only", default="*", help="只跑匹配的文件，例如 'wrong_answer/torch_*'。")
@click.option("--tier", type=click.Choice(["bwrap", "landlock", "process"]))
@click.option("--json", "as_json", is_flag=True)
def verify(problems: tuple[str, ...], every: bool, seeds: int, only: str, tier: str | None, as_json: bool) -> None:
    """证明题包：solutions/ 里每个文件都得到它该得的判决、检查与诊断，并打印杀伤矩阵。"""
    from judge.grader.engine import preload
    from judge.grader.failures import JudgeProblem, UsageProblem

    preload()
    try:
        names = every_problem() if every else list(problems)
        if not names:
            fail("请给出题目编号，或用 --all", ExitStatus.USAGE)
        proofs = [_prove(name, seeds, only, cast("TierName | None", tier)) for name in names]
    except UsageProblem as problem:
        fail(str(problem), ExitStatus.USAGE)
    except JudgeProblem as problem:
        fail(f"判题机自身出错：{problem}", ExitStatus.JUDGE_ERROR)
    if not any(proof.outcomes for proof in proofs):
        fail(f"没有匹配 --only {only} 的文件：什么也没有证明", ExitStatus.USAGE)
    _print_proofs(proofs, whole=only == "*", as_json=as_json)


def every_problem() -> list[str]:
    """The coding problems that have solutions to prove them with, by id."""
    from judge.verify import SOLUTIONS
    from question_bank.loader import load_bank
    from question_bank.models import Coding

    coding = [q for q in load_bank().questions if isinstance(q, Coding)]
    return [q.id for q in coding if (SOLUTIONS / q.topic / q.id / "submissions.yaml").is_file()]


def _prove(name: str, seeds: int, only: str, tier: TierName | None) -> Proof:
    from judge.verify import verify as prove

    def said(outcome: Outcome) -> None:
        mark = "✗" if outcome.faults else "✓"
        line = f"{mark} {outcome.file:<52} {outcome.report.verdict:<4}{outcome.report.timings.total_s:6.1f}s  {outcome.report.message or ''}"
        click.echo(line[:200], err=True)
        for fault in outcome.faults:
            click.echo(f"    {fault}", err=True)

    return asyncio.run(prove(name, seeds=seeds, only=lambda file: fnmatch(file, only), tier=tier, on_outcome=said))


def _print_proofs(proofs: Sequence[Proof], *, whole: bool, as_json: bool) -> NoReturn:
    from judge.verify import as_json as proof_json
    from judge.verify import matrix

    faults = [f for proof in proofs for f in (proof.faults if whole else [x for o in proof.outcomes for x in o.faults])]
    if as_json:
        click.echo(json.dumps([proof_json(proof) for proof in proofs], ensure_ascii=False))
        raise SystemExit(ExitStatus.NOT_ACCEPTED if faults else ExitStatus.ACCEPTED)
    for proof in proofs:
        click.echo(f"\n{proof.problem.id}：{len(proof.outcomes)} 次判题；杀伤矩阵（检查、击中几个错误文件、哪些）")
        for line in matrix(proof):
            click.echo("  " + line)
    click.echo("\n".join(["", *(f"✗ {fault}" for fault in faults)]) if faults else "\n全部如约。")
    raise SystemExit(ExitStatus.NOT_ACCEPTED if faults else ExitStatus.ACCEPTED)


@cli.command()
@click.option("--refresh", is_flag=True, help="重新探测，不用上次的结果。")
@click.option("--json", "as_json", is_flag=True)
def doctor(refresh: bool, as_json: bool) -> None:
    """这台机器能给出什么样的隔离，怎样得到更好的。"""
    from judge.sandbox import best_tier, probe
    from judge.sandbox.doctor import describe

    found = probe(refresh=refresh)
    if as_json:
        tiers: dict[str, Any] = {name: {"available": t.available, "reason": t.reason} for name, t in found.tiers.items()}
        click.echo(json.dumps({"best": best_tier(found), "tiers": tiers}, ensure_ascii=False))
    else:
        click.echo("\n".join(describe(found)))
    raise SystemExit(ExitStatus.ACCEPTED if best_tier(found) else ExitStatus.NOT_ACCEPTED)


@cli.command()
@click.argument("name", type=click.Choice(["report", "request", "event"]), default="report")
def schema(name: str) -> None:
    """打印报告、请求或事件的 JSON Schema。"""
    click.echo(json.dumps(schemas()[name](), ensure_ascii=False, indent=2))


def schemas() -> dict[str, Callable[[], dict[str, Any]]]:
    """JSON schemas by name."""
    from judge.client import EVENTS

    return {"report": Report.model_json_schema, "request": Request.model_json_schema, "event": EVENTS.json_schema}


@cli.command()
def stop() -> None:
    """停掉你的判题服务（它闲置几分钟后也会自己退出）。"""
    stopped = asyncio.run(stop_service())
    click.echo("判题服务已停止" if stopped else "没有正在运行的判题服务", err=True)


def main() -> None:
    """The entry point."""
    command_line.run(cli, "judge")


if __name__ == "__main__":
    main()
