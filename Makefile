# quizapp：`make quiz` 安装并打开应用，`make test` 同样安装后跑测试，`make help` 列出全部。
#
#   FRAMEWORKS=all|torch|tensorflow|none   装哪些深度学习框架（默认是上次装的，第一次是 all）
#   PYTHON=/路径/python3.12                用哪个 Python 建 .venv（默认自己找 3.11–3.13）
#   PIP_ARGS='…'                           原样交给 pip，例如指定镜像
#   TESTS='tests/unit -k wire'             make test 只跑一部分

VENV := .venv
# Whoever chose to install less is not sent for the rest by the next `make`: the choice stands in the name of the stamp below.
CHOSEN := $(word 2,$(subst -, ,$(notdir $(firstword $(wildcard $(VENV)/.installed-*)))))
FRAMEWORKS ?= $(or $(CHOSEN),all)
PYTHON ?=
PIP_ARGS ?=
TESTS ?=
PY := $(VENV)/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK := 1

EXTRAS_all := torch,tensorflow
EXTRAS_torch := torch
EXTRAS_tensorflow := tensorflow
EXTRAS_none :=
EXTRAS := $(EXTRAS_$(FRAMEWORKS))
comma := ,
with = $(if $(strip $(1)),[$(strip $(1))],)

ifeq ($(filter all torch tensorflow none,$(FRAMEWORKS)),)
$(error FRAMEWORKS 只能是 all、torch、tensorflow 或 none，现在是 $(FRAMEWORKS))
endif

# A stamp is named after all that decides what is installed (a moved clone counts: scripts hold its path), and is made only when pip has
# succeeded. So a second call runs no pip, and an interrupted one takes up where it was.
KEY := $(shell { pwd; cat pyproject.toml constraints.txt; } | cksum | cut -d' ' -f1)
VENV_STAMP := $(VENV)/.made
STAMP := $(VENV)/.installed-$(FRAMEWORKS)-$(KEY)
DEV_STAMP := $(VENV)/.dev-$(FRAMEWORKS)-$(KEY)
install = $(PY) -m pip install -c constraints.txt $(PIP_ARGS)
fetch = $(if $(filter none,$(FRAMEWORKS)),:,$(PY) -m judge.datasets ensure)

.DEFAULT_GOAL := help
.PHONY: help quiz setup data test check verify calibrate corpus bench tui snapshots soak crash grading stance browser clean

help: ## 列出可用的目标
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

quiz: setup ## 安装、取数据、打开应用
	@$(fetch) || echo '先打开题库；编程题要的数据可稍后用 make data 再取' >&2
	@$(VENV)/bin/quizapp

setup: $(STAMP) ## 只安装

data: $(STAMP) ## 取数据集：按 sha256 校验，存在仓库之外
	@$(fetch)
	@$(if $(EXTRAS),:,echo '没有装框架，用不到数据集；要做编程题：make setup FRAMEWORKS=torch（或 tensorflow、all）' >&2)

$(VENV_STAMP):
	@sh scripts/make_venv.sh $(VENV) $(PYTHON)
	@touch $@

$(STAMP): | $(VENV_STAMP)
	@echo '安装 quizapp$(call with,$(EXTRAS)) …（第一次要下载框架，可能几分钟；中断后再运行会接着装）' >&2
	@$(install) -e '.$(call with,$(EXTRAS))'
	@rm -f $(VENV)/.installed-* && touch $@

$(DEV_STAMP): $(STAMP)
	@echo '安装测试与检查工具 …' >&2
	@$(install) --quiet -e '.$(call with,$(EXTRAS)$(if $(EXTRAS),$(comma))dev)'
	@rm -f $(VENV)/.dev-* && touch $@

test: $(DEV_STAMP) data ## 跑测试
	@$(PY) -m pytest -n 2 --dist loadfile $(TESTS)

check: $(DEV_STAMP) ## 静态检查：ruff、mypy、导入方向、题库
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports
	@$(PY) -m question_bank check

verify: $(DEV_STAMP) data ## 证明每个编程题包，打印杀伤矩阵
	@$(VENV)/bin/judge verify --all

calibrate: $(DEV_STAMP) data ## 校准阈值：通过的文件各 20 个种子，错误的各 5 个；中断后接着跑
	@$(VENV)/bin/judge calibrate --runs docs/calibration --markdown docs/calibration.md

corpus: $(DEV_STAMP) data ## 判题机语料：恶意与古怪的提交 × 隔离方式
	@$(PY) tests/judge_corpus/run.py --markdown docs/corpus.md

bench: $(DEV_STAMP) data ## 快慢之比，同一次运行里并排量：判题（裸跑、冷、热、进程内）、题库
	@$(PY) benchmarks/judge_latency.py --markdown docs/latency.md
	@$(PY) benchmarks/search.py
	@$(PY) benchmarks/progress.py --markdown docs/growth.md

tui: $(DEV_STAMP) ## 界面有多快：第一帧、按键到画出、内存，与裸的 Textual 应用并排量
	@$(PY) benchmarks/tui.py --markdown docs/tui.md

snapshots: $(DEV_STAMP) ## 界面有意改动之后，重画 tests/snapshots 里的快照
	@QUIZAPP_UPDATE_SNAPSHOTS=1 $(PY) -m pytest -q tests/functional/tui/test_snapshots.py

soak: $(DEV_STAMP) data ## 一千份提交，两个判题盒
	@$(PY) benchmarks/judge_soak.py --markdown docs/soak.md

crash: $(DEV_STAMP) ## 在 500 个随机时刻杀掉写进度的程序，再试磁盘满与只读：不丢一条
	@$(PY) benchmarks/crash.py --markdown docs/crash.md

grading: $(DEV_STAMP) ## 简答评分有多准：F1、kappa、误给分，对着人工标注的答案
	@$(PY) benchmarks/grading.py --markdown docs/grading.md

stance: $(DEV_STAMP) ## 从标注的句子重新学“听起来像不像反话”（要 PyTorch，几分钟）
	@$(PY) benchmarks/train_stance.py

browser: $(DEV_STAMP) ## 在真正的 Chromium 里用中文答一题（要先装 Chromium）
	@QUIZAPP_BROWSER=1 $(PY) -m pytest tests/functional/test_browser.py

clean: ## 删除 .venv 与各种缓存（不动你的进度、答案和数据集）
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
