"""What a history is, and what of it the report keeps."""

import base64
import json

import numpy as np

from judge.grader.failures import SubmissionFailed
from judge.verdict import Verdict

KEYS = ("loss", "accuracy", "val_loss", "val_accuracy")


def keep_curve(check, history):
    """The learner's own history as a curve for the report, when it is one."""
    if isinstance(history, dict) and all(is_numbers(history.get(key)) for key in KEYS):
        check.artifact(
            "训练曲线", "curve", "application/json", json.dumps({key: [float(v) for v in history[key]] for key in KEYS})
        )


def keep_picture(check, name, data):
    """A PNG for the report."""
    check.artifact(name, "image", "image/png", base64.b64encode(data).decode())


def is_numbers(values):
    """A non-empty list of finite numbers (Python's, NumPy's or 0-d tensors)."""
    return (
        isinstance(values, (list, tuple))
        and len(values) > 0
        and all(
            type(v) in (int, float) or (isinstance(v, np.ndarray) and v.ndim == 0 and v.dtype.kind in "iuf") for v in values
        )
        and bool(np.isfinite([float(v) for v in values]).all())
    )


def kind(value):
    """What a returned value is, for a sentence."""
    return getattr(value, "type_name", None) or type(value).__name__


def forward(submission, built, images):
    """(N,10) scores, when they are floats of this shape: nothing else may be computed with."""
    output = submission.forward(built, images)
    if isinstance(output, np.ndarray) and output.shape == (len(images), 10) and output.dtype.kind == "f":
        return output
    raise SubmissionFailed(Verdict.BR, f"模型应返回浮点数，形状 ({len(images)}, 10)，实际返回 {_found(output)}")


def _found(value):
    return f"{value.dtype}，形状 {value.shape}" if isinstance(value, np.ndarray) else kind(value)


def scores(submission, built, images, batch=250):
    """(N,10) scores, in batches."""
    parts = [forward(submission, built, images[start : start + batch]) for start in range(0, len(images), batch)]
    return np.concatenate(parts)


def gap(one, other):
    """Largest difference relative to the largest score."""
    return float(np.abs(one.astype(np.float64) - other).max() / max(1.0, float(np.abs(one).max())))
