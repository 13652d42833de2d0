"""`judge batch`: a folder of submissions to one problem, as a teacher has them. Each is judged once, and nothing done is done again.

Reports are kept in `<folder>/.judge/<problem>/`, a file for each source and way of judging, written whole or not at all. So a batch
that was stopped goes on where it was. All are judged with one seed, drawn once and kept there too: everybody meets the same hidden inputs,
and `judge run --seed` meets them again.
"""

from __future__ import annotations

import asyncio
import csv
import hashlib
import json
import os
import re
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import click
from pydantic import ValidationError

from judge import command_line
from judge.client import Broken, Unavailable, fingerprint, judge
from judge.columns import padded
from judge.reasons import reason
from judge.render import headline
from judge.source import LARGEST
from judge.verdict import Report, Request, Verdict
from judge.whole import written_whole

if TYPE_CHECKING:
    from judge.verdict import DeviceName, FrameworkName, TierName

_COLUMNS: Final = ("文件", "判决", "含义", "得分", "没通过的检查", "诊断", "说明", "与谁相同", "框架", "秒", "种子", "sha256")
_SAID: Final = 28
"""Cells of the widest verdict with its score, and a gap."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Entry:
    """One file. `trouble` says why it cannot be judged."""

    name: str
    source: bytes = b""
    trouble: str = ""


@dataclass(frozen=True)
class Row:
    """What became of one file. `twin` is the first file with the very same source, when that is another."""

    entry: Entry
    report: Report | None
    trouble: str = ""
    twin: str = ""
    kept: bool = False
    """Judged by an earlier run."""


class Kept:
    """The reports so far."""

    def __init__(self, folder: Path, problem: str, way: Sequence[object], seed: int | None) -> None:
        self._folder = folder / problem
        self._folder.mkdir(parents=True, exist_ok=True)
        self.seed = seed if seed is not None else self._own_seed()
        self._way = json.dumps([fingerprint(), *way, self.seed]).encode()

    def _own_seed(self) -> int:
        path = self._folder / "seed"
        try:
            return int(path.read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            _write(path, str(seed := secrets.randbits(40)))
            return seed

    def _path(self, source: bytes) -> Path:
        return self._folder / f"{hashlib.sha256(self._way + source).hexdigest()[:32]}.json"

    def get(self, source: bytes) -> Report | None:
        """The report on this source, if there is one."""
        try:
            return Report.model_validate_json(self._path(source).read_bytes())
        except (FileNotFoundError, ValidationError):
            return None

    def put(self, source: bytes, report: Report) -> None:
        """Keep it. What the judge itself got wrong is not kept: the next run tries again."""
        if report.verdict not in (Verdict.IE, Verdict.CX):
            _write(self._path(source), report.model_dump_json())


def _write(path: Path, text: str) -> None:
    with written_whole(path) as draft:
        draft.write_text(text, encoding="utf-8")


def entries(folder: Path) -> list[Entry]:
    """Every Python file below `folder`, in natural order (2 before 10), without hidden folders."""
    found = [path for path in folder.rglob("*.py") if not any(_is_aside(part) for part in path.relative_to(folder).parts)]
    names = sorted((path.relative_to(folder).as_posix() for path in found), key=_natural)
    return [_entry(folder, name) for name in names]


def _is_aside(part: str) -> bool:
    return part.startswith(".") or part in ("__pycache__", "__MACOSX")


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part) if part.isdecimal() else -1, part) for part in re.split(r"(\d+)", name)]


def _entry(folder: Path, name: str) -> Entry:
    path = folder / name
    try:
        if not path.is_file():
            return Entry(name, trouble="不是普通文件")
        if path.stat().st_size > LARGEST:
            return Entry(name, trouble=f"超过 {LARGEST >> 20} MiB")
        return Entry(name, path.read_bytes())
    except OSError as error:
        return Entry(name, trouble=f"读不了：{reason(error)}")


Ask = Callable[[Entry], Awaitable[Report]]


async def judged(files: Sequence[Entry], kept: Kept, ask: Ask, jobs: int, on_row: Callable[[Row], None]) -> None:
    """Judge what is not kept yet, `jobs` at once. `on_row` hears of every file, once each, as soon as it is known."""
    groups: dict[bytes, list[Entry]] = {}
    for entry in files:
        if entry.trouble:
            on_row(Row(entry, None, entry.trouble))
        else:
            groups.setdefault(entry.source, []).append(entry)
    left = []
    for group in groups.values():
        if (report := kept.get(group[0].source)) is not None:
            _tell(group, report, "", on_row, kept=True)
        else:
            left.append(group)
    queue = iter(left)

    async def work() -> None:
        for group in queue:
            report, trouble = await _outcome(ask, group[0])
            if report is not None:
                kept.put(group[0].source, report)
            _tell(group, report, trouble, on_row)

    workers = [asyncio.create_task(work()) for _ in range(min(jobs, len(left)))]
    try:
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)


def _tell(
    group: Sequence[Entry], report: Report | None, trouble: str, on_row: Callable[[Row], None], *, kept: bool = False
) -> None:
    for number, entry in enumerate(group):
        on_row(Row(entry, report, trouble, group[0].name if number else "", kept))


async def _outcome(ask: Ask, entry: Entry) -> tuple[Report | None, str]:
    """The report, or a sentence; a judge that broke is asked once more."""
    for attempt in (1, 2):
        try:
            return await ask(entry), ""
        except Unavailable as problem:
            return None, str(problem)
        except Broken as problem:
            if attempt == 2:
                return None, f"判题机自身出错：{problem}"
    raise AssertionError("unreachable")


# --- the table -------------------------------------------------------------------------------------------------------------


def write_table(rows: Iterable[Row], path: Path) -> None:
    """The rows as CSV that a spreadsheet opens, whole or not at all."""
    with written_whole(path) as draft, draft.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(_COLUMNS)
        writer.writerows([_harmless(cell) for cell in _cells(row)] for row in rows)


def _cells(row: Row) -> Sequence[object]:
    digest = hashlib.sha256(row.entry.source).hexdigest() if row.entry.source else ""
    if row.report is None:
        return (row.entry.name, "", "没判", "", "", "", row.trouble, row.twin, "", "", "", digest)
    report = row.report
    failed = dict.fromkeys(check.title for check in report.checks if check.status not in (Verdict.AC, Verdict.SK))
    return (
        row.entry.name,
        report.verdict.value,
        report.verdict.label,
        f"{report.score:.1f}".removesuffix(".0"),
        "；".join(failed),
        "；".join(diagnoses(report)),
        report.message or "",
        row.twin,
        report.framework or "",
        round(report.timings.total_s, 1),
        report.seed,
        digest,
    )


def diagnoses(report: Report) -> list[str]:
    """The mistakes named, each once."""
    return list(dict.fromkeys(check.diagnosis for check in report.checks if check.diagnosis))


def _harmless(cell: object) -> object:
    """A text that a spreadsheet would take for a formula is marked as text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def summary(rows: Sequence[Row]) -> Iterator[str]:
    """How the class did."""
    reports = [row.report for row in rows if row.report is not None]
    accepted = sum(report.verdict is Verdict.AC for report in reports)
    scores = [report.score for report in reports if report.verdict is not Verdict.IE]
    parts = [f"共 {len(rows)} 份", f"通过 {accepted}", f"未通过 {len(scores) - accepted}"]
    if len(scores) < len(rows):
        parts.append(f"没判成 {len(rows) - len(scores)}")
    if twins := sum(bool(row.twin) for row in rows):
        parts.append(f"与别人一字不差 {twins}")
    yield "，".join(parts) + (f"；平均 {sum(scores) / len(scores):.0f} 分" if scores else "")
    mistakes = Counter(name for report in reports for name in diagnoses(report)[:1])
    for name, times in mistakes.most_common(5):
        yield f"  {times} 份：{name}"


def line(row: Row, done: int, total: int) -> str:
    """One file on one line."""
    where = f"{done:>{len(str(total))}}/{total}  "
    if row.report is None:
        return f"{where}{padded('没判', _SAID)}{row.entry.name}：{row.trouble}"
    said = next(iter(diagnoses(row.report)), row.report.message or "") if row.report.verdict is not Verdict.AC else ""
    more = "；".join(part for part in (f"与 {row.twin} 相同" if row.twin else "", said) if part)
    return f"{where}{padded(headline(row.report), _SAID)}{row.entry.name}" + (f"：{more}" if more else "")


# --- the command -----------------------------------------------------------------------------------------------------------


@click.command(cls=command_line.ChineseCommand)
@click.argument("problem")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--csv", "table", type=click.Path(path_type=Path, dir_okay=False), help="成绩表；默认 FOLDER/判题结果-PROBLEM.csv。"
)
@click.option("--jobs", type=click.IntRange(1, 64), default=os.cpu_count() or 1, help="几份同时判；默认与处理器核数相同。")
@click.option("--framework", type=click.Choice(["torch", "tensorflow"]), help="默认看各文件导入了什么。")
@click.option("--device", type=click.Choice(["auto", "cpu", "cuda", "mps"]), default="auto", show_default=True)
@click.option("--seed", type=click.IntRange(0, 2**53), help="隐藏输入的种子；默认抽一个，整个文件夹共用。")
@click.option("--tier", type=click.Choice(["bwrap", "landlock", "process"]), help="隔离方式；默认用最好的。")
@click.option("--keep", type=click.Path(path_type=Path, file_okay=False), help="报告留在哪里；默认 FOLDER/.judge。")
@click.option("--json", "as_json", is_flag=True, help="每个文件在标准输出打印一个 JSON 对象。")
def batch(
    problem: str,
    folder: Path,
    table: Path | None,
    jobs: int,
    seed: int | None,
    keep: Path | None,
    as_json: bool,
    **way: str | None,
) -> int:
    """判一个文件夹里的全部 .py，写出成绩表。中断后再运行会接着判；改过的文件会重判。

    退出码：0 全部通过，1 有未通过，2 用法不对，3 有文件没判成，130 中途停下。
    """
    files = _files(problem, folder)
    table = table or folder / f"判题结果-{problem}.csv"
    kept = _opened(keep or folder / ".judge", problem, list(way.values()), seed)
    rows: dict[str, Row] = {}

    def show(row: Row) -> None:
        rows[row.entry.name] = row
        click.echo(_as_json(row) if as_json else line(row, len(rows), len(files)))

    async def ask(entry: Entry) -> Report:
        return await judge(_request(problem, entry, kept.seed, way), lambda _: None)

    try:
        asyncio.run(judged(files, kept, ask, jobs, show))
    except KeyboardInterrupt:
        click.echo(f"已停下：判完的 {len(rows)} 份留着，再运行同一条命令会接着判", err=True)
        return command_line.CANCELLED
    finally:
        known = [rows[entry.name] for entry in files if entry.name in rows]
        _save(known, table)
    click.echo("\n".join([*summary(known), f"成绩表：{table}"]), err=True)
    return _status(known)


def _files(problem: str, folder: Path) -> list[Entry]:
    from question_bank.bank import UnknownQuestion
    from question_bank.loader import load_bank

    try:
        load_bank().coding(problem)
    except UnknownQuestion as unknown:
        raise click.UsageError(str(unknown)) from None
    if not folder.is_dir():
        raise click.UsageError(f"{folder} 不是文件夹：请给出装着提交的文件夹；只判一份用 judge run {problem} 文件")
    files = entries(folder)
    if not files:
        raise click.UsageError(f"{folder} 里没有 .py 文件")
    return files


def _opened(folder: Path, problem: str, way: Sequence[object], seed: int | None) -> Kept:
    try:
        return Kept(folder, problem, way, seed)
    except OSError as error:
        raise click.UsageError(f"无法写 {folder}：{reason(error)}；用 --keep 换一个留报告的位置") from None


def _request(problem: str, entry: Entry, seed: int, way: dict[str, str | None]) -> Request:
    return Request(
        problem=problem,
        source=entry.source,
        filename=Path(entry.name).name,
        framework=cast("FrameworkName | None", way["framework"]),
        device=cast("DeviceName", way["device"]),
        seed=seed,
        tier=cast("TierName | None", way["tier"]),
    )


def _as_json(row: Row) -> str:
    report: dict[str, Any] | None = row.report.model_dump(mode="json") if row.report else None
    found = {"file": row.entry.name, "same_as": row.twin or None, "kept": row.kept, "trouble": row.trouble or None}
    return json.dumps({**found, "report": report}, ensure_ascii=False)


def _save(rows: Sequence[Row], table: Path) -> None:
    try:
        write_table(rows, table)
    except OSError as error:
        raise click.UsageError(f"无法写成绩表 {table}：{reason(error)}；报告都留着，用 --csv 换一个位置再运行") from None


def _status(rows: Sequence[Row]) -> int:
    reports = [row.report for row in rows]
    if any(report is None or report.verdict is Verdict.IE for report in reports):
        return 3
    return int(any(report is not None and report.verdict is not Verdict.AC for report in reports))
