#!/bin/sh
# 不用人守着的模拟面试：sh scripts/mock_interview.sh 答案.txt [主题] [分钟]
#
# 答案.txt 里每个答案以单独一行 . 结束；:skip 跳过一题，写完了就交卷。报告（一个 JSON 对象）印在标准输出，问答过程印在标准错误。
set -eu
[ $# -ge 1 ] || { echo "用法：sh $0 答案.txt [主题] [分钟]" >&2; exit 2; }
[ -r "$1" ] || { echo "读不到 $1：检查路径和权限" >&2; exit 2; }
exec "${QUIZAPP:-quizapp}" mock --topic "${2:-basics}" --minutes "${3:-10}" --json < "$1"
