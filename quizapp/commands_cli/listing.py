"""`quizapp list` and `quizapp show`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from judge.columns import wrapped
from quizapp.commands_cli.shared import (
    KINDS,
    STATUSES,
    Command,
    as_json_option,
    check_topic,
    find_question,
    joined,
    open_bank,
    open_for_reading,
    page,
    print_json,
    print_table,
    said_days,
    say,
    terminal_width,
)
from quizapp.text.spoken import spoken

if TYPE_CHECKING:
    from question_bank.bank import Bank, Outline
    from question_bank.models import Coding, Question
    from quizapp.progress import Progress, QuestionState


@click.command(cls=Command)
@click.argument("query", nargs=-1)
@click.option("--topic", help="只列一个主题。")
@click.option("--type", "kind", type=click.Choice(list(KINDS)), help="只列一种题型。")
@click.option(
    "--status", type=click.Choice([*STATUSES, "due", "wrong", "favourite", "leech", "suspended"]), help="只列一种状态。"
)
@click.option("--tag", help="只列带这个标签的题。")
@click.option("--difficulty", type=click.IntRange(1, 5), help="只列一种难度。")
@as_json_option
def list_questions(query: tuple[str, ...], as_json: bool, **filters: Any) -> None:
    """列出题目。QUERY 是要找的词：汉字、拼音、首字母、英文都行。"""
    bank = open_bank()
    check_topic(bank, filters["topic"])
    with open_for_reading() as progress:
        states, today = progress.states(), progress.today()
    found = bank.search(" ".join(query)) if query else bank.outlines
    rows = [(outline, states.get(outline.id)) for outline in found]
    rows = [(outline, state) for outline, state in rows if _passes(outline, state, today.isoformat(), **filters)]
    if as_json:
        print_json([_listed(outline, state) for outline, state in rows])
        return
    for problem in bank.problems:
        say(f"题库文件有错，已跳过：{problem}")
    if not rows:
        say("没有符合条件的题")
        return
    print_table([_row(bank, outline, state) for outline, state in rows])


def _passes(
    outline: Outline,
    state: QuestionState | None,
    today: str,
    *,
    topic: str | None,
    kind: str | None,
    status: str | None,
    tag: str | None,
    difficulty: int | None,
) -> bool:
    return (
        topic in (None, outline.topic)
        and kind in (None, outline.type)
        and difficulty in (None, outline.difficulty)
        and (tag is None or tag in outline.tags)
        and (status is None or _has_status(state, status, today))
    )


def _has_status(state: QuestionState | None, status: str, today: str) -> bool:
    if state is None:
        return status == "new"
    special = {
        "due": state.due is not None and state.due.date().isoformat() <= today and not state.suspended,
        "wrong": state.wrong,
        "favourite": state.favourite,
        "leech": state.leech,
        "suspended": state.suspended,
    }
    return special.get(status, state.status == status)


def _listed(outline: Outline, state: QuestionState | None) -> dict[str, Any]:
    return {
        "id": outline.id,
        "title": outline.title,
        "type": outline.type,
        "topic": outline.topic,
        "difficulty": outline.difficulty,
        "frequency": outline.frequency,
        "tags": outline.tags,
        "status": state.status if state else "new",
        "attempts": state.attempts if state else 0,
        "best_score": state.best_score if state else None,
        "last_verdict": state.last_verdict if state else None,
        "due": state.due if state else None,
        "favourite": bool(state and state.favourite),
        "wrong": bool(state and state.wrong),
    }


def _row(bank: Bank, outline: Outline, state: QuestionState | None) -> tuple[str, ...]:
    topic = bank.topic.get(outline.topic)
    status = STATUSES[state.status if state else "new"]
    marks = joined(["收藏" if state and state.favourite else "", "错题" if state and state.wrong else ""])
    difficulty = f"难度 {outline.difficulty}"
    return outline.id, KINDS[outline.type], difficulty, status, topic.title if topic else outline.topic, outline.title, marks


@click.command(cls=Command)
@click.argument("question_id", metavar="QUESTION")
@click.option("--answer", is_flag=True, help="也显示答案（编程题没有答案可看）。")
@click.option("--hints", type=click.IntRange(0, 20), default=0, help="显示编程题的前几条提示。")
@as_json_option
def show(question_id: str, answer: bool, hints: int, as_json: bool) -> None:
    """显示一道题，连同你在它上面的记录。"""
    bank = open_bank()
    question = find_question(bank, question_id)
    with open_for_reading() as progress:
        if as_json:
            hidden = set() if answer else {"answer", "key_points", "correct", "blanks", "items", "worked", "expression"}
            print_json({"question": question.model_dump(mode="json", exclude=hidden), "state": progress.state(question_id)})
            return
        click.echo(_page(bank, question, answer, hints))
        click.echo(_history(progress, question))


def _page(bank: Bank, question: Question, answer: bool, hints: int) -> str:
    width = terminal_width()
    topic = bank.topic.get(question.topic)
    head = joined([KINDS[question.type], topic.title if topic else "", f"难度 {question.difficulty}", "、".join(question.tags)])
    parts = [f"{question.title}  ({question.id})\n{head}"]
    if question.as_of:
        parts[0] += f"\n内容截至 {question.as_of}" + (f"，应在 {question.review_by} 前复核" if question.review_by else "")
    if question.type == "coding":
        parts += _coding(question, hints, width)
    else:
        parts.append(page(question.prompt, width))
        parts += [f"{option.id}. {spoken(option.text)}" for option in getattr(question, "options", ())]
        if answer:
            parts.append("答案\n\n" + page(question.answer, width))
            parts += [wrapped(f"追问：{spoken(text)}", width) for text in question.follow_ups]
    return "\n\n".join(parts)


def _coding(question: Coding, hints: int, width: int) -> list[str]:
    parts = [page(question.statement, width)]
    parts += [wrapped(f"提示 {number}：{spoken(text)}", width) for number, text in enumerate(question.hints[:hints], 1)]
    if len(question.hints) > hints:
        parts.append(f"还有 {len(question.hints) - hints} 条提示：--hints {hints + 1}")
    return parts


def _history(progress: Progress, question: Question) -> str:
    state, today = progress.state(question.id), progress.today()
    lines = [f"\n状态：{STATUSES[state.status]}，做过 {state.attempts} 次"]
    if state.best_score is not None:
        lines[0] += f"，最好 {state.best_score:.0f} 分"
    if state.due is not None:
        lines[0] += f"，下次复习：{said_days((state.due.date() - today).days)}"
    lines += [f"  {a.at:%m-%d %H:%M}  {_score(a.score)}  {a.mode}" for a in progress.answers(question.id, limit=5)]
    for submission in progress.submissions(question.id, limit=5):
        lines.append(f"  {submission.at:%m-%d %H:%M}  {submission.verdict:<4}{submission.score:5.0f} 分  {submission.filename}")
    if state.note:
        lines.append(f"笔记：{state.note}")
    return "\n".join(lines)


def _score(score: float | None) -> str:
    return f"{score:5.0f} 分" if score is not None else "自评    "
