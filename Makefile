# quizapp — `make quiz` 安装并打开应用；`make test` 同样安装后跑测试；`make help` 列出全部。
# FRAMEWORKS=all|torch|tensorflow|none 选装框架；PIP_ARGS='…' 原样交给 pip。

FRAMEWORKS ?= all
PIP_ARGS ?=
VENV := .venv
PY := $(VENV)/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK := 1

EXTRAS_all := torch,tensorflow
EXTRAS_torch := torch
EXTRAS_tensorflow := tensorflow
EXTRAS_none :=
EXTRAS := $(EXTRAS_$(FRAMEWORKS))
comma := ,
brackets = $(if $(1),[$(1)],)

# A stamp is named after everything that decides what is installed: a second call with nothing changed runs no pip at all.
KEY := $(shell cat pyproject.toml constraints.txt 2>/dev/null | cksum | cut -d' ' -f1)
STAMP := $(VENV)/.installed-$(FRAMEWORKS)-$(KEY)
DEV_STAMP := $(VENV)/.dev-$(FRAMEWORKS)-$(KEY)

.DEFAULT_GOAL := help
.PHONY: help quiz setup data test check corpus bench soak verify clean

help: ## 列出可用的目标
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

quiz: setup data ## 安装、取数据、打开应用
	@$(VENV)/bin/quizapp

setup: $(STAMP) ## 只安装（FRAMEWORKS=all|torch|tensorflow|none）

data: $(STAMP) ## 取数据集（按 sha256 校验，缓存在仓库之外）
	@$(if $(filter none,$(FRAMEWORKS)),true,$(PY) -m judge.datasets ensure)

$(VENV)/bin/python:
	@found=; for name in python3.13 python3.12 python3.11 python3; do \
	  if command -v $$name >/dev/null 2>&1 && $$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then found=$$name; break; fi; \
	done; \
	if [ -z "$$found" ]; then echo '需要 Python 3.11、3.12 或 3.13：请先安装其中一个，再运行 make quiz' >&2; exit 1; fi; \
	echo "用 $$found 建立 $(VENV) …" >&2; $$found -m venv $(VENV)

$(STAMP): | $(VENV)/bin/python
	@if [ -z '$(filter all torch tensorflow none,$(FRAMEWORKS))' ]; then echo 'FRAMEWORKS 只能是 all、torch、tensorflow 或 none' >&2; exit 1; fi
	@echo '安装 quizapp$(call brackets,$(EXTRAS)) …（第一次要下载框架，可能几分钟；中断后再运行会接着装）' >&2
	@$(PY) -m pip install --progress-bar on -c constraints.txt $(PIP_ARGS) -e '.$(call brackets,$(EXTRAS))'
	@rm -f $(VENV)/.installed-*; touch $@

$(DEV_STAMP): $(STAMP)
	@echo '安装测试工具 …' >&2
	@$(PY) -m pip install --quiet -c constraints.txt $(PIP_ARGS) -e '.$(call brackets,$(if $(EXTRAS),$(EXTRAS)$(comma))dev)'
	@rm -f $(VENV)/.dev-*; touch $@

test: $(DEV_STAMP) data ## 跑测试（两核上不到 15 分钟）
	@$(PY) -m pytest $(TESTS)

check: $(DEV_STAMP) ## 静态检查：ruff、mypy、导入方向、题库 lint
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports
	@$(PY) -m question_bank check

verify: $(DEV_STAMP) data ## 证明每个编程题包，打印杀伤矩阵
	@$(VENV)/bin/judge verify --all

corpus: $(DEV_STAMP) data ## 判题机语料：恶意与古怪的提交 × 隔离方式
	@$(PY) tests/judge_corpus/run.py

bench: $(DEV_STAMP) data ## 判题延迟：裸跑、冷、热、进程内，同一次运行里比较
	@$(PY) benchmarks/judge_latency.py --markdown docs/latency.md

soak: $(DEV_STAMP) data ## 一千份提交，两个盒子
	@$(PY) benchmarks/judge_soak.py --markdown docs/soak.md

clean: ## 删除 .venv 与缓存（不动你的进度和数据）
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
