"""`quizapp mark`, `quizapp overrule` and `quizapp undo`: what the learner says about questions and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from quizapp.commands_cli.shared import Command, as_json_option, find_question, open_bank, open_progress, print_json, say
from quizapp.problems import UsageProblem

if TYPE_CHECKING:
    from quizapp.progress import Progress

_KINDS = {
    "answer": "作答", "overrule": "改判", "favourite": "收藏", "note": "笔记", "wrong": "错题本", "suspend": "停用", "met": "遇到过",
    "flag": "反馈",
}  # fmt: skip


@click.command(cls=Command)
@click.argument("question_id", metavar="QUESTION")
@click.option("--favourite/--no-favourite", default=None, help="收藏。")
@click.option("--wrong/--no-wrong", default=None, help="放进或移出错题本。")
@click.option("--suspend/--no-suspend", default=None, help="不再问这道题，或恢复。")
@click.option("--met", is_flag=True, help="真实面试里遇到过，记一次。")
@click.option("--note", help="写笔记；空字符串删去。")
@click.option("--flag", help="题目本身有问题：写明哪里不对；空字符串撤回。")
@as_json_option
def mark(question_id: str, as_json: bool, **marks: Any) -> None:
    """给题目做标记：收藏、错题本、停用、遇到过、笔记、反馈。不带选项就显示现在的标记。"""
    find_question(open_bank(), question_id)
    with open_progress() as progress:
        _mark(progress, question_id, marks)
        state = progress.state(question_id)
    shown = {name: getattr(state, name) for name in ("favourite", "wrong", "suspended", "met", "note", "flag")}
    if as_json:
        print_json(shown)
        return
    words = {"favourite": "收藏", "wrong": "错题本", "suspended": "停用"}
    parts = [word for name, word in words.items() if shown[name]]
    parts += [f"遇到过 {state.met} 次"] if state.met else []
    parts += [f"笔记：{state.note}"] if state.note else []
    parts += [f"反馈：{state.flag}"] if state.flag else []
    click.echo("，".join(parts) or "没有标记")


def _mark(progress: Progress, question_id: str, marks: dict[str, Any]) -> None:
    if marks["favourite"] is not None:
        progress.set_favourite(question_id, marks["favourite"])
    if marks["wrong"] is not None:
        progress.set_wrong(question_id, marks["wrong"])
    if marks["suspend"] is not None:
        progress.suspend(question_id, marks["suspend"])
    if marks["met"]:
        progress.mark_met(question_id)
    if marks["note"] is not None:
        progress.set_note(question_id, marks["note"])
    if marks["flag"] is not None:
        progress.set_flag(question_id, marks["flag"] or None)


@click.command(cls=Command)
@click.argument("question_id", metavar="QUESTION")
@click.argument("point")
@click.argument("status", type=click.Choice(["命中", "部分", "遗漏", "说反了"]))
@click.option("--reason", default="", help="为什么。")
@as_json_option
def overrule(question_id: str, point: str, status: str, reason: str, as_json: bool) -> None:
    """改判最近一次简答的一个要点；得分和评级随之重算，改判留在记录里。"""
    from question_bank.models import ShortAnswer
    from quizapp.study.grading import Status
    from quizapp.study.grading import overrule as overruled
    from quizapp.study.grading.grader import grade

    question = find_question(open_bank(), question_id)
    if not isinstance(question, ShortAnswer):
        raise UsageProblem(f"{question_id} 不是简答题，没有要点可改判")
    with open_progress() as progress:
        answers = progress.answers(question_id, limit=1)
        if not answers:
            raise UsageProblem(f"{question_id} 还没有作答过")
        made = grade(question, answers[0].text)
        known = {one.id for one in made.points}
        if point not in known:
            raise UsageProblem(f"{question_id} 没有要点 {point}；可选：{'、'.join(sorted(known))}")
        judged = {name: word for name, word in answers[0].points.items() if name in known} | {point: status}
        for name, word in judged.items():
            made = overruled(made, name, Status(word))
        progress.overrule(answers[0].id, {point: status}, score=made.score, rating=made.suggested_rating, reason=reason)
    if as_json:
        print_json({"score": made.score, "rating": made.suggested_rating})
    else:
        click.echo(f"改判后 {made.score:.0f} 分")


@click.command(cls=Command)
def undo() -> None:
    """撤销最近一步：作答、改判、收藏、笔记……可以一直撤下去，重启之后也行。"""
    with open_progress() as progress:
        undone = progress.undo()
    if undone is None:
        raise UsageProblem("没有可以撤销的了")
    say(
        f"已撤销 {undone.at:%m-%d %H:%M} 对 {undone.question} 的{_KINDS[undone.kind]}"
        + ("，答案留作草稿" if undone.text else "")
    )
