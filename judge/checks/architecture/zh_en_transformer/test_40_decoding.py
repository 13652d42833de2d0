"""translate against the judge's own greedy decoding of the same model: the untrained one, with an end token chosen so that rows end
at different steps. No training is needed to see whether the loop is right."""

from dataclasses import dataclass

import numpy as np
import pytest

from judge.checks.architecture.zh_en_transformer import mistakes, oracle
from judge.checks.architecture.zh_en_transformer.helpers import kind, sentences

BOS = 2
MAX_LEN = 8
CLEAR = 1e-3  # rows in which two tokens came closer than this are not compared: rounding may turn them round
SOME, MOST, FAIR = 0.2, 0.8, 10
STRENGTHS = (0.5, 1.0, 2.0, 4.0)
PADDED, WHOLE, POOL = 8, 16, 4  # sentences kept, out of so many times as many


@dataclass(frozen=True)
class Case:
    """Sources (S,7), the token that serves as their end, and how much they tell a right loop from a wrong one."""

    src: np.ndarray
    eos: int
    worth: float


@pytest.fixture(scope="module")
def case(probe, session_rng):
    """Sources whose translations change on the way, and an end that turns up in some of them only, at different steps. An untrained model
    may say the same word for ever (with shared embeddings it repeats its input), so its weights are shaken until it says something."""
    seeds = [int(session_rng.integers(2**32)) for _ in STRENGTHS]
    found = []
    for strength, seed in zip(STRENGTHS, seeds, strict=True):
        probe.shake(np.random.default_rng(seed), strength)
        found.append(telling(probe, session_rng))
        if found[-1].worth >= FAIR + 1:
            return found[-1]
    best = max(range(len(found)), key=lambda i: found[i].worth)
    probe.shake(np.random.default_rng(seeds[best]), STRENGTHS[best])
    return found[best]


def telling(probe, rng):
    """The best case of many random sentences, two of seven tokens padding in a third of them: those that a loop which never looks at
    what it said, or at its last word only, translates wrong."""
    src = sentences(rng, POOL * (PADDED + WHOLE), 7, probe.sizes.source, probe.sizes.pad)
    padded = np.arange(len(src)) % 3 == 0
    src[padded, -2:] = probe.sizes.pad
    free = oracle.greedy(probe.forward, src, BOS, None, MAX_LEN).tokens
    blind = (
        mistakes.first_position(probe.forward, src, BOS, MAX_LEN),
        mistakes.without_history(probe.forward, src, BOS, MAX_LEN),
    )
    differ = [(rows != free).any(1) for rows in blind]
    order = np.argsort(-np.sum(differ, 0), kind="stable")
    kept = np.concatenate([order[padded[order]][:PADDED], order[~padded[order]][:WHOLE]])
    eos = max(range(probe.sizes.target), key=lambda token: spread(free[kept], token))
    right = oracle.cut(free[kept], eos)
    told = [np.mean([one != other for one, other in zip(oracle.cut(rows[kept], eos), right, strict=True)]) for rows in blind]
    return Case(src[kept], eos, float(min(told) * spread(free[kept], eos)))


def spread(rows, token):
    """How many different steps the token first turns up at; `FAIR` more if it does so in some rows, and in none at once. Less, the
    further from half those rows are: a loop that cannot end is wrong in them, one that ends too early in the others."""
    if token == BOS:
        return -FAIR
    first = [row.index(token) for row in rows.tolist() if token in row]
    share = len(first) / len(rows)
    return len(set(first)) + FAIR * (SOME <= share <= MOST and 0 not in first) - FAIR * abs(share - 0.5)


def translated(submission, probe, check, src, eos, max_len):
    """What translate returns, once it is known to be of the agreed kind."""
    result = submission.call("translate", probe.model, src, BOS, eos, max_len)
    check.returned(
        isinstance(result, np.ndarray) and result.ndim == 2, f"translate 应返回 (B, L) 的张量，实际返回 {kind(result)}"
    )
    check.dtype(result, "int64", "译文")
    check.shape(result, (len(src), None), "译文")
    return result


@pytest.mark.parametrize("max_len", [1, 5])
def test_max_len(submission, probe, case, check, max_len):
    """返回 int64 的 (B, L)：没有句子出 EOS 时 L 正好是 max_len（不含 BOS）。"""
    src = case.src
    free = oracle.greedy(probe.forward, src, BOS, None, max_len).tokens
    unused = next(token for token in range(probe.sizes.target) if token != BOS and token not in free)
    length = translated(submission, probe, check, src, unused, max_len).shape[1]
    diagnosis = {
        max_len + 1: f"L 比 max_len 多 1：返回时要去掉开头的 BOS（得到 {length}，应为 {max_len}）",
        max_len - 1: f"少解码了一个 token：max_len 不含 BOS（得到 {length}，应为 {max_len}）",
    }.get(length, f"max_len={max_len} 时返回了 {length} 列")
    check.true(length == max_len, diagnosis)


def test_repeats(submission, probe, case, check):
    """翻译两次结果相同：translate 自己切到 eval 模式。"""
    src, eos = case.src, case.eos
    first, second = (translated(submission, probe, check, src, eos, MAX_LEN) for _ in range(2))
    same = first.shape == second.shape and np.array_equal(first, second)
    check.true(same, "同一批句子译了两次，结果不同：translate 开头漏了 model.eval()，dropout 还开着；或者是在采样")


def test_greedy(submission, probe, case, check):
    """贪心：每步取 argmax，与判题机对同一模型的逐步解码一致。"""
    src, eos = case.src, case.eos
    right = oracle.greedy(probe.forward, src, BOS, eos, MAX_LEN)
    got = oracle.cut(translated(submission, probe, check, src, eos, MAX_LEN), eos)
    wanted, clear = oracle.cut(right.tokens, eos), right.margin > CLEAR
    same = [g == w for g, w, sure in zip(got, wanted, clear, strict=True) if sure]
    share = float(np.mean(same)) if same else 1.0
    check.note_metric("与贪心解码一致的句子比例", share, ">=", 1.0)
    if share < 1.0:
        check.true(
            False,
            named(probe, src, eos, right, got)
            or "译文与逐步取 argmax 的结果不同：检查每步是否用全部已译出的词、取最后一个位置，源句与其中的 pad 是否原样传入",
        )


def named(probe, src, eos, right, got):
    """The wrong loop whose result this is."""
    known = mistakes.decoding(probe.forward, src, BOS, eos, MAX_LEN, right)
    alike = {sentence: float(np.mean([g == w for g, w in zip(got, rows, strict=True)])) for sentence, rows in known.items()}
    best = max(alike, key=lambda sentence: alike[sentence])
    if alike[best] > 0.95:
        return best
    if mistakes.endless(got, oracle.cut(right.tokens, eos), eos):
        return "译文里没有 EOS：第一个 EOS 本身也要返回，它之后填什么都可以"
    if mistakes.likelier(probe.forward, src, BOS, got, oracle.cut(right.tokens, eos)):
        return "译文比贪心解码的总概率更高：像是束搜索；这里要求贪心，每步只取 argmax"
    return None


def test_stops_when_all_have_ended(submission, probe, case, check):
    """所有句子都出过 EOS 就停：L 等于最长一句（含 EOS）的长度。"""
    src, eos = case.src, case.eos
    ended = [i for i, row in enumerate(oracle.greedy(probe.forward, src, BOS, eos, MAX_LEN).tokens.tolist()) if eos in row]
    if not ended:  # it says the same word for ever, however it is shaken: there is no end to wait for
        return
    some = src[ended]
    longest = max(map(len, oracle.cut(oracle.greedy(probe.forward, some, BOS, eos, MAX_LEN).tokens, eos)))
    length = translated(submission, probe, check, some, eos, 4 * MAX_LEN).shape[1]
    diagnosis = (
        f"每一句都出了 EOS 还在解码（返回 {length} 列，最长一句 {longest} 个 token）：记下哪些句子已经结束，全部结束就 break"
    )
    check.at_most("译文的列数", length, longest, diagnosis)
