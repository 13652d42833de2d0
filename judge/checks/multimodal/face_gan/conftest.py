"""Untrained networks for the cheap checks, one training run, and the 200 pictures that the quality is measured on."""

from dataclasses import dataclass

import numpy as np
import pytest

from judge.checks.multimodal.face_gan import mistakes, oracle
from judge.checks.multimodal.face_gan.faces_data import split
from judge.checks.multimodal.face_gan.helpers import (
    KEYS,
    generated,
    in_layout,
    is_numbers,
    kind,
    new_discriminator,
    new_generator,
    noise,
    paint,
    trainable,
)
from judge.checks.multimodal.face_gan.keeping import keep_closest, keep_curve, keep_faces

SAMPLES, SHOWN = 200, 50


@dataclass
class Trained:
    """What the training run left: both networks, and their trainable tensors around it."""

    generator: object
    discriminator: object
    history: object
    faces_after: np.ndarray
    generator_before: dict
    generator_after: dict
    discriminator_before: dict
    discriminator_after: dict


@pytest.fixture(scope="session")
def latent_dim(session_rng):
    """Another one in every run: nobody may count on 100."""
    return int(session_rng.integers(60, 100))


@pytest.fixture(scope="session")
def faces(submission, session_rng):
    """The training faces in the framework's layout, in an order of this run's own."""
    return in_layout(session_rng.permutation(split().train), submission.framework)


@pytest.fixture(scope="session")
def generator(submission, latent_dim, session_check):
    """An untrained one for the cheap checks."""
    return new_generator(submission, latent_dim, session_check)


@pytest.fixture(scope="session")
def discriminator(submission, session_check):
    """An untrained one for the cheap checks."""
    return new_discriminator(submission, session_check)


@pytest.fixture(scope="session")
def trained(submission, latent_dim, faces, session_rng, session_check):
    """Build a pair and train it once. The held-out pictures stay here."""
    generator = new_generator(submission, latent_dim, session_check)
    discriminator = new_discriminator(submission, session_check)
    before = trainable(submission, generator), trainable(submission, discriminator)
    history = submission.call("train", generator, discriminator, faces, latent_dim)
    faces_after = [*submission.inputs_after(), None, None, None][2]
    keep_curve(session_check, history)
    painted = paint(submission, generator, noise(session_rng, SHOWN, latent_dim), session_check)
    keep_faces(session_check, painted)
    return Trained(
        generator=generator,
        discriminator=discriminator,
        history=history,
        faces_after=faces_after,
        generator_before=before[0],
        generator_after=submission.state(generator),  # all of it: what was frozen meanwhile is looked at, too
        discriminator_before=before[1],
        discriminator_after=submission.state(discriminator),
    )


@pytest.fixture(scope="session")
def history(trained, session_check):
    """The history, once it is known to be one."""
    found = trained.history
    session_check.returned(isinstance(found, dict), f'train 应返回字典 {{"g_loss", "d_loss"}}，实际返回 {kind(found)}')
    absent = [key for key in KEYS if key not in found]
    there = "、".join(map(str, list(found)[:8])) or "空"
    session_check.returned(not absent, f"train 返回的字典缺少 {'、'.join(absent)}；现有 {there}")
    for key in KEYS:
        session_check.returned(is_numbers(found[key]), f"{key} 应是有限浮点数的列表（用 loss.item() 或 float(loss)）")
    lengths = [len(found[key]) for key in KEYS]
    session_check.returned(lengths[0] == lengths[1], f"g_loss 与 d_loss 长度不同：{lengths[0]} 与 {lengths[1]}；每次两个都记")
    return {key: [float(v) for v in found[key]] for key in KEYS}


@pytest.fixture(scope="session")
def samples(submission, trained, latent_dim, session_check):
    """200 pictures of the learner's own `generate`, (200,28,28)."""
    return generated(submission, trained.generator, SAMPLES, latent_dim, session_check)


@pytest.fixture(scope="session")
def found(samples, session_check):
    """The training face that each picture is nearest to."""
    nearest = oracle.nearest(samples)
    keep_closest(session_check, samples, nearest)
    return nearest


@pytest.fixture(scope="session")
def measures(samples, found):
    """The pictures in numbers."""
    return oracle.measure(samples, found)


@pytest.fixture(scope="session")
def known(trained, measures, samples):
    """The mistake that these pictures and losses show, if it is a known one."""
    return mistakes.mean_face(measures, samples) or mistakes.not_opposed(trained.history) or mistakes.named(measures, samples)
