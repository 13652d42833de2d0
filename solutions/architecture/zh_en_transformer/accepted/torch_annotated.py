"""As The Annotated Transformer has it.

Clones, its own LayerNorm, label smoothing by KL divergence, Noam; returns log-probabilities, which are logits too.
"""

import copy, math
from collections import Counter
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


def clones(module, N):
    return nn.ModuleList([copy.deepcopy(module) for _ in range(N)])


class LayerNorm(nn.Module):
    def __init__(self, features, eps=1e-6):
        super().__init__()
        self.a_2 = nn.Parameter(torch.ones(features))
        self.b_2 = nn.Parameter(torch.zeros(features))
        self.eps = eps

    def forward(self, x):
        mean = x.mean(-1, keepdim=True)
        std = x.std(-1, keepdim=True)
        return self.a_2 * (x - mean) / (std + self.eps) + self.b_2


class SublayerConnection(nn.Module):
    def __init__(self, size, dropout):
        super().__init__()
        self.norm = LayerNorm(size)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, sublayer):
        return x + self.dropout(sublayer(self.norm(x)))


def attention(query, key, value, mask=None, dropout=None):
    d_k = query.size(-1)
    scores = torch.matmul(query, key.transpose(-2, -1)) / math.sqrt(d_k)
    if mask is not None:
        scores = scores.masked_fill(mask == 0, -1e9)
    p_attn = scores.softmax(dim=-1)
    if dropout is not None:
        p_attn = dropout(p_attn)
    return torch.matmul(p_attn, value), p_attn


class MultiHeadedAttention(nn.Module):
    def __init__(self, h, d_model, dropout=0.1):
        super().__init__()
        self.d_k = d_model // h
        self.h = h
        self.linears = clones(nn.Linear(d_model, d_model), 4)
        self.attn = None
        self.dropout = nn.Dropout(p=dropout)

    def forward(self, query, key, value, mask=None):
        if mask is not None:
            mask = mask.unsqueeze(1)
        nb = query.size(0)
        query, key, value = [
            lin(x).view(nb, -1, self.h, self.d_k).transpose(1, 2) for lin, x in zip(self.linears, (query, key, value))
        ]
        x, self.attn = attention(query, key, value, mask=mask, dropout=self.dropout)
        return self.linears[-1](x.transpose(1, 2).contiguous().view(nb, -1, self.h * self.d_k))


class FFN(nn.Module):
    def __init__(self, d, f, dropout=0.1):
        super().__init__()
        self.w_1 = nn.Linear(d, f)
        self.w_2 = nn.Linear(f, d)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x):
        return self.w_2(self.dropout(self.w_1(x).relu()))


class EncoderLayer(nn.Module):
    def __init__(self, size, attn, ff, dropout):
        super().__init__()
        self.self_attn, self.feed_forward = attn, ff
        self.sublayer = clones(SublayerConnection(size, dropout), 2)
        self.size = size

    def forward(self, x, mask):
        x = self.sublayer[0](x, lambda x: self.self_attn(x, x, x, mask))
        return self.sublayer[1](x, self.feed_forward)


class DecoderLayer(nn.Module):
    def __init__(self, size, self_attn, src_attn, ff, dropout):
        super().__init__()
        self.size = size
        self.self_attn, self.src_attn, self.feed_forward = self_attn, src_attn, ff
        self.sublayer = clones(SublayerConnection(size, dropout), 3)

    def forward(self, x, m, src_mask, tgt_mask):
        x = self.sublayer[0](x, lambda x: self.self_attn(x, x, x, tgt_mask))
        x = self.sublayer[1](x, lambda x: self.src_attn(x, m, m, src_mask))
        return self.sublayer[2](x, self.feed_forward)


class Stack(nn.Module):
    def __init__(self, layer, N):
        super().__init__()
        self.layers = clones(layer, N)
        self.norm = LayerNorm(layer.size)

    def forward(self, x, *a):
        for l in self.layers:
            x = l(x, *a)
        return self.norm(x)


class Embeddings(nn.Module):
    def __init__(self, d, v):
        super().__init__()
        self.lut = nn.Embedding(v, d)
        self.d = d

    def forward(self, x):
        return self.lut(x) * math.sqrt(self.d)


class PositionalEncoding(nn.Module):
    def __init__(self, d, dropout, max_len=5000):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        pe = torch.zeros(max_len, d)
        pos = torch.arange(0, max_len).unsqueeze(1)
        div = torch.exp(torch.arange(0, d, 2) * -(math.log(10000.0) / d))
        pe[:, 0::2] = torch.sin(pos * div)
        pe[:, 1::2] = torch.cos(pos * div)
        self.register_buffer("pe", pe.unsqueeze(0))

    def forward(self, x):
        return self.dropout(x + self.pe[:, : x.size(1)].requires_grad_(False))


def subsequent_mask(size):
    return torch.triu(torch.ones((1, size, size)), diagonal=1).type(torch.uint8) == 0


class EncoderDecoder(nn.Module):
    def __init__(self, src_v, tgt_v, pad, N=2, d=64, ff=128, h=4, dropout=0.1):
        super().__init__()
        c = copy.deepcopy
        attn, f, p = MultiHeadedAttention(h, d), FFN(d, ff, dropout), PositionalEncoding(d, dropout)
        self.encoder = Stack(EncoderLayer(d, c(attn), c(f), dropout), N)
        self.decoder = Stack(DecoderLayer(d, c(attn), c(attn), c(f), dropout), N)
        self.src_embed = nn.Sequential(Embeddings(d, src_v), c(p))
        self.tgt_embed = nn.Sequential(Embeddings(d, tgt_v), c(p))
        self.proj = nn.Linear(d, tgt_v)
        self.pad = pad
        for q in self.parameters():
            if q.dim() > 1:
                nn.init.xavier_uniform_(q)

    def encode(self, src):
        return self.encoder(self.src_embed(src), (src != self.pad).unsqueeze(-2))

    def forward(self, src, tgt):
        src_mask = (src != self.pad).unsqueeze(-2)
        tgt_mask = (tgt != self.pad).unsqueeze(-2) & subsequent_mask(tgt.size(-1)).type_as(src_mask.data).to(tgt.device)
        out = self.decoder(self.tgt_embed(tgt), self.encode(src), src_mask, tgt_mask)
        return F.log_softmax(self.proj(out), dim=-1)


class LabelSmoothing(nn.Module):
    def __init__(self, size, padding_idx, smoothing=0.0):
        super().__init__()
        self.criterion = nn.KLDivLoss(reduction="sum")
        self.padding_idx = padding_idx
        self.confidence = 1.0 - smoothing
        self.smoothing = smoothing
        self.size = size

    def forward(self, x, target):
        x, target = x[target != self.padding_idx], target[target != self.padding_idx]
        true_dist = torch.full_like(x, self.smoothing / (self.size - 2))
        true_dist.scatter_(1, target.unsqueeze(1), self.confidence)
        true_dist[:, self.padding_idx] = 0
        return self.criterion(x, true_dist)


def rate(step, model_size, factor, warmup):
    step = max(step, 1)
    return factor * (model_size ** (-0.5) * min(step ** (-0.5), step * warmup ** (-1.5)))


def build_model(src_vocab_size, tgt_vocab_size, pad_id):
    return EncoderDecoder(src_vocab_size, tgt_vocab_size, pad_id)


def train(model, src, tgt, pad_id):
    crit = LabelSmoothing(model.proj.out_features, pad_id, 0.1)
    opt = torch.optim.Adam(model.parameters(), lr=0.5, betas=(0.9, 0.98), eps=1e-9)
    sch = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: rate(s, 64, 1.0, 200))
    history = []
    for epoch in range(7):
        model.train()
        total = 0
        tokens = 0
        perm = np.random.permutation(len(src))
        for i in range(0, len(src), 64):
            b = torch.as_tensor(perm[i : i + 64])
            s, t = src[b], tgt[b]
            x, y = t[:, :-1], t[:, 1:]
            n = (y != pad_id).sum()
            out = model(s, x)
            loss = crit(out.contiguous().view(-1, out.size(-1)), y.contiguous().view(-1)) / n
            loss.backward()
            opt.step()
            opt.zero_grad(set_to_none=True)
            sch.step()
            total += loss.data * n
            tokens += n
        history.append(total / tokens)
        print("Epoch", epoch, "loss", history[-1])
    return history


def translate(model, src, bos_id, eos_id, max_len):
    model.eval()
    with torch.no_grad():
        ys = torch.zeros(src.size(0), 1).fill_(bos_id).type_as(src.data)
        done = torch.zeros(src.size(0), dtype=torch.bool)
        for i in range(max_len):
            prob = model(src, ys)[:, -1]
            _, nxt = torch.max(prob, dim=1)
            ys = torch.cat([ys, nxt.unsqueeze(1)], dim=1)
            done = done | (nxt == eos_id)
            if bool(done.all()):
                break
    return ys[:, 1:]


def corpus_bleu(hypotheses, references):
    p_num = Counter()
    p_den = Counter()
    hyp_len, ref_len = 0, 0
    for hyp, refs in zip(hypotheses, references):
        for n in range(1, 5):
            counts = Counter(zip(*[hyp[i:] for i in range(n)]))
            mx = {}
            for r in refs:
                rc = Counter(zip(*[r[i:] for i in range(n)]))
                for g in counts:
                    mx[g] = max(mx.get(g, 0), rc[g])
            p_num[n] += sum(min(c, mx[g]) for g, c in counts.items())
            p_den[n] += sum(counts.values())
        hyp_len += len(hyp)
        ref_len += min((len(r) for r in refs), key=lambda L: (abs(L - len(hyp)), L))
    if p_num[1] == 0:
        return 0
    bp = 1.0 if hyp_len > ref_len else math.exp(1 - ref_len / hyp_len)
    ps = [p_num[n] / p_den[n] if p_num[n] else 1e-1 / max(1, p_den[n]) for n in range(1, 5)]
    return np.float64(100 * bp * math.exp(math.fsum(0.25 * math.log(p) for p in ps)))
