"""`quizapp stats` and `quizapp due`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from quizapp.commands_cli.shared import (
    KINDS,
    Command,
    as_json_option,
    open_bank,
    open_for_reading,
    plain,
    print_json,
    print_table,
    said_days,
    say,
)
from quizapp.study import insight_words as words
from quizapp.study.insight import Insight, insight
from quizapp.study.mastery import TopicMastery

if TYPE_CHECKING:
    from question_bank.bank import Bank
    from quizapp.progress import Answer, Day, Progress, Stats, Submission

_RECENT = 8


@click.command(cls=Command)
@as_json_option
def stats(as_json: bool) -> None:
    """作答、提交、连续天数、记住率、到期、掌握度、把握与结果、用时、编程题、改判。"""
    bank = open_bank()
    with open_for_reading() as progress:
        totals = progress.stats()
        told, desired = insight(progress, bank), progress.policy().desired_retention
        answers, submissions = progress.answers(limit=_RECENT), progress.submissions(limit=_RECENT)
        orphans = sorted(name for name in progress.standings() if name not in bank.outline)
    if as_json:
        print_json(
            {
                **plain(totals),
                **plain(told),
                "recent_answers": answers,
                "recent_submissions": submissions,
                "orphans": orphans,
            }
        )
        return
    click.echo("\n".join(_totals(totals)))
    _print_insight(bank, told, desired)
    _print_recent(bank, answers, submissions)
    if orphans:
        say(f"有 {len(orphans)} 道题已不在题库，记录仍保留：{'、'.join(orphans[:5])}")


def _print_insight(bank: Bank, told: Insight, desired: float) -> None:
    titles = {outline.id: outline.title for outline in bank.outlines}
    pace = words.pace_rows(told.pace, KINDS)
    click.echo("\n记住率（隔天以后第一次再答，没有忘的比例）")
    click.echo("\n".join(f"  {text}" for text in words.retention_lines(told.retention, desired)))
    click.echo(f"\n到期\n  {words.forecast_line(told.forecast)}")
    click.echo("\n掌握度（按题平均：最近得分 × 今天还记得的概率）")
    print_table([_topic(topic) for topic in told.topics])
    click.echo(f"\n把握与结果\n  {words.calibration_line(told.calibration)}")
    _print_rows(words.calibration_rows(told.calibration))
    click.echo("\n每题用时" if pace else "\n每题用时\n  还没有。")
    _print_rows(pace)
    click.echo("\n编程题" if told.coding else "\n编程题\n  还没有提交过。")
    _print_rows(words.program_rows(told.coding, titles))
    click.echo(f"\n改判\n  {words.overrule_line(told.overrules)}")


def _print_rows(rows: words.Rows) -> None:
    if rows:
        print_table([(f"  {row[0]}", *row[1:]) for row in rows])


def _totals(totals: Stats) -> list[str]:
    today = totals.today
    lines = [
        f"今天：答 {today.answers} 题，提交 {today.submissions} 次；到期 {totals.due} 题",
        f"连续 {totals.streak} 天（最长 {totals.longest_streak} 天）",
        f"累计：答 {totals.answers} 次，提交 {totals.submissions} 次（通过 {totals.accepted} 次），"
        f"做过 {totals.questions} 题，通过编程题 {totals.solved} 道，用时 {totals.seconds / 3600:.1f} 小时",
    ]
    more = [f"错题本 {totals.wrong} 题" if totals.wrong else "", f"顽固题 {totals.leeches} 题" if totals.leeches else ""]
    if any(more):
        lines.append("，".join(part for part in more if part))
    if totals.days:
        lines.append(_last_days(totals.days, today.day))
    return lines


def _last_days(days: Sequence[Day], today: dt.date) -> str:
    """The last two weeks, a figure a day."""
    done = {day.day: day.answers + day.submissions for day in days}
    last = [today - dt.timedelta(days=back) for back in range(13, -1, -1)]
    return f"近 14 天（{last[0]:%m-%d} 起）：" + " ".join(str(done.get(day, 0)) for day in last)


def _topic(topic: TopicMastery) -> tuple[str, ...]:
    filled = round(topic.mastery * 10)
    bar = "#" * filled + "-" * (10 - filled)
    return f"  {topic.title}", bar, f"{topic.mastery:4.0%}", f"做过 {topic.tried}/{topic.questions}"


def _print_recent(bank: Bank, answers: Sequence[Answer], submissions: Sequence[Submission]) -> None:
    def title(name: str) -> str:
        return bank.outline[name].title if name in bank.outline else f"{name}（已不在题库）"

    if answers:
        click.echo("\n最近作答")
        print_table([(f"  {a.at:%m-%d %H:%M}", _score(a), title(a.question), _first_line(a.text)) for a in answers])
    if submissions:
        click.echo("\n最近提交")
        print_table(
            [(f"  {s.at:%m-%d %H:%M}", s.verdict, f"{s.score:.0f} 分", title(s.question), s.filename) for s in submissions]
        )


def _score(answer: Answer) -> str:
    said = f"{answer.score:.0f} 分" if answer.score is not None else ("重来", "困难", "良好", "轻松")[answer.rating - 1]
    return said + ("（改判）" if answer.overruled else "")


def _first_line(text: str) -> str:
    line = text.strip().split("\n")[0]
    return line if len(line) <= 20 else line[:20] + ".."


@click.command(cls=Command)
@click.option("--porcelain", is_flag=True, help="只打印三个整数：到期题数、今天已答题数、连续天数。格式不会变。")
@as_json_option
def due(porcelain: bool, as_json: bool) -> None:
    """今天该复习哪些题。"""
    bank = open_bank()
    with open_for_reading() as progress:
        listed = _due(bank, progress)
        totals = progress.stats()
    if porcelain:
        click.echo(f"{len(listed)} {totals.today.answers} {totals.streak}")
    elif as_json:
        print_json([{"id": name, "due": day, "late": late} for name, day, late in listed])
    elif not listed:
        say("今天没有到期的题")
    else:
        rows = []
        for name, _, late in listed:
            outline = bank.outline[name]
            rows.append((said_days(-late), KINDS[outline.type], name, outline.title))
        print_table(rows)


def _due(bank: Bank, progress: Progress) -> list[tuple[str, dt.date, int]]:
    """Questions of the bank that are due: id, due day, days late; the latest first."""
    today = progress.today()
    found = [
        (standing.question, standing.due, (today - standing.due).days)
        for standing in progress.standings().values()
        if standing.due is not None and standing.due <= today and not standing.suspended and standing.question in bank.outline
    ]
    return sorted(found, key=lambda item: (item[1], item[0]))
