#!/bin/sh
# make_venv.sh FOLDER [PYTHON]: a virtual environment from the first suitable Python. Started again after an interruption, it mends what is there.
set -eu
folder=$1
wanted=${2:-}

suits() { # a name on the PATH may be a shim that runs nothing, so it is run
  command -v "$1" >/dev/null 2>&1 && "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null
}

for name in ${wanted:-python3.13 python3.12 python3.11 python3 python}; do
  if suits "$name"; then
    if ! "$name" -c 'import ensurepip, venv' 2>/dev/null; then
      echo "$name 缺少 venv：Debian 与 Ubuntu 请先运行 sudo apt install python3-venv，再重试" >&2
      exit 1
    fi
    echo "用 $("$name" -c 'import sys; print(sys.executable)') 建立 $folder …" >&2
    exec "$name" -m venv "$folder"
  fi
done
if [ -n "$wanted" ]; then
  echo "PYTHON=$wanted 用不了：请给出 Python 3.11、3.12 或 3.13" >&2
else
  echo '需要 Python 3.11、3.12 或 3.13，这台机器上没有找到：请先安装其中一个，再重试（装在别处时：make quiz PYTHON=/路径/python3.12）' >&2
fi
exit 1
