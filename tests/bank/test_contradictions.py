"""Every must_not pattern catches a sentence that says the opposite, and leaves right sentences alone.

The wrong sentences stand in `contradictions.yaml`, among the single sentences in `tests/grading/claims`, or in an answer of the samples for
grading that is labelled so.
"""

import re
from functools import cache
from pathlib import Path

import pytest

from question_bank.loader import load_bank
from question_bank.matching import normalise
from question_bank.yaml_text import parse

SENTENCES = parse((Path(__file__).parent / "contradictions.yaml").read_text(encoding="utf-8"))
SAMPLES = Path(__file__).parents[1] / "grading"
QUESTIONS = [question for question in load_bank(cache=False).questions if question.type == "short_answer"]


@cache
def wrong_answers(question):
    """Text and points said the wrong way round of the tuning answers to a question."""
    path = SAMPLES / f"{question}.yaml"
    answers = parse(path.read_text(encoding="utf-8"))["answers"] if path.exists() else []
    return [
        (answer["text"], {point for point, status in answer["first"]["points"].items() if status == "说反了"})
        for answer in answers
        if answer["part"] == "tuning"
    ]


@cache
def claims(question):
    """Point to its single sentences, right and wrong."""
    path = SAMPLES / "claims" / f"{question}.yaml"
    return parse(path.read_text(encoding="utf-8")) if path.exists() else {}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.id)
def test_every_pattern_catches_a_contradiction(question):
    for point in question.key_points:
        sentences = list(SENTENCES.get(question.id, {}).get("wrong", {}).get(point.id, []))
        sentences += claims(question.id).get(point.id, {"wrong": []})["wrong"]
        sentences += [text for text, points in wrong_answers(question.id) if point.id in points]
        said = [normalise(sentence) for sentence in sentences]
        for pattern in map(re.compile, point.must_not):
            assert any(pattern.search(sentence) for sentence in said), (point.id, pattern.pattern)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.id)
def test_every_contradiction_is_caught(question):
    points = {point.id: [re.compile(pattern) for pattern in point.must_not] for point in question.key_points}
    for point, sentences in SENTENCES.get(question.id, {}).get("wrong", {}).items():
        for sentence in sentences:
            assert any(pattern.search(normalise(sentence)) for pattern in points[point]), sentence


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.id)
def test_right_sentences_are_left_alone(question):
    patterns = [re.compile(pattern) for point in question.key_points for pattern in point.must_not]
    for sentence in SENTENCES.get(question.id, {}).get("right", []):
        for pattern in patterns:
            assert not pattern.search(normalise(sentence)), (sentence, pattern.pattern)


def test_no_sentences_for_questions_that_are_gone():
    assert set(SENTENCES) <= {question.id for question in QUESTIONS}
