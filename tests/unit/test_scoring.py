"""One scoring rule for each type: what earns everything, what earns nothing, and that more wrong never earns more."""

import random
from itertools import permutations
from statistics import mean

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from question_bank.loader import load_bank
from question_bank.models import Cloze, MultipleChoice, Numeric, Ordering, SingleChoice, TrueFalse
from question_bank.numeric import answer as right_number
from quizapp.study.scoring import draw, drawn, score, shuffled, suggested_rating

BANK = load_bank()


def of(kind):
    return [question for question in BANK.theory if isinstance(question, kind)]


def ids(question):
    return [option.id for option in question.options]


def right(question, values):
    match question:
        case Cloze():
            return [texts[0] for texts in question.blanks]
        case Ordering():
            return list(question.items)
        case Numeric():
            return f"{right_number(question, values)!r}{question.unit}"
        case _:
            return question.correct


CLOSED = [question for question in BANK.theory if question.type != "short_answer"]


@pytest.mark.parametrize("question", CLOSED, ids=lambda question: question.id)
def test_the_right_answer_earns_everything_and_none_earns_nothing(question):
    values = draw(question, random.Random(1)).values if isinstance(question, Numeric) else {}
    full, empty = score(question, right(question, values), values), score(question, None, values)
    assert (full.score, full.correct, full.suggested_rating) == (100, True, 3)
    assert (empty.score, empty.correct, empty.suggested_rating) == (0, False, 1)
    assert all(part.right for part in full.parts)


@given(st.data())
def test_a_multiple_choice_is_right_picks_less_wrong_ones(data):
    question = data.draw(st.sampled_from(of(MultipleChoice)))
    picked = data.draw(st.sets(st.sampled_from(ids(question))))
    scored, correct = score(question, sorted(picked), {}), set(question.correct)
    assert scored.score == pytest.approx(100 * max(0, len(picked & correct) - len(picked - correct)) / len(correct), abs=0.05)
    for wrong in set(ids(question)) - correct - picked:
        assert score(question, sorted(picked | {wrong}), {}).score <= scored.score
    for missing in correct - picked:
        assert score(question, sorted(picked | {missing}), {}).score >= scored.score
    assert {part.id: part.right for part in scored.parts} == {
        name: (name in picked) == (name in correct) for name in ids(question)
    }


def test_picking_everything_earns_nothing_where_half_are_wrong():
    for question in of(MultipleChoice):
        right_ones, wrong_ones = len(question.correct), len(question.options) - len(question.correct)
        assert score(question, ids(question), {}).score == pytest.approx(
            100 * max(0, right_ones - wrong_ones) / right_ones, abs=0.05
        )


def test_a_single_choice_and_a_judgement_know_no_half():
    for question in of(SingleChoice):
        assert [score(question, name, {}).score for name in ids(question)].count(100) == 1
        assert score(question, ids(question), {}).score == 0
    for question in of(TrueFalse):
        assert score(question, not question.correct, {}).score == 0
        assert score(question, "对" if question.correct else "错", {}).score == 100


@given(st.data())
def test_an_order_earns_by_pairs_and_guessing_earns_little(data):
    question = data.draw(st.sampled_from(of(Ordering)))
    order = data.draw(st.permutations(question.items))
    place = {item: number for number, item in enumerate(order)}
    pairs = [(a, b) for n, a in enumerate(question.items) for b in question.items[n + 1 :]]
    good = sum(place[a] < place[b] for a, b in pairs)
    assert score(question, order, {}).score == pytest.approx(max(0, 100 * (2 * good - len(pairs)) / len(pairs)), abs=0.05)
    assert score(question, order[:-1], {}).score == 0
    assert score(question, [*order[:-1], order[0]], {}).score == 0


def test_the_reverse_order_is_worth_nothing_and_chance_is_worth_little():
    question = min(of(Ordering), key=lambda one: len(one.items))
    assert score(question, list(reversed(question.items)), {}).score == 0
    assert mean(score(question, order, {}).score for order in permutations(question.items)) < 25


@given(st.data())
def test_blanks_count_each_for_itself_and_spelling_does_not_matter(data):
    question = data.draw(st.sampled_from(of(Cloze)))
    filled = [data.draw(st.sampled_from([*texts, "别的", ""])) for texts in question.blanks]
    styled = [f" {text.upper()} " if data.draw(st.booleans()) else text for text in filled]
    hits = sum(text in texts for text, texts in zip(filled, question.blanks, strict=True))
    assert score(question, styled, {}).score == pytest.approx(100 * hits / len(question.blanks), abs=0.05)


@given(st.sampled_from(of(Numeric)), st.integers(0, 10_000), st.floats(-3, 3))
def test_a_number_counts_within_its_tolerance_and_not_outside(question, seed, off):
    put = draw(question, random.Random(seed))
    assume(abs(abs(off) - 1) > 1e-6)
    said = put.answer * (1 + off * question.tolerance)
    scored = score(question, f"{said:.17g} {question.unit}", put.values)
    assert scored.score == (100 if abs(off) < 1 else 0)
    assert scored.worked == put.worked


@given(st.sampled_from(of(Numeric)), st.integers(0, 10_000))
def test_another_unit_is_the_same_number(question, seed):
    put = draw(question, random.Random(seed))
    for unit, factor in question.unit_factors.items():
        assert score(question, f"约 {put.answer / factor:.17g}{unit}", put.values).score == 100
    assert score(question, f"{put.answer:.17g}*2/2 {question.unit}", put.values).score == 100


@pytest.mark.parametrize("power", ["{}*2**10/1024", "{} * 2 ** 10 / 2^10", "{}*(1+1)**(-1)*2"])
def test_a_power_is_no_bold_type(power):
    question = of(Numeric)[0]
    put = draw(question, random.Random(0))
    assert score(question, power.format(f"{put.answer:.17g}"), put.values).score == 100


@given(st.sampled_from(of(Numeric)), st.integers(0, 10_000))
def test_numbers_drawn_before_can_be_had_again(question, seed):
    put = draw(question, random.Random(seed))
    assert drawn(question, put.values) == put == draw(question, random.Random(seed))


def test_numbers_are_new_each_time():
    for question in of(Numeric):
        assert len({draw(question, random.Random(seed)).prompt for seed in range(40)}) > 2, question.id


TYPED = st.text(alphabet="0123456789.,-+e*×^/() 万亿%GMB约=", max_size=20)
"""What fingers make of numbers."""


@given(st.sampled_from(of(Numeric)), st.text(max_size=40) | TYPED)
@example(of(Numeric)[0], "-")
@example(of(Numeric)[0], "1e999")
@example(of(Numeric)[0], "9" * 400)
def test_any_text_is_scored_or_answered_with_a_sentence(question, text):
    put = draw(question, random.Random(0))
    scored = score(question, text, put.values)
    assert scored.score in (0, 100)
    assert scored.message or scored.score == 100


@given(st.lists(st.integers(), unique=True, max_size=12), st.integers())
def test_shuffling_loses_nothing_and_can_be_had_again(items, seed):
    mixed = shuffled(items, seed)
    assert sorted(mixed) == sorted(items)
    assert mixed == shuffled(items, seed)


def test_orders_differ_between_seeds():
    assert len({shuffled("ABCD", seed) for seed in range(100)}) > 20


@given(st.floats(0, 100), st.floats(0, 100))
def test_a_better_score_never_suggests_a_worse_rating(one, other):
    low, high = sorted([one, other])
    assert 1 <= suggested_rating(low) <= suggested_rating(high) <= 3
