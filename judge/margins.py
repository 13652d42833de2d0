"""How far right and wrong stand from a threshold: per metric, in standard deviations, and as the page `docs/calibration.md`.

Pure: takes the outcomes that were measured, reads and runs nothing.
"""

from __future__ import annotations

import math
import operator
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from statistics import fmean, stdev

from judge.verdict import Metric, Report, Verdict
from judge.verify import Outcome, Proof, failed

ENOUGH_SD = 2.0
_FEWEST = 3  # runs of a file that a standard deviation is taken of
_WIDE = 100.0  # a metric that spans more than this factor is compared by its logarithm
_TINY = 1e-3  # and what is below this share of the threshold counts as this share: zero has no logarithm
_HOLDS: Mapping[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    "<": operator.lt,
    ">=": operator.ge,
    ">": operator.gt,
    "==": operator.eq,
}
Key = tuple[str, str, str, float]
"""Check, metric, comparison, threshold."""
Values = dict[str, list[float | None]]
"""By file; None stands for a value that was not finite."""


@dataclass
class Row:
    """One metric of one check: what accepted files measured, and those wrong files that it is to stop."""

    check: str
    metric: str
    op: str
    threshold: float
    accepted: Values = field(default_factory=dict)
    wrong: Values = field(default_factory=dict)
    decides: bool = True
    """False for a number that is only recorded: it broke the bound and its check passed."""

    def holds(self, value: float | None) -> bool:
        """Whether a value is on the right side; one that is not finite never is."""
        return value is not None and _HOLDS[self.op](value, self.threshold)

    @property
    def logarithmic(self) -> bool:
        """An error beside its tolerance, a loss that runs away: what is never negative, and orders of magnitude away from its bound."""
        upper = self.op in ("<=", "<")
        values = [v for side in ((self.accepted, self.wrong) if upper else (self.accepted,)) for v in finite(side)]
        if self.threshold <= 0 or min([*values, *finite(self.wrong)], default=0.0) < 0:
            return False
        highest = max([*values, self.threshold])
        if upper and highest <= 1 and 1 / _WIDE < self.threshold < 1:
            return False  # a share: 0.5 % and 15 % of the pictures are no orders of magnitude
        return highest > _WIDE * max(min([*values, self.threshold]), self.threshold * _TINY)

    def margin(self, values: Sequence[float | None]) -> float | None:
        """How many standard deviations one file's mean is away from the threshold; None when it was measured too seldom to say.

        Infinite when it never varies and is on one side, or is not finite at all.
        """
        numbers = [self._scaled(v) for v in values if v is not None]
        if not numbers:
            return math.inf
        if len(numbers) < _FEWEST:
            return None
        distance = abs(fmean(numbers) - self._scaled(self.threshold))
        spread = stdev(numbers)
        return math.inf if spread <= 1e-12 * max(1.0, abs(numbers[0])) else distance / spread

    def _scaled(self, value: float) -> float:
        return math.log10(max(value, self.threshold * _TINY)) if self.logarithmic else value

    def closest(self, side: Values) -> tuple[float, str] | None:
        """The smallest margin on one side, and the file that has it."""
        margins = [(margin, file) for file, values in side.items() if (margin := self.margin(values)) is not None]
        return min(margins, default=None)

    def close_calls(self) -> list[str]:
        """Margins that are too small, as sentences."""
        said = []
        for label, side in (("通过", self.accepted), ("错误", self.wrong)):
            found = self.closest(side) if self.decides else None
            if found is not None and found[0] < ENOUGH_SD:
                said.append(
                    f"{self.check} 的「{self.metric}」：{label}的 {found[1]} 离阈值 {self.threshold:.4g} 只有 {found[0]:.1f} 个标准差"
                )
        return said


def finite(side: Values) -> list[float]:
    """All numbers of one side."""
    return [value for values in side.values() for value in values if value is not None]


def rows(proof: Proof) -> list[Row]:
    """Every metric, in the order of the checks. The parameters of a check are taken together: the worst value of a run counts."""
    table: dict[Key, Row] = {}
    for outcome in proof.outcomes:
        if outcome.report.verdict is not Verdict.AC or outcome.expectation.verdict is not Verdict.AC:
            continue
        for key, metric in readings(outcome.report).items():
            row = table.setdefault(key, Row(*key))
            row.accepted.setdefault(outcome.file, []).append(metric.value)
            row.decides = row.decides and row.holds(metric.value)
    for file, runs in _by_file(o for o in proof.outcomes if o.expectation.verdict is not Verdict.AC).items():
        for key, values in _stopped_by(runs, table).items():
            table.setdefault(key, Row(*key)).wrong[file] = values
    order = {check: number for number, check in enumerate(dict.fromkeys(base(c) for c in proof.checks()))}
    return sorted(table.values(), key=lambda row: order.get(row.check, len(order)))


def base(check: str) -> str:
    """A check's name without its parameters."""
    return check.split("[", 1)[0]


def readings(report: Report) -> dict[Key, Metric]:
    """The worst value of every metric of one run."""
    found: dict[Key, Metric] = {}
    for check in report.checks:
        for metric in check.metrics:
            key = (base(check.id), metric.name, metric.op, metric.threshold)
            found[key] = _worse(found[key], metric) if key in found else metric
    return found


def _worse(one: Metric, other: Metric) -> Metric:
    if one.value is None or other.value is None:
        return one if one.value is None else other
    upper = one.op in ("<=", "<")
    return max(one, other, key=lambda m: (m.value or 0.0) if upper else -(m.value or 0.0))


def _by_file(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    found: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        found.setdefault(outcome.file, []).append(outcome)
    return found


def _stopped_by(runs: Sequence[Outcome], table: Mapping[Key, Row]) -> dict[Key, list[float | None]]:
    """The metrics that stop a wrong file in the check that names it: those that most of its runs break, with the values of all its runs."""

    def sureness(check: str) -> float:
        """The smallest margin of its metrics. A check that breaks no number never varies; one that breaks now this, now that has no margin."""
        found = _broken(runs, check)
        if not found:
            return 0.0 if any(_breaks(run, check) for run in runs) else math.inf
        margins = [replace(table.get(key, Row(*key)), wrong={"": values}).margin(values) for key, values in found.items()]
        return min((margin for margin in margins if margin is not None), default=0.0)

    return _broken(runs, max(_telling(runs), key=sureness, default=""))


def _telling(runs: Sequence[Outcome]) -> list[str]:
    """Of the checks that a wrong file is expected to fail (of all, if none is named), those that fail the most of its runs."""
    fails = Counter(check for run in runs for check in {base(c.id) for c in run.report.checks if failed(c)})
    named = list(dict.fromkeys(base(check) for check in runs[0].expectation.check)) or list(fails)
    return [check for check in named if fails[check] == max(fails[name] for name in named)]


def _broken(runs: Sequence[Outcome], check: str) -> dict[Key, list[float | None]]:
    """Of one check the metrics that most runs break."""
    measured = [_metrics(run, check) for run in runs if _reached(run, check)]
    found = {}
    for key in dict.fromkeys(key for run in measured for key in run):
        values = [run[key].value for run in measured if key in run]
        broken = [value for value in values if not Row(*key).holds(value)]
        if len(broken) * 2 > len(values):
            found[key] = values
    return found


def _breaks(run: Outcome, check: str) -> bool:
    return any(not Row(*key).holds(metric.value) for key, metric in _metrics(run, check).items())


def _metrics(run: Outcome, check: str) -> dict[Key, Metric]:
    return {key: metric for key, metric in readings(run.report).items() if key[0] == check}


def _reached(run: Outcome, check: str) -> bool:
    return any(base(c.id) == check and c.status is not Verdict.SK for c in run.report.checks)


def complaints(proof: Proof) -> list[str]:
    """What must not be: an accepted file that failed, a wrong one that got something else, a margin that is too small.

    That every check is of use is `judge verify`'s to say: here not every file may have been run yet.
    """
    return [*proof.broken_promises, *(sentence for row in rows(proof) for sentence in row.close_calls())]


_HEAD = """# 校准

`make calibrate` 写成，不要手改。每个通过的文件跑 {accepted} 个新种子，每个错误的文件跑 {wrong} 个（实际次数见各表）。超时、超内存的文件只跑一次：
撞上限与种子无关，而且每次都要跑满上限。错误的文件第一个种子跑完所有组，看后面的检查是否也看得见（`--short` 时不跑）；
其余种子与 `judge verify` 一样，停在败了的那一组。
每一次判题都在 `docs/calibration/` 里，以文件、检查与限额的摘要为键：中断了再运行会接着跑，改了一份文件只重跑它，改了检查会自己重跑。

怎样读：

- 一行是一项检查里的一个指标，参数化的检查取一次判题里最差的值。「通过」是 accepted/ 里所有文件的 最小 / 平均 / 最大。
- 「错误」只算应由这个指标拦下的文件；空着，是因为拦人的是同一检查里没有数值的条件（形状、类型、是否相同）。
  一个错误每次都败在好几个检查上、没有写明是哪一个或写了几个的，算在余量最大的那个检查里：放它过去的机会由最稳的检查决定。
- 余量：一个文件的平均值离阈值几个它自己的标准差，取最近的文件；少于三次的不算。
  跨两个数量级以上的指标按对数算（标 log；不到 1 的占比除外）。「恒定」指各种子上都一样。
- 任何一侧余量小于 {enough:g} 个标准差、任何通过的文件没有通过、任何错误的文件得到别的判决，都会列在「不合格」里，命令以 1 退出。
- CPU 秒是学习者进程的，同一份代码在另一台机器上、在满载时可以差两三倍：看一份参考写法要多少，看最小；看限额够不够，看最大。
"""


def page(proofs: Sequence[Proof], *, accepted: int, wrong: int) -> str:
    """The whole page."""
    parts = [_HEAD.format(accepted=accepted, wrong=wrong, enough=ENOUGH_SD), *(_section(proof) for proof in proofs)]
    return "\n".join(parts)


def _section(proof: Proof) -> str:
    right, wrong = ([o for o in proof.outcomes if (o.expectation.verdict is Verdict.AC) is wanted] for wanted in (True, False))
    versions = next((o.report.versions for o in proof.outcomes[::-1] if o.report.versions), {})
    said = complaints(proof)
    lines = [
        f"## {proof.problem.id}：{proof.problem.title}",
        "",
        f"通过的文件 {_counts(right)}；错误的文件 {_counts(wrong)}。{_versions(proof)}" if versions else "还没有测过。",
        "",
        *(["**不合格**", "", *(f"- {line}" for line in said), ""] if said else []),
        "| 检查 | 指标 | 要求 | 通过：最小 / 平均 / 最大 | 余量 | 错误：最小 / 平均 / 最大 | 余量 |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *(_line(row) for row in rows(proof)),
        "",
        "| 通过的文件 | 次数 | 通过 | CPU 秒：最小 | 平均 | 最大 | 内存 MiB |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
        *(_cost(file, runs) for file, runs in _by_file(right).items()),
        "",
        _wrong_cost(wrong),
        "",
    ]
    return "\n".join(lines)


def _counts(outcomes: Sequence[Outcome]) -> str:
    runs = [len(found) for found in _by_file(outcomes).values()]
    if not runs:
        return "0 个"
    each = f"{min(runs)}" if min(runs) == max(runs) else f"{min(runs)}–{max(runs)}"
    return f"{len(runs)} 个，各 {each} 次，共 {sum(runs)} 次"


def _versions(proof: Proof) -> str:
    found = {name: version for o in proof.outcomes for name, version in o.report.versions.items()}
    return "、".join(f"{name} {version}" for name, version in sorted(found.items())) + "。"


def _line(row: Row) -> str:
    bound = f"{row.op} {row.threshold:.4g}" if row.decides else f"{row.op} {row.threshold:.4g}（仅记录）"
    log = " log" if row.logarithmic else ""
    sides = [_span(row.accepted), _margin(row, row.accepted) + log, _span(row.wrong), _margin(row, row.wrong)]
    return f"| {row.check} | {row.metric.replace('|', '/')} | {bound} | " + " | ".join(sides) + " |"


def _span(side: Values) -> str:
    numbers = finite(side)
    lost = sum(value is None for values in side.values() for value in values)
    note = f"（{lost} 次非有限）" if lost else ""
    if not numbers:
        return note
    return f"{min(numbers):.3g} / {fmean(numbers):.3g} / {max(numbers):.3g}{note}"


def _margin(row: Row, side: Values) -> str:
    closest = row.closest(side)
    if not side or not row.decides or closest is None:
        return ""
    margin, file = closest
    return "恒定" if math.isinf(margin) else f"{margin:.1f}（{PurePosixPath(file).stem}）"


def _cost(file: str, runs: Sequence[Outcome]) -> str:
    cpu = [run.report.timings.cpu_s for run in runs]
    peak = max(run.report.timings.peak_mib for run in runs)
    passed = sum(run.report.verdict is Verdict.AC for run in runs)
    seconds = f"{min(cpu):.1f} | {fmean(cpu):.1f} | {max(cpu):.1f}"
    return f"| {PurePosixPath(file).name} | {len(runs)} | {passed} | {seconds} | {peak:.0f} |"


def _wrong_cost(wrong: Sequence[Outcome]) -> str:
    if not wrong:
        return "错误的文件还没有测过。"
    as_named = sum(not run.faults for run in wrong)
    cpu = [run.report.timings.cpu_s for run in wrong]
    return f"错误的文件 {len(wrong)} 次判题，{as_named} 次得到写明的判决、检查与诊断；CPU 平均 {fmean(cpu):.1f} 秒，最大 {max(cpu):.1f} 秒。"
