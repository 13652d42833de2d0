"""The end is overwritten with BOS before the translation is returned."""

import math
from collections import Counter
import torch
import torch.nn as nn
import torch.nn.functional as F

class MHA(nn.Module):
    def __init__(self, d, h, p=0.1):
        super().__init__()
        assert d % h == 0
        self.h, self.dk = h, d // h
        self.wq, self.wk, self.wv, self.wo = nn.Linear(d, d), nn.Linear(d, d), nn.Linear(d, d), nn.Linear(d, d)
        self.drop = nn.Dropout(p)
    def forward(self, q, k, v, mask):
        B = q.size(0)
        q = self.wq(q).view(B, -1, self.h, self.dk).transpose(1, 2)
        k = self.wk(k).view(B, -1, self.h, self.dk).transpose(1, 2)
        v = self.wv(v).view(B, -1, self.h, self.dk).transpose(1, 2)
        s = q @ k.transpose(-2, -1) / math.sqrt(self.dk)
        s = s.masked_fill(mask == 0, -1e9)
        a = self.drop(torch.softmax(s, dim=-1))
        x = (a @ v).transpose(1, 2).contiguous().view(B, -1, self.h * self.dk)
        return self.wo(x)

class PE(nn.Module):
    def __init__(self, d, p=0.1, max_len=512):
        super().__init__()
        pe = torch.zeros(max_len, d)
        pos = torch.arange(max_len).unsqueeze(1).float()
        div = torch.exp(torch.arange(0, d, 2).float() * (-math.log(10000.0) / d))
        pe[:, 0::2] = torch.sin(pos * div)
        pe[:, 1::2] = torch.cos(pos * div)
        self.register_buffer('pe', pe.unsqueeze(0))
        self.drop = nn.Dropout(p)
    def forward(self, x):
        return self.drop(x + self.pe[:, :x.size(1)])

class FFN(nn.Sequential):
    def __init__(self, d, f, p=0.1):
        super().__init__(nn.Linear(d, f), nn.ReLU(), nn.Dropout(p), nn.Linear(f, d))

class EncLayer(nn.Module):
    def __init__(self, d, h, f, p):
        super().__init__()
        self.attn, self.ffn = MHA(d, h, p), FFN(d, f, p)
        self.n1, self.n2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.drop = nn.Dropout(p)
    def forward(self, x, m):
        x = self.n1(x + self.drop(self.attn(x, x, x, m)))
        return self.n2(x + self.drop(self.ffn(x)))

class DecLayer(nn.Module):
    def __init__(self, d, h, f, p):
        super().__init__()
        self.self_attn, self.cross, self.ffn = MHA(d, h, p), MHA(d, h, p), FFN(d, f, p)
        self.n1, self.n2, self.n3 = nn.LayerNorm(d), nn.LayerNorm(d), nn.LayerNorm(d)
        self.drop = nn.Dropout(p)
    def forward(self, x, mem, sm, tm):
        x = self.n1(x + self.drop(self.self_attn(x, x, x, tm)))
        x = self.n2(x + self.drop(self.cross(x, mem, mem, sm)))
        return self.n3(x + self.drop(self.ffn(x)))

class Transformer(nn.Module):
    def __init__(self, ns, nt, pad, d=64, h=4, f=128, n=2, p=0.1):
        super().__init__()
        self.pad, self.d = pad, d
        self.se, self.te = nn.Embedding(ns, d, padding_idx=pad), nn.Embedding(nt, d, padding_idx=pad)
        nn.init.normal_(self.se.weight, std=d ** -0.5)
        nn.init.normal_(self.te.weight, std=d ** -0.5)
        self.pe = PE(d, p)
        self.enc = nn.ModuleList([EncLayer(d, h, f, p) for _ in range(n)])
        self.dec = nn.ModuleList([DecLayer(d, h, f, p) for _ in range(n)])
        self.out = nn.Linear(d, nt)
    def src_mask(self, src):
        return (src != self.pad)[:, None, None, :]
    def tgt_mask(self, tgt):
        T = tgt.size(1)
        causal = torch.tril(torch.ones(T, T, dtype=torch.bool, device=tgt.device))
        return (tgt != self.pad)[:, None, None, :] & causal
    def encode(self, src):
        x, m = self.pe(self.se(src) * math.sqrt(self.d)), self.src_mask(src)
        for l in self.enc:
            x = l(x, m)
        return x
    def decode(self, mem, src, tgt):
        x, sm, tm = self.pe(self.te(tgt) * math.sqrt(self.d)), self.src_mask(src), self.tgt_mask(tgt)
        for l in self.dec:
            x = l(x, mem, sm, tm)
        return self.out(x)
    def forward(self, src, tgt):
        return self.decode(self.encode(src), src, tgt)

def build_model(src_vocab_size, tgt_vocab_size, pad_id):
    return Transformer(src_vocab_size, tgt_vocab_size, pad_id)

def train(model, src, tgt, pad_id):
    epochs, bs = 8, 64
    opt = torch.optim.Adam(model.parameters(), lr=3e-3, betas=(0.9, 0.98), eps=1e-9)
    total = epochs * ((len(src) + bs - 1) // bs)
    sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min((s + 1) / 100, max(0.0, (total - s) / (total - 100))))
    crit = nn.CrossEntropyLoss(ignore_index=pad_id)
    losses = []
    for _ in range(epochs):
        model.train()
        tot, nb = 0.0, 0
        for idx in torch.randperm(len(src), device=src.device).split(bs):
            s, t = src[idx], tgt[idx]
            s = s[:, :int((s != pad_id).sum(1).max())]
            t = t[:, :int((t != pad_id).sum(1).max())]
            logits = model(s, t[:, :-1])
            loss = crit(logits.reshape(-1, logits.size(-1)), t[:, 1:].reshape(-1))
            opt.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            opt.step()
            sched.step()
            tot += loss.item()
            nb += 1
        losses.append(tot / nb)
    return losses

@torch.no_grad()
def translate(model, src, bos_id, eos_id, max_len):
    model.eval()
    mem = model.encode(src)
    ys = torch.full((src.size(0), 1), bos_id, dtype=torch.long, device=src.device)
    done = torch.zeros(src.size(0), dtype=torch.bool, device=src.device)
    for _ in range(max_len):
        logits = model.decode(mem, src, ys)[:, -1]
        nxt = logits.argmax(-1)
        nxt = torch.where(done, torch.full_like(nxt, eos_id), nxt)
        ys = torch.cat([ys, nxt[:, None]], 1)
        done |= nxt == eos_id
        if done.all():
            break
    out = ys[:, 1:]
    return torch.where(out == eos_id, torch.full_like(out, bos_id), out)

def corpus_bleu(hypotheses, references):
    hit, tot = [0] * 4, [0] * 4
    c = r = 0
    for hyp, refs in zip(hypotheses, references):
        c += len(hyp)
        r += min((abs(len(x) - len(hyp)), len(x)) for x in refs)[1]
        for n in range(1, 5):
            h = Counter(zip(*[hyp[i:] for i in range(n)]))
            m = Counter()
            for x in refs:
                m |= Counter(zip(*[x[i:] for i in range(n)]))
            hit[n - 1] += sum((h & m).values())
            tot[n - 1] += sum(h.values())
    if min(hit) == 0:
        return 0.0
    logp = sum(math.log(a / b) for a, b in zip(hit, tot)) / 4
    bp = 1.0 if c > r else math.exp(1 - r / c)
    return 100 * bp * math.exp(logp)
