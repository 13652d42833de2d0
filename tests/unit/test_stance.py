"""The model that doubts: what it has learnt, how it is stored, and that it stays within its bounds."""

from dataclasses import replace

import pytest

from question_bank.loader import load_bank
from question_bank.models import ShortAnswer
from quizapp.study.grading import Status, grade
from quizapp.study.grading.reading import SENTENCE_END, around
from quizapp.study.grading.stance import BITS, Stance, learnt, pieces, store

QUESTIONS = {q.id: q for q in load_bank().questions if isinstance(q, ShortAnswer)}


def test_it_has_learnt_about_every_short_answer_question():
    assert learnt().questions == set(QUESTIONS), "run `make stance`"
    assert len(learnt().weights) == 1 << BITS


def test_it_never_doubts_a_question_it_does_not_know():
    sure = Stance(frozenset({"known"}), [127] * (1 << BITS), [255] * (1 << BITS), 1.0, 0.0, 0.5)
    assert sure.doubts("known", "point", "随便一句话" * 4)
    assert not sure.doubts("unknown", "point", "随便一句话" * 4)
    assert not sure.doubts("known", "point", "随便一句话"), "a few words tell hardly anything"


def test_what_is_stored_is_what_was_learnt(tmp_path):
    model = Stance(
        frozenset({"a"}), [-128, 127, 0, 1] * (1 << (BITS - 2)), [0, 1, 128, 255] * (1 << (BITS - 2)), 0.25, -1.5, 0.75
    )
    store(model, tmp_path / "stance.bin")
    again = learnt(tmp_path / "stance.bin")
    assert (again.questions, again.scale, again.bias, again.threshold) == (model.questions, 0.25, -1.5, 0.75)
    assert (list(again.weights), list(again.rarity)) == (model.weights, model.rarity)


def test_width_and_case_do_not_matter_and_nothing_is_no_doubt():
    assert pieces("q", "", "KV Cache，越大越好") == pieces("q", "", "ｋｖ ｃａｃｈｅ,越大越好")
    assert pieces("q", "", "") == []
    assert learnt().doubt("kl_penalty", "", "") == pytest.approx(learnt().bias)


def test_a_piece_weighs_of_one_point_what_it_may_not_of_another():
    no_point, one, other = (set(pieces("q", point, "越大越好")) for point in ("", "one", "other"))
    assert no_point == one & other
    assert one != other


def test_a_piece_that_every_sentence_has_counts_for_nothing():
    heard, common, rare = pieces("q", "", "越大越好"), set(pieces("q", "", "大")), set(pieces("q", "", "好"))

    def doubt(rarity):
        weights = [100 if place in common else -100 if place in rare else 0 for place in range(1 << BITS)]
        return Stance(frozenset({"q"}), weights, [rarity(place) for place in range(1 << BITS)], 1.0, 0.0, 0.0).doubt(
            "q", "", "越大越好"
        )

    assert doubt(lambda place: 255) == 0.0
    assert doubt(lambda place: 0 if place in common else 255) < 0 < doubt(lambda place: 0 if place in rare else 255)
    assert doubt(lambda place: 0 if place in heard else 255) == 0.0


def test_the_sentence_around_a_stretch():
    text = "前一句。系数越大，学得越快；后一句"
    assert text[slice(*around(text, (5, 6), SENTENCE_END))] == "系数越大，学得越快"
    assert text[slice(*around(text, (0, 12), SENTENCE_END))] == "前一句。系数越大，学得越快"


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=lambda q: q.id)
def test_a_reference_answer_is_not_doubted(question):
    for text in filter(None, (question.answer, question.brief)):
        plain, doubted = grade(question, text, doubting=False), grade(question, text)
        assert [p.status for p in doubted.points] == [p.status for p in plain.points]


def test_a_sentence_is_heard_as_one_about_the_point_found_in_it(monkeypatch):
    question = QUESTIONS["lora_principle"]
    heard = []
    deaf = replace(learnt(), threshold=float("inf"))
    monkeypatch.setattr(Stance, "doubt", lambda _, *of: heard.append(of) or 0.0)
    monkeypatch.setattr("quizapp.study.grading.grader.learnt", lambda: deaf)
    found = {point.id for point in grade(question, question.answer, doubting=False).points if point.span}
    grade(question, question.answer)
    assert {asked for asked, *_ in heard} == {question.id}
    assert len({point for _, point, _ in heard} & found) > 3
    assert {point for _, point, _ in heard} <= found
    assert len({sentence for *_, sentence in heard}) > 1


def test_a_doubt_takes_the_credit_says_so_and_can_be_overruled(monkeypatch):
    question = QUESTIONS["lora_principle"]
    said = "LoRA 冻结原来的权重，只训练两个低秩的矩阵"
    before = grade(question, said)
    hit = next(point for point in before.points if point.status is Status.HIT)
    certain = replace(learnt(), bias=100.0, threshold=0.0)
    monkeypatch.setattr("quizapp.study.grading.grader.learnt", lambda: certain)
    doubted = grade(question, said).point(hit.id)
    assert doubted.status is Status.OPPOSITE
    assert doubted.matched == said
    assert "没有把握" in doubted.reason
