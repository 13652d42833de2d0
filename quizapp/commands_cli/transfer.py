"""`quizapp export` and `quizapp import`."""

from __future__ import annotations

import csv
import io
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import click

from judge.whole import written_whole
from quizapp.commands_cli.shared import (
    Command,
    as_json_option,
    check_topic,
    open_bank,
    open_for_reading,
    open_progress,
    print_json,
    say,
)
from quizapp.paths import data_dir
from quizapp.problems import UsageProblem, reason

if TYPE_CHECKING:
    from question_bank.bank import Bank
    from question_bank.models import Question
    from quizapp.progress import Progress
    from quizapp.study.transfer.papers import Mistake

TABLES: Final = ("days", "questions", "answers", "submissions")
_KINDS: Final = ("auto", "jsonl", "apkg", "qa", "choices", "article")
_MOST_TEXT: Final = 32 << 20
_SHOWN_FINDINGS: Final = 20


@click.command(cls=Command)
@click.argument("kind", type=click.Choice(["jsonl", "paper", "wrong", "anki", "csv"]), metavar="FORMAT")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="写到这个文件；默认标准输出。")
@click.option("--answers", is_flag=True, help="paper、wrong：连答案一起。")
@click.option("--topic", help="paper、anki、wrong：只要一个主题。")
@click.option("--count", type=click.IntRange(1, 1000), help="paper：几题。")
@click.option("--seed", type=click.IntRange(0, 2**53), default=0, show_default=True, help="paper：抽题和打乱选项的数。")
@click.option("--wrong", "only_wrong", is_flag=True, help="anki、paper：只要错题本里的。")
@click.option("--table", type=click.Choice(TABLES), default="days", show_default=True, help="csv：哪张表。")
def export(kind: str, output: Path | None, table: str, **options: Any) -> None:
    """导出。FORMAT：jsonl 全部记录（可原样导入）；paper 试卷；wrong 错题本；anki 牌组；csv 统计。"""
    bank = open_bank()
    check_topic(bank, options["topic"])
    with open_for_reading() as progress:
        match kind:
            case "anki":
                _export_anki(bank, progress, output, options)
            case "jsonl":
                _write(output, progress.write_jsonl)
            case "csv":
                _write(output, lambda out: _write_table(progress, table, out), for_excel=True)
            case _:
                text = _paper(bank, progress, options) if kind == "paper" else _mistakes(bank, progress, options)
                _write(output, lambda out: out.write(text))


def _write(output: Path | None, write: Callable[[IO[str]], object], *, for_excel: bool = False) -> None:
    """To the file, whole or not at all, or to standard output."""
    if output is None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")  # a file for programs, whatever the terminal reads
        write(sys.stdout)
        return
    try:
        with (
            written_whole(output) as draft,
            draft.open("w", encoding="utf-8-sig" if for_excel else "utf-8", newline="") as out,
        ):
            write(out)
    except OSError as error:
        raise UsageProblem(f"无法写 {output}：{reason(error)}") from None
    say(f"已写入 {output}")


def _export_anki(bank: Bank, progress: Progress, output: Path | None, options: dict[str, Any]) -> None:
    from quizapp.study.transfer.anki import write_apkg

    path = output or Path("quizapp.apkg")
    titles = {topic.id: topic.title for topic in bank.topics}
    count = write_apkg(_chosen(bank, progress, options), titles, path, time.time())
    say(f"已写入 {path}，{count} 张；再次导入会更新原来的卡片，不会重复")


def _chosen(bank: Bank, progress: Progress, options: dict[str, Any]) -> list[Question]:
    states = progress.states()
    found = [question for question in bank.questions if options["topic"] in (None, question.topic)]
    if options["only_wrong"]:
        found = [question for question in found if question.id in states and states[question.id].wrong]
    if not found:
        raise UsageProblem("没有符合条件的题可以导出")
    return found


def _paper(bank: Bank, progress: Progress, options: dict[str, Any]) -> str:
    from quizapp.study.scoring import shuffled
    from quizapp.study.transfer.papers import paper

    found: Sequence[Question] = [q for q in _chosen(bank, progress, options) if q.type != "coding"]
    if options["count"] is not None:
        found = shuffled(found, f"paper:{options['seed']}")[: options["count"]]
    topic = bank.topic.get(options["topic"] or "")
    title = f"{topic.title}：练习卷" if topic else "大模型面试：练习卷"
    return paper(found, title, answers=options["answers"], seed=options["seed"])


def _mistakes(bank: Bank, progress: Progress, options: dict[str, Any]) -> str:
    from quizapp.study.transfer.papers import mistakes

    topic = options["topic"]
    wrong = sorted((s for s in progress.standings().values() if s.wrong), key=lambda s: (s.wrong, s.question))
    mine = [s for s in wrong if s.question in bank.outline and topic in (None, bank.outline[s.question].topic)]
    if not mine:
        raise UsageProblem("错题本里没有这个主题的题" if topic else "错题本是空的，没有可导出的")
    book = [_mistake(bank.shelf[s.question], s.wrong, progress) for s in mine]
    return mistakes(book, {topic.id: topic.title for topic in bank.topics}, answers=options["answers"])


def _mistake(question: Question, since: object, progress: Progress) -> Mistake:
    from quizapp.study.transfer.papers import Mistake

    answers = progress.answers(question.id, limit=1000)
    submissions = progress.submissions(question.id, limit=1000)
    texts = {point.id: point.text for point in getattr(question, "key_points", ())}
    missed = [
        texts[name] for name, status in (answers[0].points.items() if answers else ()) if name in texts and status != "命中"
    ]
    misses = sum(answer.rating == 1 for answer in answers) + sum(s.verdict not in ("AC", "IE", "CX") for s in submissions)
    return Mistake(
        question=question,
        since=str(since),
        misses=misses,
        last_answer=answers[0].text if answers else "",
        missed_points=tuple(missed),
        diagnoses=tuple(dict.fromkeys(submissions[0].diagnoses)) if submissions else (),
        note=progress.note(question.id),
    )


def _write_table(progress: Progress, table: str, out: IO[str]) -> None:
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows(_TABLES[table](progress))


def _days(progress: Progress) -> Iterator[Sequence[object]]:
    yield ("日期", "作答", "记得", "提交", "通过", "分钟")
    for day in progress.days():
        yield (day.day, day.answers, day.recalled, day.submissions, day.accepted, round(day.seconds / 60, 1))


def _questions(progress: Progress) -> Iterator[Sequence[object]]:
    yield ("编号", "状态", "次数", "最近得分", "最好得分", "最近判决", "下次复习", "稳定天数", "遗忘次数", "错题本", "收藏")
    for name, state in sorted(progress.states().items()):
        due = state.due.date() if state.due else ""
        stability = round(state.stability, 1) if state.stability is not None else ""
        scores = [score if score is not None else "" for score in (state.last_score, state.best_score)]
        marks = (int(state.wrong), int(state.favourite))
        yield (name, state.status, state.attempts, *scores, state.last_verdict or "", due, stability, state.lapses, *marks)


def _answers(progress: Progress) -> Iterator[Sequence[object]]:
    yield ("时间", "学习日", "编号", "模式", "评级", "得分", "秒", "把握", "改判")
    for a in reversed(progress.answers(limit=10_000_000)):
        yield (a.at.isoformat(), a.day, a.question, a.mode, a.rating, a.score, a.seconds, a.confidence, int(a.overruled))


def _submissions(progress: Progress) -> Iterator[Sequence[object]]:
    yield ("时间", "学习日", "编号", "判决", "得分", "框架", "设备", "种子", "文件")
    for s in reversed(progress.submissions(limit=10_000_000)):
        yield (s.at.isoformat(), s.day, s.question, s.verdict, s.score, s.framework, s.device, s.seed, s.filename)


_TABLES: Final[dict[str, Callable[[Progress], Iterator[Sequence[object]]]]] = {
    "days": _days,
    "questions": _questions,
    "answers": _answers,
    "submissions": _submissions,
}


@click.command(cls=Command)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "kind", type=click.Choice(_KINDS), default="auto", show_default=True, help="文件的格式。")
@click.option("--topic", default="basics", show_default=True, help="题目归到哪个主题。")
@click.option("--output", type=click.Path(path_type=Path), help="草稿放在哪个文件夹；默认在数据文件夹的 drafts。")
@as_json_option
def import_file(file: Path, kind: str, topic: str, output: Path | None, as_json: bool) -> None:
    """导入。jsonl：合并学习记录；apkg、Q:/A: 笔记、“A. … 答案：…”试题、带 **题目：** 的文章：变成待审的题目草稿。"""
    kind = _kind_of(file) if kind == "auto" else kind
    if kind == "jsonl":
        with open_progress("owner") as progress:
            merged = progress.read_jsonl(_lines(file))
        if as_json:
            print_json(merged)
        else:
            say(f"新增 {merged.added} 条记录、{merged.drafts} 份草稿，{merged.known} 条已有")
        return
    _import_questions(file, kind, topic, output or data_dir() / "drafts", as_json=as_json)


def _import_questions(file: Path, kind: str, topic: str, folder: Path, *, as_json: bool) -> None:
    import datetime as dt

    from question_bank.lint import check
    from quizapp.study.transfer.anki import guid
    from quizapp.study.transfer.apkg import read_apkg
    from quizapp.study.transfer.drafts import write_drafts
    from quizapp.study.transfer.reading import read

    bank = open_bank()
    check_topic(bank, topic)
    found = read_apkg(file) if kind == "apkg" else read(_text(file), kind)
    if not found:
        raise UsageProblem(f"{file} 里没有认出题目：用 --format 说明格式（{'、'.join(_KINDS[2:])}）")
    own = {guid(name) for name in bank.outline}
    drafts = [draft for draft in found if draft.guid not in own]
    if not drafts:
        raise UsageProblem(f"{file} 里的 {len(found)} 张都是这个题库导出的，没有新题")
    paths = write_drafts(drafts, folder, topic, bank.root / "topics.yaml", list(bank.outline))
    names = {path.relative_to(folder).as_posix() for path in paths}
    today = dt.datetime.now().astimezone().date()
    findings = [finding for finding in check(folder, today=today) if finding.file in names]
    if as_json:
        print_json({"files": [str(path) for path in paths], "findings": [str(finding) for finding in findings]})
        return
    for path in paths:
        click.echo(str(path))
    for finding in findings[:_SHOWN_FINDINGS]:
        say(f"还要改：{finding}")
    more = f"还有 {len(findings) - _SHOWN_FINDINGS} 处要改；" if len(findings) > _SHOWN_FINDINGS else ""
    if len(drafts) < len(found):
        say(f"跳过 {len(found) - len(drafts)} 张：题库里已有")
    say(f"写了 {len(paths)} 份草稿。{more}核对内容、去掉“待审”，再用 python -m question_bank check {folder} 检查")


def _kind_of(file: Path) -> str:
    """By name, else by what the text looks like. Raises `UsageProblem`."""
    from quizapp.study.transfer.reading import recognise

    if file.suffix.lower() in (".apkg", ".jsonl"):
        return file.suffix.lower()[1:]
    found = recognise(_text(file))
    if found is None:
        raise UsageProblem(f"认不出 {file} 的格式：用 --format 说明（{'、'.join(_KINDS[1:])}）")
    return found


def _text(file: Path) -> str:
    return "".join(_lines(file))


def _lines(file: Path) -> list[str]:
    """The file's lines, unchanged. Raises `UsageProblem`."""
    if file.is_dir():
        raise UsageProblem(f"{file} 是文件夹：请给出要导入的文件")
    try:
        if file.suffix.lower() != ".jsonl" and file.stat().st_size > _MOST_TEXT:
            raise UsageProblem(f"{file} 超过 {_MOST_TEXT >> 20} MiB：请分成几个文件")
        with file.open(encoding="utf-8", newline="") as opened:
            return list(opened)
    except FileNotFoundError:
        raise UsageProblem(f"找不到文件 {file}") from None
    except UnicodeDecodeError:
        raise UsageProblem(f"{file} 不是 UTF-8 文本：请另存为 UTF-8 再导入") from None
    except OSError as error:
        raise UsageProblem(f"读不了 {file}：{reason(error)}") from None
