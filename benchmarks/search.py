"""Loading and searching a big bank: `python benchmarks/search.py [--questions 10000]`.

A bank of that size is written to a temporary folder, read once from its YAML and again from its compiled form, in the same run;
then queries of every kind are timed, also key by key as somebody types them. Times are CPU times of one thread, so that a busy
machine does not count.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from pathlib import Path

WORDS = """
注意力 缩放 大模型 训练 推理 显存 量化 微调 对齐 奖励 检索 重排 分块 评测 困惑度 数据 清洗 去重 多模态 扩散 法规 隐私 成本 卷积
归一化 残差 位置编码 掩码 解码 采样 温度 并行 流水线 梯度 优化器 学习率 蒸馏 剪枝 路由 专家 缓存 前缀 工具 记忆 规划 反思 幻觉
""".split()  # noqa: SIM905
LATIN = """
transformer attention lora qlora rlhf ppo dpo grpo kv cache vllm rope gqa mqa moe bert gpt bleu rouge clip vit gan vae adam
""".split()  # noqa: SIM905
QUERIES = {
    "汉字": ["注意力", "大模型", "的"],
    "全拼": ["zhuyili", "damoxing"],
    "首字母": ["zyl", "dmx"],
    "English": ["transformer", "kv cache"],
    "两个词": ["注意力 缩放", "显存 lora"],
    "拼错": ["transfomer", "注一力", "训连"],
    "没有": ["qqqqzzzz", "完全没有的东西"],
}


def write_bank(root: Path, count: int) -> None:
    from question_bank.loader import ROOT, load_bank

    rng = random.Random(0)
    (root / "topics.yaml").write_bytes((ROOT / "topics.yaml").read_bytes())
    originals = [load_bank().file(question.id).read_text(encoding="utf-8") for question in load_bank().theory]
    for number in range(count):
        lines = rng.choice(originals).split("\n")
        topic = next(line.removeprefix("topic: ") for line in lines if line.startswith("topic: "))
        title = f"{''.join(rng.choices(WORDS, k=3))} {rng.choice(LATIN)} {rng.choice(WORDS)} {number}"
        text = "\n".join(
            f"id: q{number}" if line.startswith("id: ") else f"title: {title}" if line.startswith("title: ") else line
            for line in lines
        )
        folder = root / "theory" / topic
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"q{number}.yaml").write_text(text, encoding="utf-8")


def seconds(action, times: int = 5) -> float:
    taken = []
    for _ in range(times):
        start = time.process_time()
        action()
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def loading(root: Path, count: int) -> None:
    from question_bank.loader import load_bank

    cold = seconds(lambda: load_bank(root), 1)
    warm = seconds(lambda: load_bank(root))
    everything = seconds(lambda: load_bank(root).questions, 3)
    print(f"| 加载 {count} 道题 | CPU 秒 | 与读 YAML 之比 |\n|---|---|---|")
    for name, value in (("读 YAML 并编译", cold), ("读编译后的题库", warm), ("读编译后的题库并建出每一道题", everything)):
        print(f"| {name} | {value:.3f} | {value / cold:.4f} |")


def searching(root: Path) -> None:
    from question_bank.loader import load_bank

    bank = load_bank(root)
    first = seconds(lambda: bank.search("第一次"), 1)
    print(
        f"\n第一次搜索（展开索引）：{first * 1000:.0f} ms\n\n| 查询 | 结果 | 中位数 CPU ms | 最大 | 逐键最大 |\n|---|---|---|---|---|"
    )
    for kind, queries in QUERIES.items():
        for query in queries:
            bank.search(query)
            taken = [seconds(lambda q=query: bank.search(q), 1) for _ in range(15)]
            keys = max(seconds(lambda q=query, n=n: bank.search(q[:n]), 3) for n in range(1, len(query) + 1))
            cells = (f"{statistics.median(taken) * 1000:.1f}", f"{max(taken) * 1000:.1f}", f"{keys * 1000:.1f}")
            print(f"| {kind} `{query}` | {len(bank.search(query))} | {' | '.join(cells)} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=10_000)
    count = parser.parse_args().questions
    with tempfile.TemporaryDirectory() as folder:
        os.environ["QUIZAPP_CACHE"] = str(Path(folder) / "cache")
        root = Path(folder) / "bank"
        root.mkdir()
        write_bank(root, count)
        loading(root, count)
        searching(root)


if __name__ == "__main__":
    main()
