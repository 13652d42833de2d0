"""The sentences that corpus_bleu is judged on: whoever makes one of the known mistakes is told so, whatever the seed."""

import numpy as np
import pytest

from judge.checks.architecture.zh_en_transformer import mistakes, oracle, test_20_bleu
from judge.grader.check import Check
from judge.grader.failures import CheckFailed

CASES = (
    test_20_bleu.test_corpus,
    test_20_bleu.test_repeated_words,
    test_20_bleu.test_short_translations,
    test_20_bleu.test_long_and_short_translations,
    test_20_bleu.test_several_references,
    test_20_bleu.test_short_and_empty_sentences,
)
NAMES = tuple(mistakes.bleu([["a", "b", "c", "d", "e"]], [[["a", "b", "c", "d", "e"]]]))


class Answers:
    """A submission whose corpus_bleu is the given function."""

    def __init__(self, function):
        self.call = lambda name, hypotheses, references: function(hypotheses, references)


def failures(function, seed):
    """What the checks say to it."""
    found = []
    for case in CASES:
        try:
            case(Answers(function), np.random.default_rng(seed), Check())
        except CheckFailed as failure:
            found.append(failure.diagnosis)
    return found


@pytest.mark.parametrize("seed", range(3))
def test_the_right_value_passes(seed):
    assert not failures(oracle.bleu, seed)


@pytest.mark.parametrize("name", NAMES)
def test_every_mistake_is_seen_and_named(name):
    assert name in failures(lambda hypotheses, references: mistakes.bleu(hypotheses, references)[name], seed=5)
