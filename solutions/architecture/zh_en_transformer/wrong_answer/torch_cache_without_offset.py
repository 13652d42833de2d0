"""With the cache every new word gets position 0."""

import math
from collections import Counter

import torch
import torch.nn.functional as F
from torch import nn


def rotate(x, start):
    """Turn each pair of features by an angle that grows with the position; x is (B, heads, L, width)."""
    length, half = x.size(-2), x.size(-1) // 2
    rates = 1000.0 ** (-torch.arange(half, device=x.device) / half)
    angles = torch.arange(start, start + length, device=x.device)[:, None] * rates
    left, right = x.chunk(2, dim=-1)
    return torch.cat([left * angles.cos() - right * angles.sin(), left * angles.sin() + right * angles.cos()], dim=-1)


class SelfAttention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv, self.out = nn.Linear(width, 3 * width, bias=False), nn.Linear(width, width, bias=False)

    def forward(self, x, mask=None, causal=False, cache=None):
        q, k, v = (part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in self.qkv(x).chunk(3, dim=-1))
        start = 0
        q, k = rotate(q, start), rotate(k, start)
        if cache is not None:
            if cache:
                k, v = torch.cat([cache["k"], k], dim=2), torch.cat([cache["v"], v], dim=2)
            cache.update(k=k, v=v)
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=causal)
        return self.out(mixed.transpose(1, 2).flatten(2))


class CrossAttention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.q, self.kv = nn.Linear(width, width, bias=False), nn.Linear(width, 2 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)

    def forward(self, x, memory, mask):
        q = self.q(x).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        k, v = (part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in self.kv(memory).chunk(2, dim=-1))
        return self.out(F.scaled_dot_product_attention(q, k, v, attn_mask=mask).transpose(1, 2).flatten(2))


class Gated(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.up, self.down = nn.Linear(width, 2 * hidden, bias=False), nn.Linear(hidden, width, bias=False)

    def forward(self, x):
        value, gate = self.up(x).chunk(2, dim=-1)
        return self.down(value * F.silu(gate))


class Block(nn.Module):
    def __init__(self, width, heads, *, cross):
        super().__init__()
        self.norms = nn.ModuleList(nn.RMSNorm(width) for _ in range(3))
        self.own, self.feed = SelfAttention(width, heads), Gated(width, width)
        self.cross = CrossAttention(width, heads) if cross else None

    def forward(self, x, mask=None, memory=None, cache=None):
        causal = self.cross is not None and cache is None
        x = x + self.own(self.norms[0](x), None if self.cross else mask, causal, cache)
        if self.cross is not None:
            x = x + self.cross(self.norms[1](x), memory, mask)
        return x + self.feed(self.norms[2](x))


class Model(nn.Module):
    def __init__(self, src_vocab, tgt_vocab, pad_id, width=64, heads=4, layers=2):
        super().__init__()
        self.pad_id = pad_id
        self.src, self.tgt = nn.Embedding(src_vocab, width), nn.Embedding(tgt_vocab, width)
        self.drop = nn.Dropout(0.1)
        self.encoder = nn.ModuleList(Block(width, heads, cross=False) for _ in range(layers))
        self.decoder = nn.ModuleList(Block(width, heads, cross=True) for _ in range(layers))
        self.norms = nn.ModuleList(nn.RMSNorm(width) for _ in range(2))
        self.head = nn.Linear(width, tgt_vocab, bias=False)

    def encode(self, src):
        mask = (src != self.pad_id)[:, None, None, :]
        x = self.drop(self.src(src))
        for block in self.encoder:
            x = block(x, mask)
        return self.norms[0](x), mask

    def decode(self, tgt, memory, mask, caches=None):
        x = self.drop(self.tgt(tgt))
        for i, block in enumerate(self.decoder):
            x = block(x, mask, memory, None if caches is None else caches[i])
        return self.head(self.norms[1](x))

    def forward(self, src, tgt):
        return self.decode(tgt, *self.encode(src))


def build_model(src_vocab_size, tgt_vocab_size, pad_id):
    return Model(src_vocab_size, tgt_vocab_size, pad_id)


def train(model, src, tgt, pad_id):
    epochs, size = 8, 64
    steps = epochs * math.ceil(len(src) / size)
    optimizer = torch.optim.AdamW(model.parameters(), lr=4e-3, betas=(0.9, 0.98), weight_decay=0.05)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=steps, pct_start=0.15)
    history = []
    for _ in range(epochs):
        model.train()
        total = torch.zeros((), device=src.device)
        for rows in torch.randperm(len(src), device=src.device).split(size):
            x, y = src[rows], tgt[rows]
            x, y = x[:, : int((x != pad_id).sum(1).max())], y[:, : int((y != pad_id).sum(1).max())]
            loss = F.cross_entropy(model(x, y[:, :-1]).flatten(0, 1), y[:, 1:].flatten(), ignore_index=pad_id)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            scheduler.step()
            total += loss.detach() * len(rows)
        history.append(total.item() / len(src))
    return history


@torch.no_grad()
def translate(model, src, bos_id, eos_id, max_len):
    model.eval()
    memory, mask = model.encode(src)
    caches = [{} for _ in model.decoder]
    token = torch.full((len(src), 1), bos_id, dtype=torch.long, device=src.device)
    ended, out = torch.zeros_like(token, dtype=torch.bool), []
    for _ in range(max_len):
        token = model.decode(token, memory, mask, caches)[:, -1:].argmax(-1)
        out.append(torch.where(ended, model.pad_id, token))
        ended = ended | (token == eos_id)
        if ended.all():
            break
    return torch.cat(out, dim=1)


def corpus_bleu(hypotheses, references):
    logs = 0.0
    for n in range(1, 5):
        hits = total = 0
        for hypothesis, known in zip(hypotheses, references):
            counts = Counter(zip(*[hypothesis[i:] for i in range(n)]))
            limit = Counter()
            for reference in known:
                limit |= Counter(zip(*[reference[i:] for i in range(n)]))
            hits, total = hits + sum((counts & limit).values()), total + sum(counts.values())
        if not hits:
            return 0.0
        logs += math.log(hits / total) / 4
    c = sum(len(hypothesis) for hypothesis in hypotheses)
    r = sum(min((abs(len(x) - len(h)), len(x)) for x in known)[1] for h, known in zip(hypotheses, references))
    return 100.0 * math.exp(logs + min(0.0, 1 - r / c))
