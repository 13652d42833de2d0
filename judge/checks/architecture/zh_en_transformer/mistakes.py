"""What well-known wrong implementations compute, so that a wrong result can be recognised and named."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from judge.checks.architecture.zh_en_transformer import oracle
from judge.checks.architecture.zh_en_transformer.oracle import Counts, Decoded, Forward, Ids, Tokens


def bleu(hypotheses: Sequence[Tokens], references: Sequence[Sequence[Tokens]]) -> dict[str, float]:
    """Corpus BLEU with one thing wrong."""
    right, first = oracle.count(hypotheses, references), [known[:1] for known in references]
    free, every = unclipped(hypotheses, references), merged(hypotheses, references)
    return {
        "没有乘过短惩罚（brevity penalty）": 100 * oracle.geometric(right),
        "没有截断计数：重复的词被当成多次命中": score(free),
        "各句先算 BLEU 再取平均：应先在整个语料上累加命中数与总数": sentence_mean(hypotheses, references),
        "返回的是 0 到 1 的小数，应乘 100": score(right) / 100,
        "四个精确率取了算术平均，应取几何平均": 100 * penalty(right) * arithmetic(right),
        "只用了第一条参考译文": score(oracle.count(hypotheses, first)),
        "把几条参考译文的次数加在一起截断：应取各参考中的最大次数": score(every),
        "过短惩罚用了最长的参考长度，应取与译文最接近的": with_length(hypotheses, references, right, max),
        "过短惩罚用了最短的参考长度，应取与译文最接近的": with_length(hypotheses, references, right, min),
        "只算了一元精确率": 100 * penalty(right) * right.hits[0] / right.totals[0],
        "过短惩罚写反了：指数应是 1 - r / c": 100 * inverted(right) * oracle.geometric(right),
        "译文长于参考也罚了：c ≥ r 时因子是 1": 100
        * math.exp(1 - right.reference_length / right.length)
        * oracle.geometric(right),
    }


def score(counts: Counts) -> float:
    """BLEU of the given counts."""
    return 100 * penalty(counts) * oracle.geometric(counts) if all(counts.hits) else 0.0


def penalty(counts: Counts) -> float:
    """The right brevity penalty."""
    return oracle.brevity(counts.length, counts.reference_length)


def inverted(counts: Counts) -> float:
    """c and r exchanged."""
    return math.exp(1 - counts.length / counts.reference_length) if counts.length < counts.reference_length else 1.0


def arithmetic(counts: Counts) -> float:
    """The arithmetic mean of the precisions."""
    return float(np.mean([hit / total for hit, total in zip(counts.hits, counts.totals, strict=True)]))


def unclipped(hypotheses: Sequence[Tokens], references: Sequence[Sequence[Tokens]]) -> Counts:
    """Every n-gram that occurs in a reference at all is a hit, however often it is repeated."""
    right, hits = oracle.count(hypotheses, references), [0, 0, 0, 0]
    for hypothesis, known in zip(hypotheses, references, strict=True):
        for order in oracle.ORDERS:
            there = {gram for reference in known for gram in oracle.ngrams(reference, order)}
            hits[order - 1] += sum(times for gram, times in oracle.ngrams(hypothesis, order).items() if gram in there)
    return Counts(tuple(hits), right.totals, right.length, right.reference_length)


def merged(hypotheses: Sequence[Tokens], references: Sequence[Sequence[Tokens]]) -> Counts:
    """Clipped by the sum over the references instead of the maximum."""
    right, hits = oracle.count(hypotheses, references), [0, 0, 0, 0]
    for hypothesis, known in zip(hypotheses, references, strict=True):
        for order in oracle.ORDERS:
            together: Counter[tuple[str, ...]] = sum((oracle.ngrams(r, order) for r in known), Counter())
            hits[order - 1] += sum((oracle.ngrams(hypothesis, order) & together).values())
    return Counts(tuple(hits), right.totals, right.length, right.reference_length)


def sentence_mean(hypotheses: Sequence[Tokens], references: Sequence[Sequence[Tokens]]) -> float:
    """The mean of sentence BLEUs."""
    return float(np.mean([oracle.bleu([h], [known]) for h, known in zip(hypotheses, references, strict=True)]))


def with_length(hypotheses, references, right: Counts, choose) -> float:
    """Another choice of reference length."""
    other = sum(choose(map(len, known)) for known in references)
    return score(Counts(right.hits, right.totals, sum(map(len, hypotheses)), other))


def causality(depends: NDArray[np.bool_]) -> str | None:
    """The name of a wrong causal mask, from which output (row) depends on which target token (column)."""
    size = len(depends)
    if depends.all():
        return "没有因果掩码：每个位置都看得到后面所有的词"
    if np.array_equal(depends, np.triu(np.ones((size, size), bool))):
        return "因果掩码反了：位置 t 看得到后面的词，看不到前面的（nn.Transformer 的 bool 掩码里 True 表示遮住）"
    if any(np.array_equal(depends, np.tri(size, size, offset, dtype=bool)) for offset in range(1, size - 1)):
        return "因果掩码错开了一格：位置 t 看得到 t+1，正是它要预测的词；检查 triu / tril 的 diagonal"
    return None


def decoding(forward: Forward, src: Ids, bos: int, eos: int, max_len: int, right: Decoded) -> dict[str, list[tuple[int, ...]]]:
    """What wrong decoding loops return, each row cut at its first end."""
    first_end = min((row.index(eos) for row in right.tokens.tolist() if eos in row), default=max_len)
    unending = oracle.greedy(forward, src, bos, None, max_len).tokens
    shown = {
        "返回的译文带着开头的 BOS：去掉第一列": np.concatenate([np.full((len(src), 1), bos, np.int64), right.tokens], 1),
        "译文少了第一个词：去掉 BOS 之后又多去了一列": right.tokens[:, 1:],
        "第一句出了 EOS 就全部停下：要等每一句都出过 EOS（all，不是 any）": right.tokens[:, : first_end + 1],
        "少解码了一个 token：max_len 不含 BOS": right.tokens[:, : max_len - 1],
        "每步只喂最后一个 token：前面译出的词没有给解码器": without_history(forward, src, bos, eos, max_len),
        "每步取的是第一个位置的 argmax，应取最后一个位置": first_position(forward, src, bos, max_len),
        "没有从 BOS 开始解码": oracle.greedy(forward, src, eos, eos, max_len).tokens,
    }
    found = {sentence: oracle.cut(rows, eos) for sentence, rows in shown.items()}
    dropped = [tuple(token for token in row if token != eos) for row in unending.tolist()]
    return found | {"EOS 没有起作用：出了 EOS 还接着往下译，EOS 又被删掉了": dropped}


def without_history(forward: Forward, src: Ids, bos: int, eos: int, max_len: int) -> Ids:
    """The decoder is given the last token alone."""
    last, out = np.full((len(src), 1), bos, np.int64), []
    for _ in range(max_len):
        last = forward(src, last)[:, -1:].argmax(-1)
        out.append(last)
    del eos
    return np.concatenate(out, 1)


def first_position(forward: Forward, src: Ids, bos: int, max_len: int) -> Ids:
    """The prediction after BOS, over and over."""
    once = forward(src, np.full((len(src), 1), bos, np.int64))[:, :1].argmax(-1)
    return np.repeat(once, max_len, 1)
