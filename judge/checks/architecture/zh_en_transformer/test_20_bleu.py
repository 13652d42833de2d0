"""corpus_bleu against the judge's own, on sentences made for the purpose. Every case has matches of all four orders."""

import numpy as np

from judge.checks.architecture.zh_en_transformer import mistakes, oracle

WORDS = [
    "the",
    "a",
    "cat",
    "dog",
    "sees",
    "likes",
    "small",
    "old",
    "house",
    "tree",
    "in",
    "on",
    "and",
    "is",
    "not",
    "very",
    ".",
]
TOLERANCE = 0.1


def sentence(rng, length):
    """Random words; frequent ones repeat."""
    weights = 1.0 / np.arange(1, len(WORDS) + 1)
    return [str(word) for word in rng.choice(WORDS, length, p=weights / weights.sum())]


def noisy(rng, tokens, rate):
    """Some words replaced."""
    return [str(rng.choice(WORDS)) if rng.random() < rate else token for token in tokens]


def compare(submission, check, hypotheses, references):
    """The learner's value beside the judge's; of the wrong values that are known the nearest gives its name."""
    value, right = submission.call("corpus_bleu", hypotheses, references), oracle.bleu(hypotheses, references)
    check.returned(value is not None, "corpus_bleu 返回的是 None：是不是漏了 return")
    known = {name: wrong for name, wrong in mistakes.bleu(hypotheses, references).items() if abs(wrong - right) > TOLERANCE}
    told = float(value) if isinstance(value, (int, float)) or (isinstance(value, np.ndarray) and value.shape == ()) else right
    nearest = dict(sorted(known.items(), key=lambda item: abs(item[1] - told)))
    check.close(value, right, rtol=0, atol=TOLERANCE, name="BLEU ", mistakes=nearest)


def test_corpus(submission, rng, check):
    """一条参考：命中数与总数在整个语料上累加，四阶几何平均。"""
    lengths = [
        int(rng.integers(11, 15)) if i % 3 else 6 for i in range(30)
    ]  # the short ones are bad: a mean over sentences shows
    references = [[[str(word) for word in rng.permutation(WORDS)[:length]]] for length in lengths]
    hypotheses = [unlike(rng, known[0], 0.1 if i % 3 else 0.8) for i, known in enumerate(references)]
    compare(submission, check, hypotheses, references)


def unlike(rng, tokens, rate):
    """Some words replaced by words of no reference, each of another: nothing is repeated, so clipping does not show."""
    return [f"x{i}" if rng.random() < rate else token for i, token in enumerate(tokens)]


def test_repeated_words(submission, rng, check):
    """截断计数：译文里反复出现的词，命中次数不超过参考中的次数。"""
    references = [[sentence(rng, 8)] for _ in range(20)]
    hypotheses = [known[0][:5] + [known[0][4]] * 3 + known[0][4:] for known in references]
    compare(submission, check, hypotheses, references)


def test_short_translations(submission, rng, check):
    """过短惩罚：译文比参考短，精确率再高也要扣分。"""
    references = [[sentence(rng, int(length))] for length in rng.integers(8, 12, 20)]
    hypotheses = [known[0][: len(known[0]) - int(rng.integers(2, 4))] for known in references]
    compare(submission, check, hypotheses, references)


def test_long_and_short_translations(submission, rng, check):
    """过短惩罚是整个语料的：长的译文补得上短的，总长够了就不罚。"""
    references = [[sentence(rng, int(length))] for length in rng.integers(8, 12, 20)]
    hypotheses = [known[0] + sentence(rng, 3) if i % 2 else known[0][:-2] for i, known in enumerate(references)]
    compare(submission, check, hypotheses, references)


def test_several_references(submission, rng, check):
    """多条参考：每个 n 元组按各参考中的最大次数截断；参考长度取最接近译文的，一样近时取短的。"""
    references, hypotheses = [], []
    for i, length in enumerate(rng.integers(7, 12, 24)):
        base = sentence(rng, int(length))
        more, fewer = (3, 4) if i % 2 else (2, 2)  # the nearest is now the longer one, now one of two that are as near
        longer, shorter = [*noisy(rng, base, 0.3), *["very"] * more], noisy(rng, base, 0.3)[:-fewer]
        longest = noisy(rng, base, 0.5) + sentence(rng, 4)
        references.append([longer, shorter, longest] if i % 3 else [longest, longer, shorter])
        hypotheses.append([*noisy(rng, base[:-3], 0.05), *[base[0]] * 3])  # as long as before, and repetitive
    compare(submission, check, hypotheses, references)


def test_short_and_empty_sentences(submission, rng, check):
    """语料里有空译文、不足四个词的译文：照样累加，不抛异常。"""
    references = [[sentence(rng, 9)] for _ in range(15)]
    hypotheses = [noisy(rng, known[0], 0.15) for known in references]
    hypotheses[3], hypotheses[7] = [], references[7][0][:2]
    compare(submission, check, hypotheses, references)


def test_nothing_matches(submission, check):
    """没有任何命中，或译文全空：返回 0。"""
    for hypotheses in ([["x", "y", "z", "w", "v"]] * 3, [[]] * 3):
        value = submission.call("corpus_bleu", hypotheses, [[["a", "b", "c", "d", "e"]]] * 3)
        check.close(value, 0.0, rtol=0, atol=TOLERANCE, name="BLEU", diagnosis="没有命中时应返回 0")
