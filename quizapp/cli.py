"""The command `quizapp`: the app by itself, and one subcommand for each errand. Data to stdout, remarks to stderr.

Exit status: 0 done (a submission: accepted), 1 a submission was not accepted or something is amiss, 2 wrong usage, 3 judge error,
130 cancelled.
"""

from __future__ import annotations

from typing import Final

import click

from judge.command_line import ChineseGroup, run
from quizapp.problems import UsageProblem

_HERE: Final = "quizapp.commands_cli"

COMMANDS: Final = {
    "list": (f"{_HERE}.listing:list_questions", "列出、搜索题目"),
    "show": (f"{_HERE}.listing:show", "显示一道题和它的记录"),
    "quiz": (f"{_HERE}.quiz:quiz", "逐行答题：复习、刷题、错题、收藏……"),
    "mock": (f"{_HERE}.quiz:mock", "模拟面试：限时作答，给出报告"),
    "grade": (f"{_HERE}.grading:grade", "给一份简答打分，附依据"),
    "mark": (f"{_HERE}.marking:mark", "收藏、错题本、停用、遇到过、笔记、反馈"),
    "overrule": (f"{_HERE}.marking:overrule", "改判最近一次简答的一个要点"),
    "undo": (f"{_HERE}.marking:undo", "撤销最近一步"),
    "start": (f"{_HERE}.coding:start", "从起始代码创建解答文件"),
    "submit": (f"{_HERE}.coding:submit", "判一份解答并记录结果"),
    "stats": (f"{_HERE}.stats:stats", "作答、掌握度、连续天数"),
    "due": (f"{_HERE}.stats:due", "今天该复习几题；--porcelain 给提示符和 tmux"),
    "plan": (f"{_HERE}.planning:plan", "从面试日期推出每天的量和当天预计能答出几题"),
    "optimize": (f"{_HERE}.planning:optimize", "用自己的复习记录拟合记忆参数"),
    "config": (f"{_HERE}.planning:config", "查看或修改设置"),
    "export": (f"{_HERE}.transfer:export", "导出：全部记录、试卷、错题本、Anki、CSV"),
    "import": (f"{_HERE}.transfer:import_file", "导入：记录，或把别处的题变成草稿"),
    "serve": (f"{_HERE}.serve:serve", "在浏览器里打开应用（只限本机）"),
    "doctor": (f"{_HERE}.doctor:doctor", "检查终端、隔离、框架、数据、进度库；重建、恢复"),
    "data": (f"{_HERE}.doctor:data", "数据集：来源、许可、是否就绪"),
}

MEANT: Final = {
    "search": "list",
    "find": "list",
    "review": "quiz",
    "interview": "mock",
    "judge": "submit",
    "run": "submit",
    "add": "import",
}
"""Words that people try, and the command they want."""


@click.group(
    cls=ChineseGroup,
    lazy=COMMANDS,
    meant=MEANT,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="quizapp", message="quizapp %(version)s", help="显示版本")
@click.pass_context
def quizapp(ctx: click.Context) -> int | None:
    """在终端里准备大模型面试：八股题按遗忘曲线复习，编程题在隔离环境里判题。不带命令就打开应用。"""
    if ctx.invoked_subcommand is not None:
        return None
    from quizapp.terminal import ambiguous_width, require_terminal

    require_terminal()
    with ambiguous_width() as width:
        from quizapp.app import run as run_app

        cells = width()
    return run_app(cells)


def main() -> None:
    """The entry point."""
    run(quizapp, "quizapp", lambda error: str(error) if isinstance(error, UsageProblem) else None)


if __name__ == "__main__":
    main()
