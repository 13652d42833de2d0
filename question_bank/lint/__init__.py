"""The bank's own checks: what a schema cannot say. Every rule yields findings; `check` gathers them in the order of the files.

An error is something a learner would meet; a warning is something an author should look at.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from question_bank import yaml_text
from question_bank.bank import Bank, BankProblem
from question_bank.lint import coding as coding_rules
from question_bank.lint import text as text_rules
from question_bank.lint import theory as theory_rules
from question_bank.lint.found import Found, Step
from question_bank.loader import load_bank, question_files
from question_bank.models import Coding, Question

Level = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to mend. Sorted by place."""

    file: str
    line: int
    message: str
    question: str | None = None
    level: Level = "error"

    def __str__(self) -> str:
        mark = "" if self.level == "error" else "警告："
        where = f"（{self.question}）" if self.question else ""
        return f"{self.file}:{self.line}: {mark}{self.message}{where}"


def check(root: Path | None = None, *, today: dt.date) -> list[Finding]:
    """Everything wrong with the bank under `root`, what the loader refused included."""
    bank = load_bank(root, cache=False)
    refused = {_refused(problem) for problem in bank.problems}
    findings = set(_stray_files(bank)) | set(_bank_findings(bank))
    for question in bank.questions:
        findings |= set(_question_findings(bank, question, today))
    unread = {finding.file for finding in refused if finding.file not in {o.file for o in bank.outlines}}
    return sorted(refused | {finding for finding in findings if finding.file not in unread})


def _refused(problem: BankProblem) -> Finding:
    return Finding(problem.file, problem.line, problem.message, problem.question)


def _question_findings(bank: Bank, question: Question, today: dt.date) -> Iterator[Finding]:
    file = bank.file(question.id)
    text = file.read_text(encoding="utf-8-sig")
    for rule in _RULES:
        for found in rule(question):
            yield _located(bank, question, file, text, found)
    for found in _place(bank, question):
        yield _located(bank, question, file, text, found)
    for found in _age(question, today):
        yield _located(bank, question, file, text, found)


def _located(bank: Bank, question: Question, file: Path, text: str, found: Found) -> Finding:
    """A finding with its file and line: `found` names a file beside the question's, or a path inside it."""
    if found.beside:
        place = file.with_name(found.beside).relative_to(bank.root).as_posix()
        return Finding(place, found.line, found.message, question.id, found.level)
    line = yaml_text.line_of(text, found.path)
    if found.line and yaml_text.is_block(text, found.path):
        line += found.line
    return Finding(bank.outline[question.id].file, line, found.message, question.id, found.level)


def _sources(question: Question) -> Iterator[Found]:
    """Facts that age say when they were looked up and when to look again."""
    if question.topic not in _AGEING:
        return
    if question.review_by is None:
        yield Found("政策与商业题会过时：写上 review_by", ("topic",))
    if not question.sources:
        yield Found("政策与商业题要有来源：写上 sources", ("topic",))
    for index, source in enumerate(question.sources):
        if source.as_of is None:
            yield Found(f"来源“{source.title}”没有 as_of：写上核对的日期", ("sources", index))


_AGEING: Final = frozenset({"safety_policy", "business"})


def _title(question: Question) -> Iterator[Found]:
    if wide := text_rules.ambiguous(question.title):
        yield Found(f"标题里有宽度不定的字符 {' '.join(sorted(wide))}：列表会错位，换一种写法", ("title",))
    if text_rules.cells(question.title) > _TITLE_CELLS:
        yield Found(f"标题超过 {_TITLE_CELLS} 格：列表里放不下", ("title",))


_TITLE_CELLS: Final = 56

_RULES: Final[tuple[Callable[[Question], Iterator[Found]], ...]] = (
    _title,
    _sources,
    text_rules.rules,
    theory_rules.rules,
    coding_rules.rules,
)


def _age(question: Question, today: dt.date) -> Iterator[Found]:
    if question.review_by is not None and question.review_by < today:
        yield Found(f"已过复核日期 {question.review_by}：核对事实后更新 as_of 与 review_by", ("review_by",), level="warning")
    dates: list[tuple[tuple[Step, ...], dt.date | None]] = [(("as_of",), question.as_of)]
    dates += [(("sources", index, "as_of"), source.as_of) for index, source in enumerate(question.sources)]
    for path, date in dates:
        if date is not None and date > today:
            yield Found(f"as_of {date} 在今天之后", path)


def _place(bank: Bank, question: Question) -> Iterator[Found]:
    """A question lies where its id and topic say, and names only what exists."""
    file = bank.file(question.id)
    coding = isinstance(question, Coding)
    name, topic = (file.parent.name, file.parent.parent.name) if coding else (file.stem, file.parent.name)
    if name != question.id:
        yield Found(f"id {question.id} 与{'文件夹' if coding else '文件'}名 {name} 不同", ("id",))
    if topic != question.topic:
        yield Found(f"topic {question.topic} 与所在文件夹 {topic} 不同", ("topic",))
    if question.topic not in bank.topic:
        yield Found(f"topics.yaml 里没有 {question.topic}", ("topic",))
    for field in ("requires", "related"):
        for index, wanted in enumerate(getattr(question, field, ())):
            if wanted not in bank.outline:
                yield Found(f"{field} 里的 {wanted} 不存在", (field, index))


def _bank_findings(bank: Bank) -> Iterator[Finding]:
    """What concerns more than one file."""
    yield from _topic_findings(bank)
    for cycle in cycles({q.id: q.requires for q in bank.questions}):
        file = bank.outline[cycle[0]].file
        yield Finding(file, 1, f"requires 成环：{' -> '.join((*cycle, cycle[0]))}", cycle[0])
    titles = Counter(outline.title for outline in bank.outlines)
    for outline in bank.outlines:
        if titles[outline.title] > 1:
            yield Finding(outline.file, 1, f"标题“{outline.title}”重复了", outline.id)


def _topic_findings(bank: Bank) -> Iterator[Finding]:
    used = {outline.topic for outline in bank.outlines}
    ids = [topic.id for topic in bank.topics]
    for topic_id, count in Counter(ids).items():
        if count > 1:
            yield Finding("topics.yaml", 1, f"主题 {topic_id} 写了 {count} 次")
    for topic in bank.topics:
        for wanted in topic.prerequisites:
            if wanted not in bank.topic:
                yield Finding("topics.yaml", 1, f"主题 {topic.id} 的先修 {wanted} 不存在")
        if topic.id not in used:
            yield Finding("topics.yaml", 1, f"主题 {topic.id} 还没有题", level="warning")
    for cycle in cycles({topic.id: topic.prerequisites for topic in bank.topics}):
        yield Finding("topics.yaml", 1, f"先修关系成环：{' -> '.join((*cycle, cycle[0]))}")


def _stray_files(bank: Bank) -> Iterator[Finding]:
    """Files that look like questions and are never read."""
    read = set(question_files(bank.root))
    for pattern in ("theory/**/*.y*ml", "coding/**/*.y*ml"):
        for path in bank.root.glob(pattern):
            if path not in read:
                file = path.relative_to(bank.root).as_posix()
                yield Finding(file, 1, "这个文件不会被读取：应是 theory/主题/id.yaml 或 coding/主题/id/problem.yaml")


def cycles(graph: dict[str, tuple[str, ...]]) -> list[list[str]]:
    """Every elementary cycle met by a depth-first walk, each once, beginning with its smallest member."""
    found: dict[frozenset[str], list[str]] = {}
    done: set[str] = set()

    def walk(node: str, path: list[str]) -> None:
        if node in path:
            loop = path[path.index(node) :]
            start = loop.index(min(loop))
            found.setdefault(frozenset(loop), loop[start:] + loop[:start])
            return
        if node in done:
            return
        for following in graph.get(node, ()):
            walk(following, [*path, node])
        done.add(node)

    for node in graph:
        walk(node, [])
    return list(found.values())
