"""Judging one request from the start: find the problem, plan, choose a tier, get a slot, grade, report."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from judge.datasets import DatasetMissing, digits
from judge.datasets import missing as missing_datasets
from judge.grader.failures import CheckFailed, UsageProblem
from judge.grader.link import Link
from judge.grader.prepare import Plan, make_plan
from judge.grader.run import checks_folder, judge_on
from judge.grader.slot import Slot
from judge.sandbox import best_tier, probe
from judge.verdict import Event, FrameworkName, PhaseEvent, Report, ReportEvent, Request, TierName, Verdict
from question_bank.bank import UnknownQuestion
from question_bank.loader import load_bank
from question_bank.models import Coding

SlotSource = Callable[[TierName, FrameworkName, str], AbstractContextManager[Slot]]


def judge_request(
    request: Request,
    emit: Callable[[Event], None],
    *,
    slots: SlotSource = Slot.start,
    run_all: bool = False,
) -> Report:
    """Judge; the last event is the report. Raises `UsageProblem` for a request this machine cannot serve."""
    problem = find_problem(request.problem)
    try:
        plan = make_plan(request, problem)
    except CheckFailed as failure:
        report = refusal(request, failure)
        emit(ReportEvent(report=report))
        return report
    require_data(problem)
    tier = choose_tier(request.tier)
    emit(PhaseEvent(phase="start", title=f"准备判题盒（{tier}）与 {plan.framework}"))
    with slots(tier, plan.framework, plan.device) as slot:
        link = Link(slot, problem)
        link.start()
        report, _ = judge_on(link, plan, emit, run_all=run_all)
        emit(ReportEvent(report=report))  # nobody should wait for the box to be taken down
    return report


def find_problem(name: str) -> Coding:
    """The coding problem, by id. Its checks must be there."""
    try:
        problem = load_bank().coding(name)
    except UnknownQuestion as unknown:
        raise UsageProblem(str(unknown)) from None
    checks_folder(problem.topic, problem.id)
    return problem


def require_data(problem: Coding) -> None:
    """The data sets of the problem are in the cache."""
    if absent := missing_datasets(problem.datasets):
        raise UsageProblem(f"缺少数据集 {'、'.join(absent)}：先运行 python -m judge.datasets fetch")
    if "digits" in problem.datasets:
        try:
            digits()  # here, so that what is wrong with a learner's own MNIST is said once, and a fork finds it read
        except DatasetMissing as problem_:
            raise UsageProblem(str(problem_)) from None


def choose_tier(wanted: TierName | None) -> TierName:
    """The tier asked for, or the best isolating one. Never falls to `process` by itself."""
    found = probe()
    if wanted is not None:
        status = found.tiers[wanted]
        if not status.available:
            raise UsageProblem(f"这台机器用不了隔离方式 {wanted}：{status.reason}")
        return wanted
    best = best_tier(found)
    if best is None:
        raise UsageProblem(
            "这台机器没有可用的隔离方式：运行 judge doctor 看怎么补上；信任这份代码时可加 --tier process（未隔离）"
        )
    return best


def refusal(request: Request, failure: CheckFailed) -> Report:
    """The report of a file that was refused before anything ran."""
    return Report(
        verdict=failure.verdict,
        score=0.0,
        problem=request.problem,
        framework=request.framework,
        device="cpu",
        sandbox=None,
        isolated=True,
        seed=request.seed or 0,
        message=failure.diagnosis,
    )


def cancelled(request: Request) -> Report:
    """The report of a run the learner stopped."""
    return refusal(request, CheckFailed(Verdict.CX, "已取消"))


__all__ = ["Plan", "cancelled", "choose_tier", "find_problem", "judge_request", "refusal"]
