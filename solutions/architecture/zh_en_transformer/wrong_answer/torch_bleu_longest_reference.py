"""The brevity penalty goes by the longest reference."""

import collections
import math

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Seq2Seq(nn.Module):
    def __init__(self, src_vocab, tgt_vocab, pad_id, width=64, heads=4, layers=2, dropout=0.1, longest=128):
        super().__init__()
        self.pad_id = pad_id
        self.source = nn.Embedding(src_vocab, width, padding_idx=pad_id)
        self.target = nn.Embedding(tgt_vocab, width, padding_idx=pad_id)
        self.source_position = nn.Parameter(torch.zeros(1, longest, width))
        self.target_position = nn.Parameter(torch.zeros(1, longest, width))
        nn.init.normal_(self.source.weight, std=0.1)
        nn.init.normal_(self.target.weight, std=0.1)
        common = {"nhead": heads, "dim_feedforward": 2 * width, "dropout": dropout, "batch_first": True, "norm_first": True}
        self.encoder = nn.TransformerEncoder(
            nn.TransformerEncoderLayer(width, activation="gelu", **common), layers, nn.LayerNorm(width), enable_nested_tensor=False
        )
        self.decoder = nn.TransformerDecoder(
            nn.TransformerDecoderLayer(width, activation="gelu", **common), layers, nn.LayerNorm(width)
        )
        self.head = nn.Linear(width, tgt_vocab)

    def forward(self, src, tgt):
        blank = src.eq(self.pad_id)
        memory = self.encoder(self.source(src) + self.source_position[:, : src.shape[1]], src_key_padding_mask=blank)
        future = nn.Transformer.generate_square_subsequent_mask(tgt.shape[1], device=tgt.device)
        hidden = self.decoder(
            self.target(tgt) + self.target_position[:, : tgt.shape[1]],
            memory,
            tgt_mask=future,
            memory_key_padding_mask=torch.zeros_like(blank, dtype=torch.float).masked_fill(blank, float("-inf")),
        )
        return self.head(hidden)


def build_model(src_vocab_size, tgt_vocab_size, pad_id):
    return Seq2Seq(src_vocab_size, tgt_vocab_size, pad_id)


def train(model, src, tgt, pad_id):
    loader = DataLoader(TensorDataset(src, tgt), batch_size=64, shuffle=True)
    epochs = 8
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, betas=(0.9, 0.98), weight_decay=0.01)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=epochs * len(loader), pct_start=0.2)
    criterion = nn.CrossEntropyLoss(ignore_index=pad_id, label_smoothing=0.05)
    curve = []
    for _ in range(epochs):
        model.train()
        running = 0.0
        for x, y in loader:
            x, y = x[:, : x.ne(pad_id).sum(1).max()], y[:, : y.ne(pad_id).sum(1).max()]
            optimizer.zero_grad(set_to_none=True)
            logits = model(x, y[:, :-1])
            loss = criterion(logits.reshape(-1, logits.size(-1)), y[:, 1:].reshape(-1))
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            scheduler.step()
            running += loss.item()
        curve.append(running / len(loader))
    return curve


@torch.inference_mode()
def translate(model, src, bos_id, eos_id, max_len):
    was_training = model.training
    model.eval()
    tokens = src.new_full((src.size(0), 1), bos_id)
    finished = torch.zeros(src.size(0), dtype=torch.bool, device=src.device)
    while tokens.size(1) <= max_len and not bool(finished.all()):
        nxt = model(src, tokens)[:, -1, :].argmax(dim=-1)
        nxt = torch.where(finished, torch.full_like(nxt, eos_id), nxt)
        finished = finished | nxt.eq(eos_id)
        tokens = torch.cat([tokens, nxt.unsqueeze(1)], dim=1)
    model.train(was_training)
    return tokens[:, 1:].clone()


def corpus_bleu(hypotheses, references):
    clipped, possible = [0.0] * 4, [0.0] * 4
    c = r = 0
    for hyp, refs in zip(hypotheses, references):
        c += len(hyp)
        r += max(len(ref) for ref in refs)
        for k in range(4):
            counts = collections.Counter(" ".join(hyp[i : i + k + 1]) for i in range(len(hyp) - k))
            limit = collections.Counter()
            for ref in refs:
                limit |= collections.Counter(" ".join(ref[i : i + k + 1]) for i in range(len(ref) - k))
            possible[k] += sum(counts.values())
            clipped[k] += sum((counts & limit).values())
    if c == 0 or 0 in clipped:
        return 0.0
    logs = [math.log(a / b) for a, b in zip(clipped, possible)]
    return math.exp(sum(logs) / 4 + min(1 - r / c, 0)) * 100
