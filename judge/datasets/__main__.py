"""`python -m judge.datasets fetch [NAME…] | ensure | status`; `ensure` fetches what is not there and is silent when all is."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from judge.datasets.catalog import CATALOG, Dataset, State, get, rows
from judge.datasets.problems import FetchProblem, Unreachable
from judge.datasets.telling import Telling

USAGE = "用法：python -m judge.datasets fetch [数据集…] | ensure | status"


def main(arguments: Sequence[str]) -> int:
    """0 done, 1 a data set could not be got, 2 wrong usage, 130 interrupted."""
    telling = Telling()
    try:
        match arguments:
            case ["fetch", *names]:
                return _fetch([get(name) for name in names] or CATALOG, telling)
            case ["ensure"]:
                return _fetch([row.dataset for row in rows() if row.state is not State.READY], telling)
            case ["status"]:
                sys.stdout.writelines(f"{line}\n" for line in status())
                return 0
    except KeyError as problem:
        telling.line(problem.args[0])
        return 2
    telling.line(USAGE)
    return 2


def _fetch(wanted: Sequence[Dataset], telling: Telling) -> int:
    """All of them, one after the other; one that fails does not keep the rest away."""
    if not wanted:
        return 0
    from judge.datasets.fetch import fetch

    failed = 0
    for dataset in wanted:
        try:
            fetch(dataset, telling)
        except FetchProblem as problem:
            telling.line(str(problem))
            failed += 1
            if isinstance(problem, Unreachable):
                break
        except KeyboardInterrupt:
            telling.line("已中断；再运行一次，只取还没有的")
            return 130
    return 1 if failed else 0


def status() -> list[str]:
    """Two lines for each data set: what and where, then whose."""
    return [
        line
        for row in rows()
        for line in (
            f"{row.state.label}  {row.dataset.id}  {row.dataset.title}  {row.path}",
            f"        {row.dataset.licence}  来源：{row.dataset.credit}",
        )
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
