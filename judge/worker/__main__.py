"""Start of the process inside the box: `python -I -B …/judge/worker/__main__.py CONTROL_FD FRAMEWORK DEVICE [UID]`."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from judge.worker.zygote import main

    main(int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]) if len(sys.argv) > 4 else None)
