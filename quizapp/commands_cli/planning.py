"""`quizapp plan`, `quizapp optimize` and `quizapp config`."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from quizapp.commands_cli.shared import (
    Command,
    as_json_option,
    nearest,
    open_bank,
    open_for_reading,
    open_progress,
    print_json,
    print_table,
    say,
)
from quizapp.problems import UsageProblem
from quizapp.settings import Settings, changed, load_settings, save_settings, settings_path
from quizapp.study.deck import deck_of

if TYPE_CHECKING:
    from quizapp.study.plan import Plan

_SHOWN_DAYS = 14


@click.command(cls=Command)
@click.option("--interview", type=click.DateTime(["%Y-%m-%d"]), help="面试日期，例如 2026-12-01；写进设置。")
@as_json_option
def plan(interview: dt.datetime | None, as_json: bool) -> None:
    """从面试日期推出每天的量，并预计面试当天能答出几题。"""
    from quizapp.study.plan import make_plan

    settings = load_settings()
    if interview is not None:
        settings = changed(settings, interview_date=interview.date())
        save_settings(settings)
    with open_for_reading(settings) as progress:
        deck = deck_of(open_bank(), progress, settings)
    made = make_plan(deck, random.Random(deck.policy.seed))  # noqa: S311  the same plan each time it is asked for today
    if as_json:
        print_json(made)
    else:
        click.echo(_told(made, deck.day, settings.interview_date))
        print_table([(f"  {d.day:%m-%d}", f"复习 {d.reviews:.0f}", f"新学 {d.new:.0f}") for d in made.days[:_SHOWN_DAYS]])


def _told(made: Plan, today: dt.date, past: dt.date | None) -> str:
    left = (made.until - today).days
    day = "面试当天" if made.interview else f"{left} 天后"
    example = f"quizapp plan --interview {today + dt.timedelta(days=14)}"
    if made.interview:
        lines = [f"距面试 {left} 天（{made.until}）"]
    else:
        lines = [f"面试日期 {past} 不在今天之后：用 {example} 设下一次的" if past else f"还没有面试日期：{example} 来设定"]
    lines.append(f"{day}预计能答出 {made.expected:.0f}/{made.questions} 题；从现在起不复习，只剩 {made.doing_nothing:.0f} 题")
    if made.interview and made.needed_per_day > made.new_per_day:
        lines.append(
            f"还有 {made.new_left} 题没做过，每天 {made.new_per_day} 题学不完：每天至少 {made.needed_per_day} 题"
            f"（quizapp config new_per_day {made.needed_per_day}）"
        )
    return "\n".join(lines)


@click.command(cls=Command)
@click.option("--reset", is_flag=True, help="回到默认参数。")
@as_json_option
def optimize(reset: bool, as_json: bool) -> None:
    """用你自己的复习记录拟合记忆参数（FSRS）。记录要够多；只有预测得更准才采用。"""
    from quizapp.study.optimize import fit

    with open_progress() as progress:
        if reset:
            progress.configure(replace(progress.policy(), parameters=None))
            say("已回到默认参数，所有题的记忆状态已重新推算")
            return
        result = fit(progress.history(), progress.policy(), lambda: say("拟合中，可能要一两分钟 …"))
        if result.better:
            progress.configure(replace(progress.policy(), parameters=result.parameters))
    if as_json:
        print_json({**vars(result), "adopted": result.better})
        return
    click.echo(f"用 {result.reviews} 次隔天复习拟合；留出的最新复习上，预测误差 {result.loss_before:.4f} → {result.loss:.4f}")
    click.echo("已采用，所有题的记忆状态已重新推算" if result.better else "没有更准，保留原来的参数")


@click.command(cls=Command)
@click.argument("name", required=False)
@click.argument("value", required=False)
@as_json_option
def config(name: str | None, value: str | None, as_json: bool) -> None:
    """查看或修改设置。VALUE 写 default 就恢复默认。例：quizapp config interview_date 2026-12-01"""
    settings = load_settings()
    if name is None:
        _show_settings(settings, as_json)
        return
    if name not in Settings.model_fields:
        raise UsageProblem(f"没有设置 {name}；{nearest(name, Settings.model_fields, '运行 quizapp config 看全部')}")
    if value is not None:
        if name == "theme":
            _require_theme(value)
        default = Settings.model_fields[name].default
        settings = changed(settings, **{name: default if value == "default" else _typed(value)})
        save_settings(settings)
        with open_progress(settings=settings):
            pass  # the new policy takes effect now, not at the next answer
    click.echo(_shown(getattr(settings, name)))


def _require_theme(name: str) -> None:
    """Told here, not when the file is read: an app that starts in another theme is better than one that does not start."""
    from textual.theme import BUILTIN_THEMES

    from quizapp.themes import DARK, LIGHT

    known = [DARK.name, LIGHT.name, *BUILTIN_THEMES]
    if name not in (*known, "default"):
        raise UsageProblem(f"没有主题 {name}；{nearest(name, known, '可用的：' + '、'.join(known))}")


def _show_settings(settings: Settings, as_json: bool) -> None:
    if as_json:
        print_json(settings.model_dump())
        return
    print_table([(name, _shown(value)) for name, value in settings.model_dump().items()])
    say(f"文件：{settings_path()}")


def _typed(text: str) -> Any:
    """A value as TOML reads it; what is no TOML value is text."""
    import tomllib

    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _shown(value: Any) -> str:
    return "（未设置）" if value is None else str(value)
