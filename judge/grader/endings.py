"""How a learner's process went, as a failure with its sentence: out of time, killed, crashed, gone. Pure."""

from __future__ import annotations

import signal
from dataclasses import dataclass

from judge.grader.failures import SubmissionFailed
from judge.verdict import Verdict
from question_bank.models import Limits

_SIGNALS = {
    signal.SIGSEGV: "段错误（访问了非法内存）",
    signal.SIGABRT: "进程中止（abort）",
    signal.SIGFPE: "算术异常",
    signal.SIGILL: "非法指令",
    signal.SIGBUS: "总线错误",
}


@dataclass(frozen=True)
class Ended:
    """How the learner's process went: exit code or signal, and whether it left anything behind."""

    code: int | None
    signal: int | None
    leftovers: int
    dirty: bool


def too_slow(clock: str, limits: Limits) -> SubmissionFailed:
    """TLE by one of the clocks: `cpu`, `wall`, `idle` (told as wall), `import`."""
    sentences = {
        "cpu": f"CPU 时间超过 {limits.cpu_s:g} 秒：检查死循环，或减少轮数、缩小模型",
        "wall": f"运行超过 {limits.wall_s:g} 秒，处理器却大半时间闲着：在等待或睡眠",
        "idle": "长时间没有进展：在等待、睡眠，或多线程互相等死了",
        "import": f"加载文件就用了超过 {limits.import_s:g} 秒：不要在顶层训练或死循环",
    }
    return SubmissionFailed(Verdict.TLE, sentences[clock], detail="wall" if clock == "idle" else clock, fatal=True)


def gone(ended: Ended, limits: Limits, *, cpu_s: float, importing: bool) -> SubmissionFailed:
    """Why a process that owed an answer is no more; `cpu_s` is what it had used."""
    if ended.signal == signal.SIGXCPU or (ended.signal == signal.SIGKILL and cpu_s > limits.cpu_s):
        return too_slow("import" if importing else "cpu", limits)
    if ended.signal == signal.SIGSYS:
        return SubmissionFailed(Verdict.SV, "调用了被禁止的系统功能", fatal=True)
    if ended.signal == signal.SIGKILL:
        return SubmissionFailed(Verdict.MLE, "进程被系统结束，多半是内存不够", fatal=True)
    if ended.signal is not None:
        name = _SIGNALS.get(signal.Signals(ended.signal), signal.Signals(ended.signal).name)
        return SubmissionFailed(Verdict.RTE, f"进程崩溃：{name}", fatal=True)
    message = f"退出码 {ended.code}，没有回答判题机；退出码和打印的内容都不算数"
    return SubmissionFailed(Verdict.RTE, "程序在答完之前自己退出了", message, fatal=True)
