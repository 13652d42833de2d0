"""What CONTRIBUTING.md shows is true: its example question passes the bank's own checks."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path

import yaml

from question_bank.lint import check

ROOT = Path(__file__).parents[2]


def example() -> str:
    (block,) = re.findall(r"```yaml\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.DOTALL)
    return str(block)


def bank_with(text: str, root: Path) -> Path:
    """A bank that holds the example and nothing else."""
    held = yaml.safe_load(text)
    path = root / "theory" / held["topic"] / f"{held['id']}.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    shutil.copy(ROOT / "question_bank" / "topics.yaml", root)
    return root


def test_the_example_question_passes_lint(tmp_path):
    findings = check(bank_with(example(), tmp_path), today=dt.date(2026, 11, 24))
    assert [str(finding) for finding in findings if finding.level == "error"] == []


def test_the_example_question_would_not_pass_with_a_point_its_answer_misses(tmp_path):
    broken = example().replace("[追加, 拼接, 存入, append]", "[写回磁盘]")
    findings = check(bank_with(broken, tmp_path), today=dt.date(2026, 11, 24))
    assert any("append" in str(finding) for finding in findings)


def test_every_file_the_documents_link_to_exists():
    for document in ("README.md", "README.en.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        targets = [target for target in re.findall(r"\]\(([^)#\s]+)", text) if not target.startswith("http")]
        assert [target for target in targets if not (ROOT / target).exists()] == []


def test_the_documents_name_only_make_targets_that_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    for document in ("README.md", "README.en.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"):
        named = set(re.findall(r"`make ([a-z]+)", (ROOT / document).read_text(encoding="utf-8")))
        assert named - targets == set()
