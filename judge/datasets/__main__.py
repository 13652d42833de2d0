"""`python -m judge.datasets fetch [NAME…] | ensure | status`; `ensure` is quiet when all is there."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from judge.datasets.catalog import CATALOG, get, rows


def main(arguments: Sequence[str]) -> int:
    """0 done, 1 a data set could not be got, 2 wrong usage."""
    match arguments:
        case ["fetch", *names]:
            return _fetch(names)
        case ["ensure"]:
            return (
                _fetch([dataset.id for dataset, there in rows() if not there]) if not all(there for _, there in rows()) else 0
            )
        case ["status"]:
            for dataset, there in rows():
                sys.stdout.write(
                    f"{'有' if there else '无'}  {dataset.id:<8} {dataset.title}；{dataset.licence}；{dataset.credit}\n"
                )
            return 0
        case _:
            _say("用法：python -m judge.datasets fetch [数据集…] 或 status")
            return 2


def _fetch(names: Sequence[str]) -> int:
    from judge.datasets.fetch import FetchProblem, fetch

    try:
        wanted = [get(name) for name in names] or list(CATALOG)
        for dataset in wanted:
            fetch(dataset, _say)
    except KeyError as problem:
        _say(str(problem.args[0]))
        return 2
    except (FetchProblem, OSError) as problem:
        _say(str(problem))
        return 1
    return 0


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
