"""What the checks of face_gan measure with: every kind of false face is told from held-out ones, and by its name."""

import io

import numpy as np
import pytest
from PIL import Image

from judge import datasets
from judge.checks.multimodal.face_gan import classifier, mistakes, oracle
from judge.checks.multimodal.face_gan.faces_data import split, with_mirrored
from judge.checks.multimodal.face_gan.keeping import sheet
from judge.checks.multimodal.face_gan.test_30_training import MIN_BEND, MIN_MOVED, bend, moved_share

pytestmark = pytest.mark.skipif(bool(datasets.missing(["faces"])), reason="run: python -m judge.datasets fetch faces")


def draw(count=40, seed=0):
    """Some training faces, not all of one person."""
    return np.random.default_rng(seed).permutation(split().train)[:count]


def unseen():
    """Some held-out faces."""
    return np.random.default_rng(4).permutation(split().held_out)[:40]


def noise(size):
    return np.random.default_rng(1).uniform(-1, 1, (40, 28, 28)).astype(np.float32) * size


def principal_components(count=40):
    """The mean and as much of every principal component as there is on average."""
    known = split().train.reshape(280, -1)
    axes, sizes, _ = np.linalg.svd((known - known.mean(0)).T, full_matrices=False)
    drawn = np.random.default_rng(2).standard_normal((count, len(sizes)))
    return (known.mean(0) + drawn * sizes / np.sqrt(279) @ axes.T).reshape(-1, 28, 28).astype(np.float32)


FALSE_FACES = {
    "noise": (lambda: noise(1.0), "噪声"),
    "mean face": (lambda: split().train.mean(0) + noise(0.02), "平均脸"),
    "one face": (lambda: np.repeat(split().held_out[:1], 40, 0) + noise(0.02), "模式崩溃"),
    "negatives": (lambda: -draw(), "底片"),
    "upside down": (lambda: draw()[:, ::-1] * 0.9 + noise(0.2), "上下颠倒"),
    "every other upside down": (lambda: np.concatenate([unseen()[::2], unseen()[1::2, ::-1]]) * 0.9 + noise(0.2), "上下颠倒"),
    "every other negative": (lambda: np.concatenate([unseen()[::2], -unseen()[1::2]]) * 0.9 + noise(0.2), "底片"),
    "every other lying": (
        lambda: np.concatenate([unseen()[::2], np.rot90(unseen()[1::2], 1, (1, 2))]) * 0.9 + noise(0.2),
        "旋转",
    ),
    "lying": (lambda: draw().transpose(0, 2, 1) * 0.9 + noise(0.2), "横躺"),
    "grey": (lambda: (principal_components().clip(-1, 1) + 1) / 2, "[0, 1]"),
    "grey and pale": (lambda: (principal_components() * 0.45 + split().train.mean(0) * 0.55 + 1) / 2, "[0, 1]"),
    "grey snow": (lambda: (noise(0.22) + 1) / 2, "模式崩溃"),
    "grey and one": (lambda: (np.repeat(split().held_out[:1], 40, 0) + noise(0.02) + 1) / 2, "模式崩溃"),
}

COPIES = {
    "as they are": (lambda: draw(), "的复印件"),
    "moved": (lambda: np.roll(draw(), (2, -1), (1, 2)), "平移"),
    "mirrored": (lambda: draw()[..., ::-1], "翻转"),
    "blurred": (lambda: oracle.blurred(draw()), "模糊"),
    "paler": (lambda: draw() * 0.6 + 0.1, "的复印件"),
    "grainy": (lambda: draw() + noise(0.1), "的复印件"),
    "all at once": (lambda: np.roll(oracle.blurred(draw()), 1, 1)[..., ::-1], "平移、翻转、模糊"),
    "a sixth of the pictures": (lambda: np.concatenate([draw(8), principal_components()]), "的复印件"),
    "of five only": (lambda: np.repeat(draw(5), 8, 0), "的复印件"),
}


def measured(pictures):
    return oracle.measure(pictures, oracle.nearest(pictures))


def test_nobody_is_hidden_and_no_hidden_picture_is_trained_on():
    found = datasets.faces()
    train, held_out = ({picture.tobytes() for picture in part} for part in (split().train, split().held_out))

    assert (len(split().train), len(split().held_out)) == (280, 120)
    assert not train & held_out
    assert {int(person) for person, number in zip(found.person, found.picture, strict=True) if number <= 7} == set(range(1, 41))


def test_held_out_faces_pass_every_threshold():
    known = measured(split().held_out)

    assert known.diversity == pytest.approx(1)
    assert known.novelty == pytest.approx(1)
    assert known.frechet < 1
    assert known.face > 0.9
    assert known.novelty < mistakes.MAX_DISTANCE
    assert mistakes.SHARPNESS[0] < known.sharpness < mistakes.SHARPNESS[1]
    assert known.beyond > mistakes.MIN_BEYOND
    assert mistakes.named(known, split().held_out) is None
    assert all(stance.share < stance.most / 2 for stance in mistakes.stances(split().held_out, 1))


def test_frechet_distance_of_gaussians():
    """For covariances with common axes it is |m1-m2|^2 + sum (s1-s2)^2."""
    rng = np.random.default_rng(3)
    axes, _ = np.linalg.qr(rng.standard_normal((6, 6)))
    one, other = rng.uniform(0.5, 2, 6), rng.uniform(0.5, 2, 6)
    means = rng.standard_normal((2, 6))
    moments = [(mean, (axes * size**2) @ axes.T) for mean, size in zip(means, (one, other), strict=True)]

    expected = ((means[0] - means[1]) ** 2).sum() + ((one - other) ** 2).sum()
    assert oracle.between(*moments) == pytest.approx(expected)
    assert oracle.between(*moments[::-1]) == pytest.approx(expected)
    assert oracle.frechet(with_mirrored(split().held_out)) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("kind", FALSE_FACES)
def test_what_is_no_face_has_its_name(kind):
    make, name = FALSE_FACES[kind]
    pictures = make().astype(np.float32)

    known = measured(pictures)
    assert name in (
        mistakes.mean_face(known, pictures) or mistakes.named(known, pictures) or ""
    )  # the order that the checks ask in


def test_what_is_no_face_stands_in_no_way():
    """Else noise and blobs would be told to stand up."""
    known = with_mirrored(np.concatenate([split().train, split().held_out]))
    blobs = classifier.not_faces(known, np.random.default_rng(5))[1100:1600]
    for pictures in (noise(1.0), blobs):
        assert sum(stance.share for stance in mistakes.stances(pictures, 1)) < 0.1


def test_a_negative_stands_as_its_picture():
    shares = [stance.share for stance in mistakes.stances(-split().held_out, 1)]
    assert shares == [pytest.approx(0, abs=0.05), pytest.approx(0, abs=0.05), pytest.approx(1, abs=0.05)]


@pytest.mark.parametrize("kind", COPIES)
def test_copies_are_found_however_they_were_changed(kind):
    make, name = COPIES[kind]
    pictures = make().astype(np.float32)
    found = oracle.nearest(pictures)

    assert oracle.measure(pictures, found).closest < mistakes.MIN_CLOSEST
    assert name in mistakes.copied(found)


def test_a_sampler_of_principal_components_passes_every_measure_of_pictures():
    """Which is why the checks look at the training too."""
    known = measured(principal_components(150))

    assert known.frechet < 4
    assert known.face > 0.9
    assert known.closest > mistakes.MIN_CLOSEST
    assert mistakes.DIVERSITY[0] < known.diversity < mistakes.DIVERSITY[1]


def test_a_sheet_shows_every_picture_and_survives_nan():
    pictures = noise(1.0)[:23]
    pictures[0, 0, 0] = np.nan
    image = Image.open(io.BytesIO(sheet(pictures, 10)))

    assert image.size == (10 * 30 * 3, 3 * 30 * 3)


def test_training_faces_put_together_anew_are_nothing_new():
    one, two = draw(80)[:40], draw(80)[40:]
    left = 1 / (1 + np.exp((np.arange(28) - 14) / 2))
    mixed = {"blended": (one + two) / 2, "halves": one * left + two * (1 - left), "components": principal_components()}

    for name, pictures in mixed.items():
        assert oracle.beyond_the_training_set(pictures) < mistakes.MIN_BEYOND, name


def test_the_number_of_faces_that_a_generator_knows():
    assert oracle.effective_number(np.arange(50)) == pytest.approx(50)
    assert oracle.effective_number(np.zeros(50, int)) == pytest.approx(1)
    assert oracle.effective_number(np.repeat([0, 1], [49, 1])) < 1.2


def test_the_last_bias_of_a_wasserstein_critic_stays_where_it_was():
    before = {
        "conv1": np.zeros((8, 1, 4, 4)),
        "conv2": np.zeros((8, 8, 4, 4)),
        "weight": np.zeros((1, 392)),
        "bias": np.zeros(1),
    }
    moved = {name: value + (name != "bias") for name, value in before.items()}
    assert moved_share(before, moved) == 1
    assert moved_share(before, {**before, "weight": moved["weight"], "bias": before["bias"] + 1}) < MIN_MOVED
    assert moved_share(before, before) == 0


def test_a_linear_sampler_is_told_and_a_collapsed_generator_is_not_called_one():
    rng = np.random.default_rng(5)
    z, step = rng.normal(size=(2, 40, 16))
    weights = rng.normal(0, 0.06, (16, 784))
    assert bend(z @ weights, (z + step) @ weights, (z - step) @ weights) < MIN_BEND
    hardly = weights / 100
    assert bend(z @ hardly, (z + step) @ hardly, (z - step) @ hardly) == np.inf
