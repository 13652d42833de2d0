"""Learn `quizapp/study/grading/stance.bin` anew: `python benchmarks/train_stance.py` (`make stance`). Needs PyTorch.

From the sentences of tests/bank/contradictions.yaml and tests/grading/claims, which are right or wrong of a point, the reference
answers, and what the keywords find in the answers for tuning. Never from `held_out` and `independent` answers.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import torch
from grading import Sample, claims, load_samples, questions

from question_bank.models import ShortAnswer
from question_bank.yaml_text import parse
from quizapp.study.grading import Status, grade
from quizapp.study.grading.reading import SENTENCE_END, around
from quizapp.study.grading.stance import BITS, LEARNT, Stance, pieces, store

TESTS = Path(__file__).resolve().parent.parent / "tests"
L2 = 3e-6
STEPS = 60
THRESHOLD = 0.7
"""Chosen on answers that it had not learnt from: the table in docs/grading.md. Lower, it lets fewer wrong points pass and doubts more right ones."""
LARGEST, RAREST = 127, 255
Row = tuple[str, str, bool]
"""Question, sentence, whether it says something the wrong way round."""


def sentences(bank: dict[str, ShortAnswer]) -> Iterator[Row]:
    """The labelled sentences, and those of the reference answers."""
    singles: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for question_id, _, is_right, text in claims():
        singles[question_id, is_right].append(text)
    contradictions = parse((TESTS / "bank/contradictions.yaml").read_text(encoding="utf-8"))
    for question in bank.values():
        said = contradictions.get(question.id, {"wrong": {}, "right": []})
        wrong = [text for texts in said["wrong"].values() for text in texts] + singles[question.id, False]
        right = said["right"] + singles[question.id, True]
        right += [
            part for text in (question.answer, question.brief or "") for part in re.split(r"[。；\n]", text) if len(part) > 3
        ]
        yield from ((question.id, text, True) for text in wrong)
        yield from ((question.id, text, False) for text in right)


def found(samples: Iterable[Sample], bank: dict[str, ShortAnswer]) -> Iterator[Row]:
    """What keywords and patterns find in `samples`, with its label."""
    for sample in samples:
        for point in grade(bank[sample.question], sample.text, doubting=False).points:
            label = sample.first.points[point.id]
            if point.span and label is not Status.MISSED:
                sentence = sample.text[slice(*around(sample.text, point.span, SENTENCE_END))]
                yield sample.question, sentence, label is Status.OPPOSITE


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
    places = [pieces(question, text) for question, text, _ in rows]
    rarity = rarities(places)
    told = inputs(places, rarity)
    wrong = torch.tensor([float(row[2]) for row in rows])
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
    wrong = sum(is_wrong for _, _, is_wrong in rows)
    print(f"错话 {wrong} 句，对话 {len(rows) - wrong} 句；{LEARNT.name} {LEARNT.stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
