"""`python -m question_bank` as authors call it."""

import pytest
from click.testing import CliRunner

from question_bank.__main__ import main

from .test_lint import FULL


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_check_of_the_installed_bank_passes():
    result = run("check", "--strict")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "0 个错误，0 个警告" in result.stderr


def test_an_error_is_one_line_and_exit_status_1(small):
    small.short("good", FULL.format(id="good") + "requires: [nowhere]\n")
    result = run("check", small.root)
    assert result.exit_code == 1
    assert result.stdout == "theory/basics/good.yaml:19: requires 里的 nowhere 不存在（good）\n"


@pytest.mark.parametrize(("options", "status"), [((), 0), (("--strict",), 1)])
def test_a_warning_counts_only_when_asked(small, options, status):
    small.short("good", FULL.format(id="good") + "review_by: 2020-01-01\n")
    assert run("check", small.root, *options).exit_code == status


def test_a_missing_folder_is_wrong_usage(tmp_path):
    result = run("check", tmp_path / "nothing")
    assert result.exit_code == 2
    assert "没有文件夹" in result.stderr


def test_search_prints_ids_and_titles():
    result = run("search", "什么是", "大模型")
    assert result.stdout.startswith("what_is_llm\t")
    assert run("search", "qqqqzzzz").exit_code == 1
