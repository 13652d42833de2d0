"""`quizapp grade`: grade a written answer point by point."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from judge.columns import wrapped
from judge.source import Unreadable, read_file
from quizapp.commands_cli.shared import (
    Command,
    as_json_option,
    find_question,
    open_bank,
    open_progress,
    print_json,
    say,
    terminal_width,
)
from quizapp.problems import UsageProblem

if TYPE_CHECKING:
    from question_bank.models import ShortAnswer
    from quizapp.study.grading import Grade

_LARGEST: Final = 1 << 20
"""Bytes of an answer. Nobody writes as much in an interview."""


@click.command(cls=Command)
@click.argument("question_id", metavar="QUESTION")
@click.option("--file", type=click.Path(path_type=Path), help="答案所在的文件；默认读标准输入。")
@click.option("--remote", is_flag=True, help="改由你自己的模型服务逐点评分：先显示要发送的内容，加 --yes 才发送。")
@click.option("--yes", is_flag=True, help="同意把显示的内容发给模型服务。")
@click.option("--record", is_flag=True, help="记为一次作答，按建议的评级安排复习。")
@as_json_option
def grade(question_id: str, file: Path | None, remote: bool, yes: bool, record: bool, as_json: bool) -> None:
    """给一份简答打分：每个要点命中、部分、遗漏还是说反了，各附原文依据。"""
    from question_bank.models import ShortAnswer
    from quizapp.study.grading import grade as grade_answer

    question = find_question(open_bank(), question_id)
    if not isinstance(question, ShortAnswer):
        raise UsageProblem(f"{question_id} 不是简答题，不能这样打分：用 quizapp quiz {question_id}")
    answer = _text(file)
    graded = grade_answer(question, answer)
    if remote:
        graded = _second_opinion(question, answer, graded, agreed=yes)
    if record:
        with open_progress() as progress:
            progress.record_answer(
                question.id,
                text=answer,
                rating=graded.suggested_rating,
                score=graded.score,
                points={point.id: point.status.value for point in graded.points},
                mode="grade",
                seconds=0.0,
            )
    if as_json:
        print_json(graded.model_dump(mode="json"))
        return
    _show(graded)
    if record:
        say("已记录")


def _show(graded: Grade) -> None:
    width = terminal_width()
    click.echo(f"{graded.score:.0f} 分  {graded.band.value}")
    if graded.note:
        click.echo(wrapped(graded.note, width, "  ", "  "))
    for point in graded.points:
        evidence = f"：“{point.matched}”" if point.matched else ""
        reason = f"（{point.reason}）" if point.reason else ""
        click.echo(wrapped(f"[{point.status.value}] {point.text}{evidence}{reason}", width, "  ", "    "))
    for remark in graded.wrong:
        click.echo(wrapped(f"“{remark.text}”：{remark.reason}", width, "  ! ", "    "))
    for remark in graded.ignored:
        click.echo(wrapped(f"“{remark.text}”不计分：{remark.reason}", width, "  - ", "    "))
    if graded.follow_up:
        click.echo(f"追问：{graded.follow_up}")


def _second_opinion(question: ShortAnswer, answer: str, ruled: Grade, *, agreed: bool) -> Grade:
    """The grade by the learner's model; that by rules, with a note, when it was not agreed to or came to nothing."""
    from quizapp.endpoint import Unreachable, ask, endpoint_of
    from quizapp.settings import load_settings
    from quizapp.study.grading.remote import Nonsense, judged, request

    endpoint = endpoint_of(load_settings())
    body = request(question, answer, endpoint.model)
    say(f"要发给 {endpoint.url}（模型 {endpoint.model}）的内容：")
    for message in body["messages"]:
        say(message["content"])
    if not agreed:
        return ruled.model_copy(update={"note": "没有发送：看过上面的内容，同意就加 --yes。以下是规则评分"})
    try:
        return judged(question, answer, ruled, ask(endpoint, body))
    except (Unreachable, Nonsense) as problem:
        return ruled.model_copy(update={"note": f"模型评分没有成功（{problem}），以下是规则评分"})


def _text(file: Path | None) -> str:
    if file is None and sys.stdin.isatty():
        say("输入答案，最后按 Ctrl+D")
    where = file or "标准输入"
    try:
        data = sys.stdin.buffer.read(_LARGEST + 1) if file is None else read_file(file, _LARGEST)
        if len(data) > _LARGEST:
            raise UsageProblem(f"{where}超过 {_LARGEST >> 20} MiB：这里只收一份文字")
        return data.decode("utf-8-sig")
    except Unreadable as problem:
        raise UsageProblem(str(problem)) from None
    except UnicodeDecodeError:
        raise UsageProblem(f"{where} 不是 UTF-8 文本：请另存为 UTF-8") from None
