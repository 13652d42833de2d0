"""The corpus of the run, an untrained model to probe, and one training run that several checks look at."""

import json
from dataclasses import dataclass

import numpy as np
import pytest

from judge.checks.architecture.zh_en_transformer import corpus as corpora
from judge.checks.architecture.zh_en_transformer import oracle
from judge.checks.architecture.zh_en_transformer.helpers import Probe, Sizes, in_batches, kind, numbers, table, trainable

MAX_LEN = 16
PROBED = 256
SHOWN = (7, 3)


@dataclass
class Trained:
    """What the training run left, and what the judge measured around it. `src`, `tgt` are rows it was trained on."""

    model: object
    history: object
    src: np.ndarray
    tgt: np.ndarray
    inputs_after: list
    inputs_before: list
    weights_before: dict
    weights_after: dict
    loss_before: float
    logits: np.ndarray


@dataclass
class Decodings:
    """The judge's own greedy decoding of the hidden sentences by the trained model."""

    src: np.ndarray
    result: oracle.Decoded
    tatoeba: list
    swaps: list


@pytest.fixture(scope="session")
def corpus(session_rng):
    return corpora.make(session_rng)


@pytest.fixture(scope="session")
def sizes():
    return Sizes()


@pytest.fixture(scope="session")
def model(submission, sizes, session_check):
    """One untrained model for the cheap checks."""
    built = submission.call("build_model", sizes.source, sizes.target, sizes.pad)
    session_check.returned(getattr(built, "is_model", False), f"build_model 应返回 nn.Module，实际返回 {kind(built)}")
    return built


@pytest.fixture(scope="session")
def probe(submission, model, sizes, session_rng):
    """The untrained model with noise on its weights, ready to be asked."""
    found = Probe(submission, model, sizes, submission.state(model))
    found.shake(session_rng, 0.5)
    return found


@pytest.fixture(scope="session")
def trained(submission, corpus, session_rng, session_check):
    """build_model, then train once. References and hidden sentences stay here."""
    pad = corpus.target.pad
    src, tgt = corpus.source_rows(corpus.train), corpus.target_rows(corpus.train)
    built = submission.call("build_model", len(corpus.source), len(corpus.target), pad)
    some = session_rng.choice(len(src), PROBED, replace=False)
    before = in_batches(submission, built, src[some], tgt[some, :-1], len(corpus.target))
    weights = trainable(submission, built)
    history = submission.call("train", built, src, tgt, pad)
    inputs_after = [*submission.inputs_after(), None, None, None][1:3]
    keep_curve(session_check, history)
    return Trained(
        model=built,
        history=history,
        src=src[some],
        tgt=tgt[some],
        inputs_after=inputs_after,
        inputs_before=[src, tgt],
        weights_before=weights,
        weights_after=submission.state(built),  # all of them: what was frozen meanwhile is looked at, too
        loss_before=oracle.token_loss(before, tgt[some, 1:], pad),
        logits=in_batches(submission, built, src[some], tgt[some, :-1], len(corpus.target)),
    )


@pytest.fixture(scope="session")
def decoded(submission, corpus, trained, session_check):
    """The trained model's translations, decoded by the judge. Ten of them go into the report."""
    pairs = (*corpus.tatoeba, *corpus.swaps)
    src = corpus.source_rows(pairs)

    def forward(rows, so_far):
        return in_batches(submission, trained.model, rows, so_far, len(corpus.target))

    result = oracle.greedy(forward, src, corpus.target.bos, corpus.target.eos, MAX_LEN)
    out = [corpus.target.words(row) for row in result.tokens]
    real = len(corpus.tatoeba)
    shown = [*range(SHOWN[0]), *range(real, real + SHOWN[1])]
    rows = [("".join(pairs[i].zh), " ".join(out[i]), " / ".join(map(" ".join, pairs[i].en))) for i in shown]
    session_check.artifact("十句译文", "text", "text/plain", table(rows))
    return Decodings(src, result, out[:real], out[real:])


def keep_curve(check, history):
    """The learner's own losses as a curve for the report, when they are some."""
    if found := numbers(history):
        check.artifact("训练曲线", "curve", "application/json", json.dumps({"loss": found}))
