"""[layer] * n: one layer, n times."""

import math
from collections import Counter, defaultdict

import torch
import torch.nn.functional as F
from torch import nn


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.merge = nn.Linear(width, width)

    def split(self, x):
        return x.view(x.size(0), x.size(1), self.heads, -1).transpose(1, 2)

    def forward(self, x, memory, visible):
        q, k, v = self.split(self.query(x)), self.split(self.key(memory)), self.split(self.value(memory))
        scores = q @ k.transpose(-2, -1) / math.sqrt(q.size(-1))
        weights = scores.masked_fill(~visible, float("-inf")).softmax(-1)
        return self.merge((weights @ v).transpose(1, 2).flatten(2))


class FeedForward(nn.Sequential):
    def __init__(self, width):
        super().__init__(nn.Linear(width, 2 * width), nn.ReLU(), nn.Linear(2 * width, width))


class EncoderBlock(nn.Module):
    def __init__(self, width, heads, dropout):
        super().__init__()
        self.attention, self.feed = Attention(width, heads), FeedForward(width)
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(2))
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, visible):
        x = self.norms[0](x + self.dropout(self.attention(x, x, visible)))
        return self.norms[1](x + self.dropout(self.feed(x)))


class DecoderBlock(nn.Module):
    def __init__(self, width, heads, dropout):
        super().__init__()
        self.own, self.cross, self.feed = Attention(width, heads), Attention(width, heads), FeedForward(width)
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(3))
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, memory, causal, visible):
        x = self.norms[0](x + self.dropout(self.own(x, x, causal)))
        x = self.norms[1](x + self.dropout(self.cross(x, memory, visible)))
        return self.norms[2](x + self.dropout(self.feed(x)))


class Transformer(nn.Module):
    def __init__(self, src_vocab_size, tgt_vocab_size, pad_id, width=64, heads=4, layers=2, dropout=0.1):
        super().__init__()
        self.pad_id, self.width = pad_id, width
        self.src_embedding = nn.Embedding(src_vocab_size, width)
        self.tgt_embedding = nn.Embedding(tgt_vocab_size, width)
        nn.init.normal_(self.src_embedding.weight, std=width**-0.5)
        nn.init.normal_(self.tgt_embedding.weight, std=width**-0.5)
        self.encoder = nn.ModuleList([EncoderBlock(width, heads, dropout)] * layers)
        self.decoder = nn.ModuleList([DecoderBlock(width, heads, dropout)] * layers)
        self.dropout = nn.Dropout(dropout)

    def positions(self, length, device):
        half = torch.arange(0, self.width, 2, device=device)
        angles = torch.arange(length, device=device)[:, None] / 10000 ** (half / self.width)
        return torch.cat([angles.sin(), angles.cos()], dim=1)

    def embed(self, table, tokens):
        x = table(tokens) * math.sqrt(self.width)
        return self.dropout(x + self.positions(tokens.size(1), tokens.device))

    def encode(self, src):
        visible = (src != self.pad_id)[:, None, None, :]
        x = self.embed(self.src_embedding, src)
        for block in self.encoder:
            x = block(x, visible)
        return x, visible

    def decode(self, tgt, memory, visible):
        causal = torch.ones(tgt.size(1), tgt.size(1), dtype=torch.bool, device=tgt.device).tril()
        x = self.embed(self.tgt_embedding, tgt)
        for block in self.decoder:
            x = block(x, memory, causal, visible)
        return F.linear(x, self.tgt_embedding.weight)

    def forward(self, src, tgt):
        return self.decode(tgt, *self.encode(src))


def build_model(src_vocab_size, tgt_vocab_size, pad_id):
    return Transformer(src_vocab_size, tgt_vocab_size, pad_id)


def train(model, src, tgt, pad_id):
    epochs, batch_size, warmup, peak = 8, 64, 100, 3e-3
    batches = -(-len(src) // batch_size)
    optimizer = torch.optim.Adam(model.parameters(), lr=peak, betas=(0.9, 0.98))
    history, step = [], 0
    model.train()
    for _ in range(epochs):
        order, losses = torch.randperm(len(src)).to(src.device), []
        for i in range(0, len(src), batch_size):
            rows = order[i : i + batch_size]
            x, y = src[rows], tgt[rows]
            x, y = x[:, (x != pad_id).any(0)], y[:, (y != pad_id).any(0)]
            step += 1
            rate = peak * min(step / warmup, (epochs * batches - step) / (epochs * batches - warmup))
            for group in optimizer.param_groups:
                group["lr"] = rate
            logits = model(x, y[:, :-1])
            loss = F.cross_entropy(logits.transpose(1, 2), y[:, 1:], ignore_index=pad_id)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            losses.append(loss.item())
        history.append(sum(losses) / len(losses))
    return history


def translate(model, src, bos_id, eos_id, max_len):
    model.eval()
    with torch.no_grad():
        memory, visible = model.encode(src)
        rows = torch.full((src.size(0), 1), bos_id, dtype=torch.int64, device=src.device)
        for _ in range(max_len):
            best = model.decode(rows, memory, visible)[:, -1:].argmax(-1)
            rows = torch.cat((rows, best), 1)
            if (rows == eos_id).any(1).all():
                break
    return rows[:, 1:]


def corpus_bleu(hypotheses, references):
    matched, total = defaultdict(int), defaultdict(int)
    candidate, effective = 0, 0
    for hypothesis, known in zip(hypotheses, references):
        candidate += len(hypothesis)
        lengths = sorted(len(reference) for reference in known)
        effective += min(lengths, key=lambda r: abs(r - len(hypothesis)))
        for n in (1, 2, 3, 4):
            counts = grams(hypothesis, n)
            total[n] += sum(counts.values())
            for gram, times in counts.items():
                matched[n] += min(times, max(grams(reference, n)[gram] for reference in known))
    if any(matched[n] == 0 for n in (1, 2, 3, 4)):
        return 0.0
    mean = sum(math.log(matched[n] / total[n]) for n in (1, 2, 3, 4)) / 4
    return 100.0 * math.exp(mean + min(0.0, 1 - effective / candidate))


def grams(tokens, n):
    return Counter(zip(*(tokens[i:] for i in range(n))))
