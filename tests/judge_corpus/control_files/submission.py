import json
import pathlib
import tempfile

import numpy as np
import torch

torch.save({"weight": torch.ones(3)}, "model.pt")
assert torch.load("model.pt")["weight"].sum() == 3
np.savez("arrays.npz", a=np.arange(3))
assert np.load("arrays.npz")["a"].sum() == 3
pathlib.Path("结果").mkdir()
pathlib.Path("结果", "曲线.json").write_text(json.dumps({"损失": [1, 0.5]}), encoding="utf-8")
with tempfile.NamedTemporaryFile("w+") as file, tempfile.TemporaryDirectory() as folder:
    file.write(folder)


def scaled_dot_product_attention(query, key, value, mask=None):
    scores = query @ key.transpose(-2, -1) / query.shape[-1] ** 0.5
    if mask is None:
        return torch.softmax(scores, dim=-1) @ value
    scores = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
    return (torch.softmax(scores, dim=-1) * mask) @ value
