"""Learn `quizapp/study/grading/stance.bin` anew: `python benchmarks/train_stance.py` (`make stance`). Needs PyTorch.

From the sentences of tests/bank/contradictions.yaml, tests/grading/claims and tests/grading/plain, which are right or wrong of a point,
the reference answers, and what the keywords find in the answers for tuning. Never from `held_out` and `independent` answers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import torch
from grading import Sample, claims, load_samples, plain, questions

from question_bank.models import ShortAnswer
from question_bank.yaml_text import parse
from quizapp.study.grading import Status, grade
from quizapp.study.grading.reading import SENTENCE_END, around
from quizapp.study.grading.stance import BITS, LEARNT, Stance, pieces, store

TESTS = Path(__file__).resolve().parent.parent / "tests"
L2 = 3e-6
STEPS = 60
THRESHOLD = 0.4
"""Chosen on answers that it had not learnt from: the table in docs/grading.md. Lower, it lets fewer wrong points pass and doubts more right ones."""
SURE = 3
"""So often counts a sentence of a reference answer, which must not be doubted."""
LARGEST, RAREST = 127, 255
Row = tuple[str, str, str, bool]
"""Question, point (empty: none in particular), sentence, whether it says something the wrong way round."""


def sentences(bank: dict[str, ShortAnswer]) -> Iterator[Row]:
    """The labelled sentences, and those of the reference answers."""
    yield from ((question_id, point, text, not is_right) for question_id, point, is_right, text in claims())
    yield from ((question_id, point, text, False) for question_id, point, text in plain("learnt"))
    contradictions = parse((TESTS / "bank/contradictions.yaml").read_text(encoding="utf-8"))
    for question in bank.values():
        said = contradictions.get(question.id, {"wrong": {}, "right": []})
        yield from ((question.id, point, text, True) for point, texts in said["wrong"].items() for text in texts)
        for text in (*said["right"], question.answer, question.brief or ""):
            yield from ((question.id, "", part, False) for part in re.split(r"[。；\n]", text) if len(part) > 3)
            for _ in range(SURE):
                yield from ((question.id, point, sentence, False) for point, sentence in located(question, text))


def located(question: ShortAnswer, text: str) -> Iterator[tuple[str, str]]:
    """The points that keywords and patterns find in `text`, each with the sentence it stands in."""
    for point in grade(question, text, doubting=False).points:
        if point.span:
            yield point.id, text[slice(*around(text, point.span, SENTENCE_END))]


def found(samples: Iterable[Sample], bank: dict[str, ShortAnswer]) -> Iterator[Row]:
    """What is found in `samples`, with its label."""
    for sample in samples:
        for point, sentence in located(bank[sample.question], sample.text):
            label = sample.first.points[point]
            if label is not Status.MISSED:
                yield sample.question, point, sentence, label is Status.OPPOSITE


def rarities(places: Sequence[Sequence[int]]) -> torch.Tensor:
    """The inverse document frequency of every place (2^BITS,) uint8: `RAREST` where no sentence has a piece."""
    have = torch.bincount(torch.tensor([place for of in places for place in of]), minlength=1 << BITS)
    return (RAREST * (1 - torch.log1p(have) / math.log(len(places)))).clamp_min(0).round().to(torch.uint8)


def inputs(places: Sequence[Sequence[int]], rarity: torch.Tensor) -> torch.Tensor:
    """A row per sentence: the rarities of its pieces, of length one together. Sparse (N, 2^BITS)."""
    row = torch.repeat_interleave(torch.arange(len(places)), torch.tensor([len(of) for of in places]))
    column = torch.tensor([place for of in places for place in of])
    counts = rarity[column].float()
    sizes = torch.zeros(len(places)).index_add(0, row, counts.square()).sqrt().clamp_min(1)
    return torch.sparse_coo_tensor(torch.stack([row, column]), counts / sizes[row], (len(places), 1 << BITS)).coalesce()


def learn(rows: Sequence[Row]) -> tuple[torch.Tensor, torch.Tensor, float]:
    """Weights, rarities and bias of a logistic regression, wrong and right rows weighing the same together."""
    places = [pieces(question, point, text) for question, point, text, _ in rows]
    rarity = rarities(places)
    told = inputs(places, rarity)
    wrong = torch.tensor([float(is_wrong) for *_, is_wrong in rows])
    weigh = torch.where(wrong > 0, 0.5 / wrong.mean(), 0.5 / (1 - wrong.mean()))
    weights, bias = torch.zeros(1 << BITS, 1, requires_grad=True), torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights, bias], max_iter=STEPS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        logits = torch.sparse.mm(told, weights).squeeze(1) + bias
        error = torch.nn.functional.binary_cross_entropy_with_logits(logits, wrong, weight=weigh)
        total = error + L2 * weights.square().sum()
        total.backward()
        return total

    optimizer.step(loss)
    return weights.detach().squeeze(1), rarity, float(bias.detach())


def packed(weights: torch.Tensor, rarity: torch.Tensor, bias: float, known: Iterable[str]) -> Stance:
    """The model in whole bytes."""
    scale = float(weights.abs().max()) / LARGEST
    return Stance(frozenset(known), (weights / scale).round().int().tolist(), rarity.tolist(), scale, bias, THRESHOLD)


def main() -> None:
    bank = questions()
    rows = [*sentences(bank), *found((sample for sample in load_samples() if sample.part == "tuning"), bank)]
    store(packed(*learn(rows), bank))
    wrong = sum(is_wrong for *_, is_wrong in rows)
    print(f"错话 {wrong} 句，对话 {len(rows) - wrong} 句；{LEARNT.name} {LEARNT.stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
