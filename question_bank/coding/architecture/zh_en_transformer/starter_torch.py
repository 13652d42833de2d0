"""中译英 Transformer：补全四个函数。题面写明了形状、dtype 与评分方法。"""

import torch
from torch import nn


class TranslationModel(nn.Module):
    """编码器-解码器 Transformer。"""

    def __init__(self, src_vocab_size: int, tgt_vocab_size: int, pad_id: int) -> None:
        super().__init__()
        self.pad_id = pad_id
        # TODO: 词嵌入、位置编码、编码器、解码器、输出层

    def forward(self, src: torch.Tensor, tgt: torch.Tensor) -> torch.Tensor:
        """src (B, S) 与 tgt (B, T) 为 int64；返回 logits (B, T, tgt_vocab_size)。"""
        # TODO: 源句填充掩码、因果掩码、前向
        raise NotImplementedError("TODO: forward")


def build_model(src_vocab_size, tgt_vocab_size, pad_id):
    """返回未训练的模型。"""
    return TranslationModel(src_vocab_size, tgt_vocab_size, pad_id)


def train(model, src, tgt, pad_id):
    """就地训练；返回每个 epoch 的平均损失。"""
    # TODO: 打乱、分批；输入 tgt[:, :-1]，目标 tgt[:, 1:]；忽略 pad_id
    raise NotImplementedError("TODO: train")


def translate(model, src, bos_id, eos_id, max_len):
    """解码；返回 int64 张量 (B, L)，L 不超过 max_len，不含 BOS。"""
    # TODO: 逐步解码
    raise NotImplementedError("TODO: translate")


def corpus_bleu(hypotheses, references):
    """语料级 BLEU-4，0 到 100。references[i] 是第 i 句的参考译文列表。"""
    # TODO: 截断计数、四阶精确率、过短惩罚
    raise NotImplementedError("TODO: corpus_bleu")
