"""`quizapp quiz` and `quizapp mock`: sessions line by line, for plain terminals, screen readers and scripts."""

from __future__ import annotations

import asyncio
import random
import secrets
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from quizapp.commands_cli.asking import (
    GIVE_UP,
    SKIP,
    Asked,
    Result,
    ask,
    evaluated,
    hint,
    key,
    read_answer,
    shown,
    told,
    understood,
)
from quizapp.commands_cli.shared import (
    KINDS,
    Command,
    as_json_option,
    check_topic,
    find_question,
    joined,
    open_bank,
    open_progress,
    page,
    print_json,
    said_days,
    terminal_width,
)
from quizapp.problems import UsageProblem
from quizapp.settings import load_settings
from quizapp.study import mock as mocks
from quizapp.study.deck import deck_of
from quizapp.study.mock_words import compared, headline, outcome
from quizapp.study.running import Running, finished, unfinished
from quizapp.study.schedule import preview
from quizapp.study.sessions import Mode, State, choose
from quizapp.text.spoken import spoken

if TYPE_CHECKING:
    from judge.verdict import Report, Request
    from question_bank.bank import Bank
    from question_bank.models import Coding, Theory
    from quizapp.clock import Clock
    from quizapp.progress import Progress

_MODES: Final = {mode.value: mode for mode in Mode if mode is not Mode.MOCK}
_HELP: Final = ":skip 跳过  :mark 标记  :answer 看答案  :submit 文件 提交程序  :quit 离开（下次接着来）"
_RATINGS: Final = {"1": "重来", "2": "困难", "3": "良好", "4": "轻松"}


class Leave(Exception):
    """The learner goes; the session stays open."""


class Ended(Exception):
    """The input is over."""


class Dialogue:
    """One session on a plain terminal. Everything it says goes to `out`: stderr when stdout is wanted for JSON."""

    def __init__(self, running: Running, bank: Bank, progress: Progress, *, to_stderr: bool) -> None:
        self._running, self._bank, self._progress = running, bank, progress
        self._to_stderr = to_stderr
        self._width = terminal_width()
        self._is_mock = running.state.mode is Mode.MOCK
        self._is_scripted = self._is_mock and not sys.stdin.isatty()
        """A script ends every answer with a dot, and nobody is there to be asked again."""
        self._swallow_dot = False
        """Whoever is used to it may end an answer of one line with a dot as well."""

    def say(self, text: str = "") -> None:
        """One line or more."""
        click.echo(text, err=self._to_stderr)

    def run(self) -> None:
        """Ask until nothing is left. Raises `Leave` and `Ended`."""
        self.say(f"{self._running.state.mode.label}，共 {len(self._running.state.questions)} 题。{_HELP}")
        while (current := self._running.state.current) is not None:
            question = self._bank.get(current)
            if question is None:
                self.say(f"{current} 已不在题库，跳过")
                self._running.drop()
                continue
            self._head(question.title, question.type, question.difficulty)
            if question.type == "coding":
                self._program(question)
            else:
                self._theory(question)

    def _head(self, title: str, kind: str, difficulty: int) -> None:
        place, total = self._running.state.position
        left = self._running.left
        clock = "" if left is None else f"剩 {left / 60:.0f} 分钟" if left > 0 else f"超时 {-left / 60:.0f} 分钟"
        self.say(f"\n--- {place}/{total}  " + joined([KINDS[kind], f"难度 {difficulty}", clock]) + f"\n{title}\n")

    def read(self) -> str | None:
        """A line; None at the end of input. Commands that work anywhere are done here."""
        line = sys.stdin.readline()
        if line == "":
            return None
        line = line.rstrip("\n").encode("utf-8", "replace").decode("utf-8")  # bytes that are no text came in as surrogates
        swallow, self._swallow_dot = self._swallow_dot and line.strip() == ".", False
        if swallow:
            return self.read()
        if line.strip() in (":quit", ":q"):
            raise Leave
        if line.strip() in (":mark", ":m"):
            self._running.mark()
            self.say("已标记" if self._running.state.current in self._running.state.marked else "已取消标记")
            return self.read()
        if line.strip() in (":help", ":h", "?", "？"):
            self.say(_HELP)
            return self.read()
        return line

    def _theory(self, question: Theory) -> None:
        asked = ask(question, self._progress.state(question.id).attempts)
        self.say(shown(asked, self._width))
        began = time.monotonic()
        if self._running.state.mode is Mode.READ:
            self._read_through(asked, began)
            return
        self.say(hint(asked))
        result = self._answered(asked)
        if result is None:
            return
        rating: int = result.scored.suggested_rating
        if self._is_mock:
            self.say(f"追问：{spoken(result.follow_up)}" if result.follow_up else "已记录")
        else:
            self._explain(asked, result)
            rating = self._rate(rating)
        detail = {**asked.detail, **({"follow_up": result.follow_up} if result.follow_up else {})}
        self._running.answer(
            text=result.text,
            rating=rating,
            score=result.scored.score,
            points=result.points,
            seconds=time.monotonic() - began,
            detail=detail,
        )

    def _read_through(self, asked: Asked, began: float) -> None:
        """背题: the answer is folded until asked for, nothing is typed, and only the learner knows how it went."""
        self.say("先在心里答一遍，回车看答案")
        line = self.read()
        if line is None:
            raise Ended
        if line.strip() in SKIP:
            self._running.pass_over()
            return
        self.say(key(asked, self._width))
        rating = self._rate(3)
        self._running.answer(
            text="", rating=rating, score=None, points={}, seconds=time.monotonic() - began, detail=asked.detail
        )

    def _answered(self, asked: Asked) -> Result | None:
        """A scored answer; None when the question was skipped."""
        name = asked.question.id
        draft = self._progress.draft(name).split("\n") if asked.multiline and self._progress.draft(name) else []
        if draft:
            self.say("接着上次没写完的答案：\n" + "\n".join(draft))
        while True:
            text = read_answer(
                asked, self.read, draft, lambda so_far: self._progress.save_draft(name, so_far), to_dot=self._is_scripted
            )
            self._swallow_dot = not asked.multiline and not self._is_scripted
            if text is None:
                raise Ended
            last = text.split("\n")[-1].strip()
            if last in SKIP:
                self._running.pass_over()
                return None
            if last in GIVE_UP:
                return evaluated(asked, None, "")
            given, complaint = understood(asked, text)
            if not complaint or self._is_scripted:
                return evaluated(asked, given, text)
            self.say(complaint)

    def _explain(self, asked: Asked, result: Result) -> None:
        for line in told(asked, result, self._width):
            self.say(line)
        self.say("\n" + page(asked.question.answer, self._width))
        if result.follow_up:
            self.say(f"\n追问：{spoken(result.follow_up)}")

    def _rate(self, suggested: int) -> int:
        """The button pressed; each says when it brings the question back."""
        name = self._running.state.current or ""
        standing = self._progress.standings().get(name)
        days = preview(name, standing.memory if standing else None, self._progress.today(), self._progress.policy())
        words = "  ".join(f"{rating} {_RATINGS[str(rating)]}（{said_days(after)}）" for rating, after in days.items())
        self.say(f"\n{words}  回车 = {suggested} {_RATINGS[str(suggested)]}")
        while (line := self.read()) is not None:
            if line.strip() in _RATINGS:
                return int(line)
            if not line.strip():
                return suggested
            self.say("输入 1 到 4")
        return suggested

    def _program(self, question: Coding) -> None:
        self.say(page(question.statement, self._width))
        self.say(f"\n在另一个窗口写好，然后 :submit 文件；先创建：quizapp start {question.id}")
        while self._running.state.current == question.id:
            line = self.read()
            if line is None:
                raise Ended
            match line.split(maxsplit=1):
                case [word] if word in SKIP:
                    self._running.pass_over()
                    return
                case [":submit", name]:
                    self._submit(question, Path(name.strip()))
                case []:
                    pass
                case _:
                    self.say("编程题用 :submit 文件 提交，或 :skip")

    def _submit(self, question: Coding, path: Path) -> None:
        from judge.client import Broken, Unavailable
        from judge.render import render_report
        from judge.verdict import Request
        from quizapp.workspace import read_source

        try:
            source = read_source(path.expanduser())
        except UsageProblem as problem:
            self.say(str(problem))
            return
        try:
            report = _judged(Request(problem=question.id, source=source, filename=path.name))
        except (Unavailable, Broken) as problem:
            self.say(str(problem))
            return
        except KeyboardInterrupt:
            self.say("这次判题取消了，没有记录")
            return
        self._running.submit(source=source, filename=path.name, report=report, related=question.related)
        self.say(render_report(report, self._width, {group.id: group.title for group in question.groups}))


def _judged(request: Request) -> Report:
    """Judge with a live line. Raises `Unavailable`, `Broken`: the session goes on all the same."""
    from judge.cli import Live
    from judge.client import judge

    live = Live()
    try:
        return asyncio.run(judge(request, live))
    finally:
        live.clear()


@click.command(cls=Command)
@click.argument("questions", nargs=-1)
@click.option("--mode", type=click.Choice(list(_MODES)), default="review", show_default=True, help="怎样选题。")
@click.option("--topic", help="只做一个主题。")
@click.option("--count", type=click.IntRange(1, 500), help="最多几题。")
@click.option("--resume", is_flag=True, help="接着最近一次没做完的。")
@click.option("--plain", is_flag=True, help="逐行问答（现在也是默认）。")
def quiz(questions: tuple[str, ...], mode: str, topic: str | None, count: int | None, resume: bool, plain: bool) -> None:  # noqa: ARG001
    """逐行答题：复习、刷题、错题……不需要全屏终端。QUESTIONS 是题目编号，不写就按 --mode 选。"""
    bank, settings = open_bank(), load_settings()
    check_topic(bank, topic)
    for name in questions:
        find_question(bank, name)
    with open_progress(settings=settings) as progress:
        clock = settings.clock()
        if resume:
            running = _latest(progress, clock, lambda state: state.mode is not Mode.MOCK)
        else:
            deck = deck_of(bank, progress, settings)
            rng = random.Random(secrets.randbits(64))  # noqa: S311
            ids = questions or choose(_MODES[mode], deck, rng, topic=topic, count=count)
            running = Running.start(progress, clock, Mode.DRILL if questions else _MODES[mode], ids, topic=topic)
        dialogue = Dialogue(running, bank, progress, to_stderr=False)
        _converse(dialogue, running, "quizapp quiz --resume")


def _latest(progress: Progress, clock: Clock, wanted: Callable[[State], bool]) -> Running:
    found = [session for session in unfinished(progress) if wanted(session.state)]
    if not found:
        raise UsageProblem("没有没做完的练习")
    return Running.resume(progress, clock, found[0].state.id)


def _converse(dialogue: Dialogue, running: Running, again: str, *, end_finishes: bool = False) -> bool:
    """To the end of the session or of the learner's patience. Whether it is over."""
    try:
        dialogue.run()
    except Ended:
        if not end_finishes:
            dialogue.say(f"\n已保存，接着来：{again}")
            return False
    except (Leave, KeyboardInterrupt):
        dialogue.say(f"\n已保存，接着来：{again}")
        return False
    finally:
        running.keep_time()
    running.finish()
    dialogue.say("\n这一组做完了。")
    return True


@click.command(cls=Command)
@click.option("--topic", "topics", multiple=True, help="只考这个主题；可以写几次。")
@click.option("--minutes", type=click.IntRange(5, 240), default=30, show_default=True, help="多长时间。")
@click.option("--questions", type=click.IntRange(1, 60), help="几道理论题；默认按时间算，每题 3 分钟。")
@click.option("--coding/--no-coding", default=False, help="最后加一道编程题（25 分钟）。")
@click.option("--seed", type=click.IntRange(0, 2**53), help="同一个数给任何人同一组题；默认按你的记录新抽。")
@click.option("--resume", is_flag=True, help="接着没考完的那次。")
@as_json_option
def mock(
    topics: tuple[str, ...], minutes: int, questions: int | None, coding: bool, seed: int | None, resume: bool, as_json: bool
) -> int:
    """模拟面试：限时、不看答案，结束时给出报告并与前几次比较。输入可以来自脚本：每个答案以单独一行 . 结束。"""
    bank, settings = open_bank(), load_settings()
    for topic in topics:
        check_topic(bank, topic)
    with open_progress(settings=settings) as progress:
        deck = deck_of(bank, progress, settings)
        if resume:
            running = _latest(progress, settings.clock(), lambda state: state.mode is Mode.MOCK)
        else:
            chosen = secrets.randbits(53) if seed is None else seed
            wanted = questions or mocks.size(minutes, coding=coding)
            rng = random.Random(chosen)  # noqa: S311
            ids = mocks.draw(deck, rng, questions=wanted, coding=coding, topics=topics, personal=seed is None)
            about = "、".join(topics) or None
            running = Running.start(progress, settings.clock(), Mode.MOCK, ids, minutes=minutes, topic=about, seed=chosen)
        dialogue = Dialogue(running, bank, progress, to_stderr=as_json)
        over = _converse(dialogue, running, "quizapp mock --resume", end_finishes=not sys.stdin.isatty())
        made = mocks.report(running.state, deck.card, running.elapsed, finished(progress, Mode.MOCK, but=running.state.id))
    if as_json:
        print_json({**vars(made), "overtime": made.overtime, "change": made.change, "weakest": made.weakest})
    elif over:
        click.echo(_told(made, bank))
    return 0 if over else 1


def _told(made: mocks.MockReport, bank: Bank) -> str:
    lines = ["\n" + headline(made), *filter(None, [compared(made)])]
    for line in made.lines:
        title = bank.outline[line.question].title if line.question in bank.outline else line.question
        lines.append(f"  {outcome(line):<6}  {title}{'  *' if line.marked else ''}")
    if made.weakest and made.weakest in bank.topic:
        lines.append(f"最弱的主题：{bank.topic[made.weakest].title}（quizapp quiz --mode drill --topic {made.weakest}）")
    lines += [f"再想想：{text}" for text in made.follow_ups[:5]]
    return "\n".join(lines)
