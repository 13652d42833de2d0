"""`Insight` in words, for the screen and for `quizapp stats`. Every section says something when there is nothing yet. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

from quizapp.study.insight import SURENESS, OverruleTally, Pace, ProgramTally, Recall, Retention, Sureness, calibration_word

Rows = list[tuple[str, ...]]


def percent(part: int, whole: int) -> str:
    """`83%（5/6）`; a dash when there is nothing to divide."""
    return f"{part / whole:.0%}（{part}/{whole}）" if whole else "-"


def retention_lines(retention: Retention, desired: float) -> list[str]:
    """Recent and overall against the aim, then by how long ago it was asked before."""
    if not retention.overall.asked:
        return ["还没有：同一题隔天再答，才知道记住了没有。"]
    return [
        f"近 30 天 {_recall(retention.recent)}  全部 {_recall(retention.overall)}  目标 {desired:.0%}",
        f"隔不到一周 {_recall(retention.young)}  隔一周以上 {_recall(retention.old)}",
    ]


def _recall(recall: Recall) -> str:
    return percent(recall.recalled, recall.asked)


def forecast_line(forecast: Sequence[int]) -> str:
    """The sums that matter: today, tomorrow, a week, all of it."""
    if not any(forecast):
        return f"{len(forecast)} 天内没有到期的题。"
    return (
        f"今天 {forecast[0]} 题，明天 {forecast[1]} 题，7 天内 {sum(forecast[:7])} 题，{len(forecast)} 天内 {sum(forecast)} 题"
    )


def calibration_rows(levels: Sequence[Sureness]) -> Rows:
    """One row per confidence: what was said, how often it was right."""
    return [(SURENESS.get(one.confidence, str(one.confidence)), f"答对 {percent(one.right, one.answers)}") for one in levels]


def calibration_line(levels: Sequence[Sureness]) -> str:
    """What it means."""
    if not levels:
        return "还没有：对答案之前选一下有多大把握。"
    return calibration_word(levels) or "次数还少，看不出偏差。"


def pace_rows(pace: Sequence[Pace], kinds: Mapping[str, str]) -> Rows:
    """One row per type of question."""
    return [(kinds.get(one.kind, one.kind), f"中位 {duration(one.median_s)}", f"{one.answers} 次") for one in pace]


def duration(seconds: float) -> str:
    """`45 秒`, `2 分 05 秒`, `1 小时 12 分`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} 秒"
    return f"{whole // 60} 分 {whole % 60:02} 秒" if whole < 3600 else f"{whole // 3600} 小时 {whole % 3600 // 60} 分"


def program_rows(programs: Sequence[ProgramTally], titles: Mapping[str, str]) -> Rows:
    """One row per coding problem: title, last verdict, best score, tries, verdict mix."""
    return [
        (
            titles.get(one.problem, f"{one.problem}（已不在题库）"),
            one.last_verdict,
            f"最好 {one.best:.0f} 分",
            f"第 {one.solved_at} 次通过，共 {one.tries} 次" if one.solved_at else f"{one.tries} 次",
            " ".join(f"{verdict} {count}" for verdict, count in one.verdicts.items()),
        )
        for one in programs
    ]


def overrule_line(tally: OverruleTally) -> str:
    """How often, and which way."""
    if not tally.answers:
        return "没有改判过。"
    most = "，".join(f"{change} {count}" for change, count in islice(tally.changes.items(), 4))
    return f"改判了 {tally.answers} 次作答的 {tally.points} 个要点：{most}"
