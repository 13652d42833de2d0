"""The judge corpus: hostile, odd and ordinary submissions, each with the verdict it must get, in every tier and as every user this machine offers.

    python tests/judge_corpus/run.py                     every case, every tier, as this user (and, started by root, as an ordinary one)
    python tests/judge_corpus/run.py 'fake_*' escape_x32 --tier bwrap
    python tests/judge_corpus/run.py --markdown docs/corpus.md

Four things are held of every case: the verdict (and limit, and sentence) is the expected one; nothing leaked (`LEAK:…` in the output is how a
submission says that something it must not have worked); nothing is left behind; the next submission, judged on the same slot, is accepted and
finds no trace. A case is `<name>/submission.py` and `<name>/expect.yaml` (`Expect` below).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import fnmatch
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import psutil
import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from judge.datasets.catalog import folder as data_folder
from judge.datasets.catalog import missing
from judge.grader.engine import Engine, preload
from judge.grader.failures import JudgeProblem, UsageProblem
from judge.grader.single import find_problem
from judge.sandbox import probe
from judge.verdict import FrameworkName, Report, Request, TierName, Verdict
from question_bank.models import Limits

HERE = Path(__file__).resolve().parent
ACCEPTED = HERE.parents[1] / "solutions/architecture/scaled_dot_product_attention/accepted"
PLAIN = {"torch": ACCEPTED / "torch_matmul.py", "tensorflow": ACCEPTED / "tensorflow_matmul.py"}
User = Literal["root", "user"]
_USERS: tuple[User, ...] = ("root", "user")
_UID = 64123
SECRET = "JUDGE_CORPUS_SECRET"
_BUSY = "这台机器太忙"
_SHARED_FOLDERS = ("/", "/tmp", "/dev/shm", "/var/tmp", "/run")
_ISOLATING: tuple[TierName, ...] = ("bwrap", "landlock")

Verdicts = Annotated[tuple[Verdict, ...], BeforeValidator(lambda v: (v,) if isinstance(v, str) else tuple(v))]


class Expect(BaseModel):
    """`expect.yaml`. Several verdicts are allowed only with `because`; `tiers` overrides them where a tier really differs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    family: str
    problem: str
    framework: FrameworkName
    verdict: Verdicts
    because: str | None = None
    detail: str | None = None
    says: str | None = None
    leaked: tuple[str, ...] = ()
    limits: dict[str, int | float] = Field(default_factory=dict)
    tiers: dict[TierName, Verdicts] = Field(default_factory=dict)
    why: str

    def verdicts(self, tier: TierName) -> tuple[Verdict, ...]:
        """What is right in a tier."""
        return self.tiers.get(tier, self.verdict)


@dataclass(frozen=True)
class Case:
    """One folder of the corpus."""

    name: str
    source: bytes
    expect: Expect


class Result(BaseModel):
    """One case in one tier."""

    case: str
    tier: TierName
    user: User
    expected: tuple[Verdict, ...]
    got: Verdict
    message: str | None
    faults: tuple[str, ...]
    seconds: float


def load(patterns: Sequence[str] = ("*",)) -> list[Case]:
    """The cases whose names match any pattern."""
    names = sorted(path.parent.name for path in HERE.glob("*/expect.yaml"))
    return [_case(name) for name in names if any(fnmatch.fnmatch(name, pattern) for pattern in patterns)]


def _case(name: str) -> Case:
    raw = yaml.load((HERE / name / "expect.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return Case(name, (HERE / name / "submission.py").read_bytes(), Expect.model_validate(raw))


class Runner:
    """Judges cases one after another on one warm slot, looking around after each."""

    def __init__(self, tier: TierName) -> None:
        self._tier = tier
        self._engine = Engine(size=1)
        self._user: User = "root" if os.geteuid() == 0 else "user"

    async def run(self, case: Case) -> Result:
        """One case and the submission after it."""
        before = _traces()
        began = time.monotonic()
        report = await self._judge(case.source, case.expect, case.expect.limits)
        seconds = time.monotonic() - began
        faults = [*_compare(case.expect, self._tier, report), *await self._next(case.expect), *await self._left_behind(before)]
        return Result(
            case=case.name,
            tier=self._tier,
            user=self._user,
            expected=case.expect.verdicts(self._tier),
            got=report.verdict,
            message=report.message,
            faults=tuple(faults),
            seconds=round(seconds, 2),
        )

    async def _judge(self, source: bytes, expect: Expect, limits: dict[str, int | float]) -> Report:
        request = Request(problem=expect.problem, source=source, framework=expect.framework, tier=self._tier, seed=None)
        with self._limited(limits):
            try:
                return await self._engine.judge(request, lambda event: None)
            except (JudgeProblem, UsageProblem) as problem:
                return _broken(request, str(problem))

    @contextlib.contextmanager
    def _limited(self, limits: dict[str, int | float]) -> Iterator[None]:
        """Smaller limits than the problem's own, so that a case which must run into one need not take a minute."""

        def find(name: str) -> Any:
            problem = find_problem(name)
            return problem.model_copy(update={"limits": Limits.model_validate({**problem.limits.model_dump(), **limits})})

        kept = self._engine._find
        self._engine._find = find  # type: ignore[assignment]
        try:
            yield
        finally:
            self._engine._find = kept

    async def _next(self, expect: Expect) -> list[str]:
        """The submission after the case: an accepted file that first looks for traces of the one before."""
        source = (HERE / "next.py").read_bytes() + b"\n" + PLAIN[expect.framework].read_bytes()
        after = expect.model_copy(update={"problem": "scaled_dot_product_attention"})
        report = await self._judge(source, after, {})
        faults = [f"the next submission found {line}" for line in _leaks(report)]
        if report.verdict is not Verdict.AC:
            faults.append(f"the next submission got {report.verdict}: {report.message}")
        return faults

    async def _left_behind(self, before: set[str]) -> list[str]:
        """What is still there, after a moment's grace for what is just ending."""
        left: set[str] = set()
        for _ in range(20):
            left = _traces() - before
            if not left:
                return []
            await asyncio.sleep(0.1)
        return [f"left behind: {trace}" for trace in sorted(left)]

    def close(self) -> None:
        """End the slots."""
        self._engine.close()


def _broken(request: Request, message: str) -> Report:
    return Report(
        verdict=Verdict.IE,
        score=0,
        problem=request.problem,
        framework=request.framework,
        device="cpu",
        sandbox=None,
        isolated=True,
        seed=0,
        message=message,
    )


def _compare(expect: Expect, tier: TierName, report: Report) -> Iterator[str]:
    wanted = expect.verdicts(tier)
    if report.verdict not in wanted:
        yield f"expected {'/'.join(wanted)}, got {report.verdict}: {report.message}"
    if expect.detail and report.verdict in wanted and report.detail != expect.detail:
        yield f"expected limit {expect.detail}, got {report.detail}"
    if expect.says and report.verdict in wanted and expect.says not in (report.message or ""):
        yield f"the message does not say {expect.says!r}: {report.message}"
    if report.sandbox not in (tier, None):
        yield f"judged in tier {report.sandbox}"
    yield from (f"leaked: {line}" for line in _leaks(report))
    texts = list(_strings(report.model_dump()))
    for marker in (SECRET, *expect.leaked):
        if any(marker in text for text in texts):
            yield f"the report contains {marker!r}"


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _strings(item)


def _leaks(report: Report) -> list[str]:
    return [line for line in report.output.splitlines() if "LEAK:" in line]


def _traces() -> set[str]:
    """Everything a submission could leave on the machine outside its box: files by their name, orphans, shared memory."""
    files = (
        str(path)
        for folder in (*map(Path, _SHARED_FOLDERS), Path.home(), Path.cwd(), *map(Path, sys.path))
        for path in _listed(folder)
        if "LEFTOVER" in path.name
    )
    return {*files, *_orphans(), *_segments()}


def _listed(folder: Path) -> list[Path]:
    with contextlib.suppress(OSError):
        return list(folder.iterdir())
    return []


def _orphans() -> Iterator[str]:
    """Processes of a box that no judge looks after any more: they were handed to the first process."""
    for process in psutil.process_iter(["pid", "ppid", "cmdline", "uids"]):
        command = " ".join(process.info["cmdline"] or ())
        boxed = "worker/__main__.py" in command
        if boxed and process.info["ppid"] in (0, 1) and process.info["pid"] != 1:
            yield f"process {process.info['pid']} {command[:80]}"


def _segments() -> Iterator[str]:
    with contextlib.suppress(OSError):
        for line in Path("/proc/sysvipc/shm").read_text().splitlines()[1:]:
            yield f"shared memory {line.split()[0]}"


@contextlib.contextmanager
def listeners() -> Iterator[None]:
    """What a submission with a way out could reach: a TCP port, an abstract socket, a socket file; and a secret in the environment."""
    os.environ[SECRET] = f"{SECRET}-value"
    path = "/tmp/judge-corpus-listener.sock"
    with contextlib.ExitStack() as stack:
        for family, address in (
            (socket.AF_INET, ("127.0.0.1", 47011)),
            (socket.AF_UNIX, "\0judge-corpus-listener"),
            (socket.AF_UNIX, path),
        ):
            link = stack.enter_context(socket.socket(family))
            with contextlib.suppress(OSError):  # another run holds it: that one can be reached just as well
                link.bind(address)
                link.listen()
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                os.unlink(path)


async def run_cases(cases: Sequence[Case], tier: TierName, told: Callable[[Result], None]) -> None:
    """All cases in one tier."""
    runner = Runner(tier)
    try:
        for case in cases:
            told(await runner.run(case))
    finally:
        runner.close()


def impossible(case: Case) -> str | None:
    """Why a case cannot run on this machine, if it cannot."""
    if importlib.util.find_spec(case.expect.framework) is None:
        return f"{case.expect.framework} is not installed"
    absent = missing(find_problem(case.expect.problem).datasets)
    return f"{'、'.join(absent)} not in the cache: python -m judge.datasets fetch" if absent else None


def tiers() -> list[TierName]:
    """The isolating tiers that work in this process."""
    return [tier for tier in _ISOLATING if probe().tiers[tier].available]


def offered() -> list[TierName]:
    """Those that `run_as` can use: for root it puts an interpreter that others cannot reach within reach."""
    hidden = os.geteuid() == 0 and _closed_interpreter() and probe().landlock_abi > 0
    return [tier for tier in _ISOLATING if probe().tiers[tier].available or (tier == "landlock" and hidden)]


def _closed_interpreter() -> bool:
    return sys.base_prefix.startswith("/root/")


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", default=["*"], help="names or patterns")
    parser.add_argument("--tier", action="append", choices=_ISOLATING, help="default: all that work here")
    parser.add_argument("--user", action="append", choices=_USERS, help="started by root: default both")
    parser.add_argument("--json", action="store_true", help="one JSON object per case and tier")
    parser.add_argument("--markdown", type=Path, help="write the table to this file")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)  # in this very process
    options = parser.parse_args()
    patterns, results = options.cases or ["*"], []

    def told(result: Result) -> None:
        results.append(result)
        print(result.model_dump_json() if options.json else _line(result), flush=True)

    busy: list[Result] = []
    if options.here:
        run_here(load(patterns), options.tier, told)
    else:
        for user in options.user or (_USERS if os.geteuid() == 0 else ("user",)):
            for result in run_as(user, patterns, options.tier or ()):
                told(result)
        busy = [result for result in results if result.got is Verdict.IE and _BUSY in (result.message or "")]
        results = [result for result in results if result not in busy]
        for was in busy:  # as the message asks
            for result in run_as(was.user, [was.case], [was.tier]):
                told(result)
    if options.markdown:
        options.markdown.write_text(markdown(load(patterns), results, again=len(busy)), encoding="utf-8")
    bad = [result for result in results if result.faults]
    if not options.json:
        print(f"\n{len(load(patterns))} cases, {len(results)} runs, {len(bad)} not as expected")
    return 1 if bad or not results else 0


def _line(result: Result) -> str:
    mark = "✗" if result.faults else "✓"
    expected = "/".join(result.expected)
    head = f"{mark} {result.case:<34} {result.user:<4} {result.tier:<8} expected {expected:<16} got {result.got:<4}{result.seconds:6.1f} s"
    return "\n".join([head, *(f"    {fault}" for fault in result.faults)])


def run_here(cases: Sequence[Case], wanted: Sequence[TierName] | None, told: Callable[[Result], None]) -> None:
    """In this process, as this user."""
    preload()
    cases = [case for case in cases if impossible(case) is None]
    with listeners():
        for tier in wanted or tiers():
            asyncio.run(run_cases(cases, tier, told))


def run_as(user: User, patterns: Sequence[str], wanted: Sequence[str]) -> Iterator[Result]:
    """In a process of its own. Started by root: as root, or as an ordinary user, both where Python can be reached by everybody."""
    command = [
        sys.executable,
        str(Path(__file__).resolve()),
        *patterns,
        "--here",
        "--json",
        *(f"--tier={tier}" for tier in wanted),
    ]
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as aside:
        _furnish(Path(home))
        if os.geteuid() == 0:
            switch = [
                "setpriv",
                f"--reuid={_UID}",
                f"--regid={_UID}",
                "--clear-groups",
                "--inh-caps=-all",
                "--bounding-set=-all",
            ]
            passable = ["unshare", "--mount", "--propagation", "private", "sh", "-c", _PASSABLE, "sh", sys.base_prefix, aside]
            command = [*(passable if _closed_interpreter() else ()), *(switch if user == "user" else ()), *command]
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        environment = {
            **kept,
            "HOME": home,
            "QUIZAPP_CACHE": f"{home}/cache",
            "PYTHONDONTWRITEBYTECODE": "1",
            "OMP_NUM_THREADS": "1",
        }
        environment[SECRET] = f"{SECRET}-value"  # what /proc would tell of the judge's environment
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
            for line in process.stdout or ():
                yield Result.model_validate_json(line)


def _furnish(home: Path) -> None:
    """A home for whoever runs the cases, with a copy of the data sets."""
    home.chmod(0o777)
    (home / "cache").mkdir()
    (home / "cache").chmod(0o777)
    if data_folder().is_dir():
        shutil.copytree(data_folder(), home / "cache" / "datasets")


# An interpreter under /root is closed to everybody else: in a private mount namespace, put it under a passable folder of the same name.
_PASSABLE = """
set -e
prefix=$1 aside=$2; shift 2
mount --bind "$prefix" "$aside"; mount -t tmpfs -o mode=755 none /root
mkdir -p "$prefix"; mount --bind "$aside" "$prefix"
exec "$@"
"""


def markdown(cases: Sequence[Case], results: Sequence[Result], *, again: int = 0) -> str:
    """The table of docs/corpus.md: what each case tries, what it must get, what it got where."""
    places = list(dict.fromkeys((result.user, result.tier) for result in results))
    got = {(result.case, result.user, result.tier): result for result in results}
    names = [f"{tier}（{'root' if user == 'root' else '普通用户'}）" for user, tier in places]
    lines = [_PREFACE.format(cases=len(cases), places="、".join(names), bad=sum(bool(r.faults) for r in results), again=again)]
    for family in dict.fromkeys(case.expect.family for case in cases):
        lines += [f"\n## {family}\n", "| case | what it is | expected | " + " | ".join(names) + " |"]
        lines.append("| --- " * (3 + len(places)) + "|")
        for case in cases:
            if case.expect.family == family:
                cells = [_cell(got.get((case.name, *place))) for place in places]
                lines.append(f"| `{case.name}` | {case.expect.why} | {'/'.join(case.expect.verdict)} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cell(result: Result | None) -> str:
    if result is None:
        return "–"
    return f"{result.got} ✓" if not result.faults else f"**{result.got} ✗**"


_PREFACE = """# 判题机语料

由 `make corpus` 生成（`tests/judge_corpus/run.py --markdown docs/corpus.md`），不要手改。

{cases} 份提交，隔离方式：{places}；不如预期的：{bad}。有 {again} 次第一遍遇上别的程序占着处理器（判决是“这台机器太忙”），最后单独再判。每一份都要同时满足：判决正确；没有泄漏（能读到、连到不该有的东西时，提交会打印 `LEAK:…`）；
没有留下进程、文件或共享内存；**紧接着的下一份**普通提交判为 AC，并且看不到前一份的任何痕迹。表里的 ✓ 指四条都满足。

加一份：新建 `tests/judge_corpus/<名字>/submission.py` 和 `expect.yaml`（字段见 `run.py` 的 `Expect`），再运行
`python tests/judge_corpus/run.py <名字>`。允许几种判决时必须用 `because` 说明理由；进程、内存、时间都要有上限。
"""


if __name__ == "__main__":
    sys.exit(main())
