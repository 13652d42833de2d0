"""What well-known wrong implementations compute, so that a wrong result can be recognised and named."""

from __future__ import annotations

import math
import operator
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from judge.checks.architecture.zh_en_transformer import oracle
from judge.checks.architecture.zh_en_transformer.oracle import Counts, Decoded, Forward, Ids, Tokens

PAD_LEARNT = "pad 也计入了损失：模型学会了在 EOS 之后输出 pad；CrossEntropyLoss 要传 ignore_index=pad_id"


def bleu(hypotheses: Sequence[Tokens], references: Sequence[Sequence[Tokens]]) -> dict[str, float]:
    """Corpus BLEU with one thing wrong."""
    right, first = oracle.count(hypotheses, references), [known[:1] for known in references]
    free, every = unclipped(hypotheses, references), merged(hypotheses, references)
    last, spelt = (
        [known[-1:] for known in references],
        ([" ".join(h) for h in hypotheses], [[" ".join(r) for r in known] for known in references]),
    )
    return {
        "过短惩罚用了最短的参考长度，应取与译文最接近的": with_length(hypotheses, references, right, min),
        "没有乘过短惩罚（brevity penalty）": 100 * oracle.geometric(right),
        "没有截断计数：重复的词被当成多次命中": score(free),
        "各句先算 BLEU 再取平均：应先在整个语料上累加命中数与总数": sentence_mean(hypotheses, references),
        "返回的是 0 到 1 的小数，应乘 100": score(right) / 100,
        "四个精确率取了算术平均，应取几何平均": 100 * penalty(right) * arithmetic(right),
        "只用了第一条参考译文": score(oracle.count(hypotheses, first)),
        "把几条参考译文的次数加在一起截断：应取各参考中的最大次数": score(every),
        "截断只看了第一条参考译文：应取各参考中的最大次数": score(_hits(right, oracle.count(hypotheses, first))),
        "截断只看了最后一条参考译文：应取各参考中的最大次数": score(_hits(right, oracle.count(hypotheses, last))),
        "过短惩罚用了第一条参考的长度，应取与译文最接近的": with_length(hypotheses, references, right, operator.itemgetter(0)),
        "过短惩罚用了最长的参考长度，应取与译文最接近的": with_length(hypotheses, references, right, max),
        "过短惩罚用了各参考的平均长度，应取与译文最接近的": with_length(hypotheses, references, right, np.mean),
        "两条参考一样近时取了较长的，应取较短的": tie_longer(hypotheses, references, right),
        "过短惩罚逐句算了：长度要先在整个语料上相加，再比较一次": clipped_lengths(hypotheses, references, right),
        "同一句里重复的 n 元组只算了一次：用了 set，应是 Counter": score(distinct(hypotheses, references)),
        "没有缺命中也平滑了：四阶都有命中时，命中数与总数不加 1": score(plus_one(right, 1)),
        "没有缺命中也平滑了：一元的命中数与总数也加了 1": score(plus_one(right, 0)),
        "不足 n 个词的译文给总数添了 1：它没有 n 元组，总数应加 0": score(at_least_one(hypotheses, right)),
        "不足 n 个词的译文给总数添了负数：n 元组的个数最少是 0": score(below_zero(hypotheses, right)),
        "总数数的是参考译文的 n 元组：精确率的分母应是译文的": score(recall(references, right)),
        "n 元组是按字符算的：译文已经是 token 列表，不要先连成字符串": oracle.bleu(*spelt),
        "只算了一元精确率": orders(right, 1),
        "只算到二元，应算到四元": orders(right, 2),
        "只算到三元，应算到四元": orders(right, 3),
        "只算到三元，却除以了 4": 100 * penalty(right) * oracle.geometric(right, 3) ** 0.75,
        "四个精确率连乘之后没有开四次方：对数的平均要除以 4": 100 * penalty(right) * oracle.geometric(right) ** 4,
        "过短惩罚用了 c / r，应是 exp(1 - r / c)": 100
        * min(1.0, right.length / right.reference_length)
        * oracle.geometric(right),
        "得到 0：有一阶的命中数始终是 0，检查是否从一元数到四元（range(1, 5)）": 0.0,
        "取了 log10，却用 exp 还原：对数与指数的底要相同": 100 * penalty(right) * oracle.geometric(right) ** (1 / math.log(10)),
        "取了 log2，却用 exp 还原：对数与指数的底要相同": 100 * penalty(right) * oracle.geometric(right) ** (1 / math.log(2)),
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
    other = sum(choose(list(map(len, known))) for known in references)
    return score(Counts(right.hits, right.totals, sum(map(len, hypotheses)), other))


def tie_longer(hypotheses, references, right: Counts) -> float:
    """The longer of two references that are as near."""
    pairs = zip(hypotheses, references, strict=True)
    other = sum(min((len(r) for r in known), key=lambda n: (abs(n - len(h)), -n)) for h, known in pairs)
    return score(Counts(right.hits, right.totals, right.length, other))


def clipped_lengths(hypotheses, references, right: Counts) -> float:
    """A sentence that is too long makes up for none that is too short."""
    pairs = zip(hypotheses, references, strict=True)
    length = sum(min(len(h), oracle.closest_length(len(h), [len(r) for r in known])) for h, known in pairs)
    return score(Counts(right.hits, right.totals, length, right.reference_length))


def distinct(hypotheses: Sequence[Tokens], references: Sequence[Sequence[Tokens]]) -> Counts:
    """Every n-gram of a sentence once."""
    right, hits, totals = oracle.count(hypotheses, references), [0, 0, 0, 0], [0, 0, 0, 0]
    for hypothesis, known in zip(hypotheses, references, strict=True):
        for order in oracle.ORDERS:
            grams = set(oracle.ngrams(hypothesis, order))
            hits[order - 1] += len(grams & {gram for reference in known for gram in oracle.ngrams(reference, order)})
            totals[order - 1] += len(grams)
    return Counts(tuple(hits), tuple(totals), right.length, right.reference_length)


def plus_one(right: Counts, start: int) -> Counts:
    """One more match and one more n-gram of every order from `start` on."""
    more = [
        (hit + (i >= start), total + (i >= start)) for i, (hit, total) in enumerate(zip(right.hits, right.totals, strict=True))
    ]
    return Counts(tuple(hit for hit, _ in more), tuple(total for _, total in more), right.length, right.reference_length)


def at_least_one(hypotheses: Sequence[Tokens], right: Counts) -> Counts:
    """A sentence too short for an n-gram counts as one."""
    return _totals(right, [sum(max(1, len(h) - order + 1) for h in hypotheses) for order in oracle.ORDERS])


def below_zero(hypotheses: Sequence[Tokens], right: Counts) -> Counts:
    """A sentence too short for an n-gram takes some away."""
    return _totals(right, [max(1, sum(len(h) - order + 1 for h in hypotheses)) for order in oracle.ORDERS])


def _totals(right: Counts, totals: list[int]) -> Counts:
    return Counts(right.hits, tuple(totals), right.length, right.reference_length)


def recall(references: Sequence[Sequence[Tokens]], right: Counts) -> Counts:
    """Totals of the first reference."""
    return _totals(right, [sum(max(0, len(known[0]) - order + 1) for known in references) for order in oracle.ORDERS])


def _hits(right: Counts, other: Counts) -> Counts:
    return Counts(other.hits, right.totals, right.length, right.reference_length)


def orders(right: Counts, highest: int) -> float:
    """The geometric mean of fewer precisions."""
    return 100 * penalty(right) * oracle.geometric(right, highest)


def causality(depends: NDArray[np.bool_]) -> str | None:
    """The name of a wrong causal mask, from which output (row) depends on which target token (column)."""
    size = len(depends)
    if depends.all():
        return (
            "没有因果掩码，或它不起作用，每个位置都看得到后面的词：掩码要在 softmax（最后一维）之前填 -inf；"
            "拆多头用 view(B, T, h, d).transpose(1, 2)，合并时先转回来；归一化不跨时间维"
        )
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
        "每步只喂最后一个 token：前面译出的词没有给解码器": without_history(forward, src, bos, max_len),
        "每步取的是第一个位置的 argmax，应取最后一个位置": first_position(forward, src, bos, max_len),
        "没有从 BOS 开始解码": oracle.greedy(forward, src, eos, eos, max_len).tokens,
        f"bos_id 写死成了 1：这次是 {bos}，要用传入的 bos_id": oracle.greedy(forward, src, 1, eos, max_len).tokens,
    }
    found = {sentence: oracle.cut(rows, eos) for sentence, rows in shown.items()}
    dropped = [tuple(token for token in row if token != eos) for row in unending.tolist()]
    return found | {"EOS 没有起作用：出了 EOS 还接着往下译，EOS 又被删掉了": dropped}


def likelier(forward: Forward, src: Ids, bos: int, got: list[tuple[int, ...]], greedy: list[tuple[int, ...]]) -> bool:
    """Where the rows differ from greedy decoding the model finds them more probable: a search was at work, not one step at a time."""
    differ = [i for i, (one, other) in enumerate(zip(got, greedy, strict=True)) if one and one != other]
    gains = [
        log_likelihood(forward, src[i : i + 1], bos, got[i]) > log_likelihood(forward, src[i : i + 1], bos, greedy[i])
        for i in differ
    ]
    return bool(gains) and sum(gains) > 0.7 * len(gains)  # twelve seeds: beam search 0.86 to 1, sampling 0 to 0.25


def endless(got: list[tuple[int, ...]], right: list[tuple[int, ...]], eos: int) -> bool:
    """The words are right, but their end was taken away."""
    pairs = [(one, wanted) for one, wanted in zip(got, right, strict=True) if wanted[-1] == eos]
    return bool(pairs) and all(eos not in one and one[: len(wanted) - 1] == wanted[:-1] for one, wanted in pairs)


def log_likelihood(forward: Forward, src: Ids, bos: int, row: tuple[int, ...]) -> float:
    """Of one translation."""
    inputs = np.asarray([[bos, *row[:-1]]], np.int64)
    chances = oracle.log_softmax(forward(src, inputs))[0]
    return float(chances[np.arange(len(row)), list(row)].sum())


def without_history(forward: Forward, src: Ids, bos: int, max_len: int) -> Ids:
    """The decoder is given the last token alone."""
    last, out = np.full((len(src), 1), bos, np.int64), []
    for _ in range(max_len):
        last = forward(src, last)[:, -1:].argmax(-1)
        out.append(last)
    return np.concatenate(out, 1)


def first_position(forward: Forward, src: Ids, bos: int, max_len: int) -> Ids:
    """The prediction after BOS, over and over."""
    once = forward(src, np.full((len(src), 1), bos, np.int64))[:, :1].argmax(-1)
    return np.repeat(once, max_len, 1)
