"""The way tutorials are written, sent in as it is: a Keras script, a Transformer from the days of torchtext, a GAN for pictures of another size."""

import ast
import importlib.util
import json
from pathlib import Path

import pytest

from judge import client
from judge.grader.run import CHECKS
from judge.verdict import ProgressEvent, Request, Verdict

ROOT = Path(__file__).resolve().parents[2]
ARTICLE = ROOT / "tests" / "data" / "article"
KERAS_SCRIPT = ROOT / "solutions" / "classic_ml" / "mnist_digits" / "accepted" / "tensorflow_script_article.py"
TRANSFORMER = "transformer_torchtext.py"
GAN = "gan_large_pictures.py"

needs_torch = pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="PyTorch is not installed")
needs_tensorflow = pytest.mark.skipif(importlib.util.find_spec("tensorflow") is None, reason="TensorFlow is not installed")
FACES = (CHECKS / "multimodal" / "face_gan").is_dir()
needs_faces = pytest.mark.skipif(not FACES, reason="the faces are not judged yet")

# What a learner who types it in gets wrong: a part of a line, and what stands there instead.
BROKEN_TRANSFORMER = [
    ('TRG = Field(tokenize=str.split, init_token="<sos>", eos_token="<eos>", lower=True)', "TRG = Field(tokenize=str.split"),
    ("class PositionalEncoding(nn.Module):", "class PositionalEncoding(nn.Module)"),
    ("        return self.out(hidden)", "        return self.out(hidden))"),
    ("for epoch in range(5):", "for epoch in range(5)"),
    ("        total += loss.item()", "        total += loss.item("),
    ('    print("epoch", epoch, "loss", total / len(train_iterator))', '    print "epoch", epoch'),
]
BROKEN_GAN = [
    ("        self.image_shape = (112, 112, 3)", "        self.image_shape = (112, 112, 3"),
    ("                layers.LeakyReLU(),", "                layers.LeakyReLU()),"),
    (
        "            on_fake = self.discriminator(fake, training=True)",
        "            on_fake = self.discriminator(fake, training=True",
    ),
]


def read(name):
    return (ARTICLE / name).read_text(encoding="utf-8")


def broken(name, changes):
    """The file with its mistakes put in, and their lines."""
    text, lines = read(name), []
    for sound, wrong in changes:
        at = text.index(sound)
        lines.append(text[:at].count("\n") + 1)
        end = text.index("\n", at)
        text = text[:at] + wrong + text[end:]
    return text, lines


async def judge(problem, source, framework):
    events = []
    request = Request(problem=problem, source=source.encode(), framework=framework)
    return await client.judge(request, events.append), [e for e in events if isinstance(e, ProgressEvent)]


def curve(report):
    (found,) = [artifact for artifact in report.artifacts if artifact.kind == "curve"]
    return json.loads(found.data)


@needs_tensorflow
async def test_the_keras_script_is_accepted_with_its_curve_and_its_figure():
    report, progress = await judge("mnist_digits", KERAS_SCRIPT.read_text(encoding="utf-8"), "tensorflow")

    assert report.verdict is Verdict.AC, report.message
    assert {name: len(values) for name, values in curve(report).items()} == dict.fromkeys(
        ("loss", "accuracy", "val_loss", "val_accuracy"), 5
    )
    assert [artifact.name for artifact in report.artifacts if artifact.kind == "image"] == ["figure_1.png"]
    assert [event.step for event in progress if event.unit == "epoch"] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("name", "framework", "unit"),
    [
        pytest.param("torch_script.py", "torch", "step", marks=needs_torch),
        pytest.param("torch_loop.py", "torch", "step", marks=needs_torch),
        pytest.param("keras_fit.py", "tensorflow", "epoch", marks=needs_tensorflow),
    ],
)
async def test_a_loss_is_seen_while_it_is_trained(name, framework, unit):
    report, progress = await judge("mnist_digits", read(name), framework)

    losses = [event.values["loss"] for event in progress if event.unit == unit]
    assert len(losses) >= 2 or unit == "step"
    assert losses
    assert losses[0] > 0
    assert report.verdict is not Verdict.IE
    assert "loss" in curve(report)


@needs_torch
async def test_every_mistake_of_the_transformer_is_told_with_its_line_and_what_is_gone():
    source, lines = broken(TRANSFORMER, BROKEN_TRANSFORMER)
    report, _ = await judge("zh_en_transformer", source, "torch")

    assert report.verdict is Verdict.CE
    assert f"共 {len(lines)} 处" in report.message
    assert all(f"第 {line} 行" in report.message for line in lines), report.message
    assert "torchtext 已停止维护" in report.message
    assert "BucketIterator" in report.message
    assert "torch.utils.data.DataLoader" in report.message


@needs_torch
async def test_with_its_syntax_mended_it_is_told_what_to_use_instead_of_torchtext():
    ast.parse(read(TRANSFORMER))
    report, _ = await judge("zh_en_transformer", read(TRANSFORMER), "torch")

    assert report.verdict is Verdict.CE
    assert report.message.startswith("torchtext 已停止维护")
    assert "pad_sequence" in report.message
    assert "np.float" in report.message  # what would have been met next
    assert report.location.text.startswith("from torchtext.data import")


@needs_tensorflow
async def test_every_unbalanced_bracket_of_the_gan_is_told_with_its_line():
    source, lines = broken(GAN, BROKEN_GAN)
    report, _ = await judge("face_gan" if FACES else "mnist_digits", source, "tensorflow")

    assert report.verdict is Verdict.CE
    assert f"共 {len(lines)} 处" in report.message
    assert all(f"第 {line} 行" in report.message for line in lines), report.message


@needs_tensorflow
async def test_pictures_of_28_by_28_do_not_fit_a_network_for_112_by_112_by_3():
    source = read(GAN) + "\n\nbuild_model = build_discriminator\ndef plot_history(history, path): pass\n"
    source = source.replace(
        "def train(generator, discriminator, faces, latent_dim)", "def train(a, b, faces, latent_dim, steps)"
    )
    report, _ = await judge("mnist_digits", source, "tensorflow")

    assert report.verdict is Verdict.RTE
    assert report.message.startswith("输入的最后一维应是 3，得到 (2, 28, 28, 1)")


@needs_faces
@needs_tensorflow
async def test_with_its_brackets_mended_the_gan_is_told_that_its_pictures_have_the_wrong_shape():
    report, _ = await judge("face_gan", read(GAN), "tensorflow")

    assert report.verdict in (Verdict.BR, Verdict.RTE, Verdict.WA)
    assert "形状" in report.message
    assert "112" in report.message
