import gc
import linecache
import sys
import traceback
import types

import torch


def probe(name, attempt):
    """Say so when something that must be refused was allowed."""
    try:
        attempt()
    except (OSError, ImportError, ValueError, AssertionError, ArithmeticError):
        return
    print("LEAK:" + name)


def frames():
    for frame in sys._current_frames().values():
        while frame:
            yield frame
            frame = frame.f_back


for frame in frames():
    if any(part in frame.f_code.co_filename for part in ("checks", "grader", "pytest", "pluggy")):
        print("LEAK:frame of " + frame.f_code.co_filename)
    if {"expected", "oracle", "mistakes", "rng"} & set(frame.f_locals):
        print("LEAK:locals of " + frame.f_code.co_name)
for name in list(linecache.cache):
    if "checks" in name or "oracle" in name:
        print("LEAK:linecache of " + name)
for thing in gc.get_objects():
    if isinstance(thing, types.ModuleType) and thing.__name__.startswith(("judge.grader", "judge.checks", "_pytest")):
        print("LEAK:module " + thing.__name__)


def scaled_dot_product_attention(query, key, value, mask=None):
    return torch.zeros(*query.shape[:-1], value.shape[-1], dtype=query.dtype)
