"""What the report keeps of a run: the curve of the two losses, and sheets of pictures."""

import base64
import io
import json

import numpy as np
from PIL import Image

from judge.checks.multimodal.face_gan.faces_data import split
from judge.checks.multimodal.face_gan.helpers import KEYS, is_numbers

SCALE, COLUMNS = 3, 10


def sheet(pictures, columns=COLUMNS):
    """Pictures (N,28,28) in [-1,1], side by side and enlarged, as a PNG."""
    rows = -(-len(pictures) // columns)
    cells = np.full((rows * columns, 30, 30), 255, np.uint8)
    cells[: len(pictures), 1:29, 1:29] = np.rint(np.clip(np.nan_to_num(pictures), -1, 1) * 127.5 + 127.5)
    whole = cells.reshape(rows, columns, 30, 30).swapaxes(1, 2).reshape(rows * 30, columns * 30)
    out = io.BytesIO()
    Image.fromarray(np.kron(whole, np.ones((SCALE, SCALE), np.uint8))).save(out, "PNG", optimize=True)
    return out.getvalue()


def keep_faces(check, pictures):
    """Fifty of the generated faces for the report."""
    _keep(check, "生成的人脸.png", sheet(pictures[:50]))


def keep_closest(check, pictures, nearest):
    """The ten pictures most like a training face (`oracle.nearest`), above the face that each is like."""
    closest = np.argsort(nearest.distance)[:COLUMNS]
    _keep(
        check,
        "最像训练图的十张（下排是训练图）.png",
        sheet(np.concatenate([pictures[closest], split().train[nearest.index[closest]]])),
    )


def _keep(check, name, data):
    check.artifact(name, "image", "image/png", base64.b64encode(data).decode())


def keep_curve(check, history):
    """The learner's two losses as a curve for the report, when they are some."""
    if isinstance(history, dict) and all(is_numbers(history.get(key)) for key in KEYS):
        series = {key: [float(v) for v in history[key]] for key in KEYS}
        check.artifact("训练曲线", "curve", "application/json", json.dumps(series))
