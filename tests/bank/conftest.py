"""Fixtures for the bank's tests: the installed bank, and small banks written on the spot."""

import textwrap
from pathlib import Path

import pytest

from question_bank.loader import load_bank

TOPICS = "- id: basics\n  title: 基础\n"

SHORT = """\
id: {id}
type: short_answer
title: 标题 {id}
topic: basics
difficulty: 2
prompt: |
  请回答。
answer: |
  甲与乙。
key_points:
  - id: first
    text: 甲
    keywords: [[甲]]
"""

PROBLEM = """\
id: {id}
type: coding
title: 编程 {id}
topic: basics
difficulty: 2
frameworks: [torch]
entries:
  - {{name: solve, signature: solve(x), returns: 一个数}}
groups:
  - {{id: contract, title: 接口}}
limits: {{cpu_s: 10, wall_s: 20}}
"""


@pytest.fixture(scope="session")
def bank():
    return load_bank(cache=False)


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("QUIZAPP_CACHE", str(tmp_path / "cache"))


class Builder:
    """Writes a bank under `root`, a file a call."""

    def __init__(self, root: Path):
        self.root = root
        self.file("topics.yaml", TOPICS)

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else textwrap.dedent(content).encode())
        return path

    def short(self, question_id: str, text: str | None = None) -> Path:
        return self.file(f"theory/basics/{question_id}.yaml", text or SHORT.format(id=question_id))

    def coding(self, question_id: str, text: str | None = None) -> Path:
        folder = f"coding/basics/{question_id}"
        self.file(f"{folder}/statement.md", "写出 `solve(x)`。\n")
        self.file(f"{folder}/hints.md", "## 1\n\n甲\n\n## 2\n\n乙\n\n## 3\n\n丙\n")
        self.file(f"{folder}/starter_torch.py", "def solve(x):\n    raise NotImplementedError('TODO')\n")
        return self.file(f"{folder}/problem.yaml", text or PROBLEM.format(id=question_id))

    def load(self, **options):
        return load_bank(self.root, **options)


@pytest.fixture
def small(tmp_path):
    return Builder(tmp_path / "bank")
