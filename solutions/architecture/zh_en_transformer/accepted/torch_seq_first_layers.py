"""TransformerEncoderLayer and TransformerDecoderLayer with their default (time, batch) order, turned round at both ends."""

import math
from collections import Counter

import torch
from torch import nn


class PositionalEncoding(nn.Module):
    def __init__(self, d_model, dropout, max_len=512):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        position = torch.arange(max_len).unsqueeze(1)
        div_term = torch.exp(torch.arange(0, d_model, 2) * (-math.log(10000.0) / d_model))
        pe = torch.zeros(max_len, 1, d_model)
        pe[:, 0, 0::2] = torch.sin(position * div_term)
        pe[:, 0, 1::2] = torch.cos(position * div_term)
        self.register_buffer("pe", pe)

    def forward(self, x):
        return self.dropout(x + self.pe[: x.size(0)])


class TransformerModel(nn.Module):
    def __init__(self, n_src, n_tgt, pad_id, d_model=64, nhead=4, nlayers=2, d_hid=128, dropout=0.05):
        super().__init__()
        self.pad_id, self.d_model = pad_id, d_model
        self.src_emb, self.tgt_emb = nn.Embedding(n_src, d_model), nn.Embedding(n_tgt, d_model)
        self.pos = PositionalEncoding(d_model, dropout)
        self.encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(d_model, nhead, d_hid, dropout), nlayers)
        self.decoder = nn.TransformerDecoder(nn.TransformerDecoderLayer(d_model, nhead, d_hid, dropout), nlayers)
        self.generator = nn.Linear(d_model, n_tgt)
        for p in self.parameters():
            if p.dim() > 1:
                nn.init.xavier_uniform_(p)

    def forward(self, src, tgt):
        src_mask = src == self.pad_id
        T = tgt.size(1)
        tgt_mask = torch.full((T, T), float("-inf"), device=tgt.device).triu(1)
        x = self.pos(self.src_emb(src).transpose(0, 1) * math.sqrt(self.d_model))
        y = self.pos(self.tgt_emb(tgt).transpose(0, 1) * math.sqrt(self.d_model))
        memory = self.encoder(x, src_key_padding_mask=src_mask)
        out = self.decoder(y, memory, tgt_mask=tgt_mask, memory_key_padding_mask=src_mask.float() * -1e9)
        return self.generator(out).transpose(0, 1).contiguous()


def build_model(src_vocab_size, tgt_vocab_size, pad_id):
    return TransformerModel(src_vocab_size, tgt_vocab_size, pad_id)


def train(model, src, tgt, pad_id):
    device = src.device
    optimizer = torch.optim.Adam(model.parameters(), lr=1.0, betas=(0.9, 0.98), eps=1e-9)
    # The schedule of the paper, with a factor for so small a model.
    scheduler = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: 0.25 * 64**-0.5 * min((s + 1) ** -0.5, (s + 1) * 120**-1.5)
    )
    loss_fn = nn.CrossEntropyLoss(ignore_index=pad_id, reduction="sum")
    history = []
    lengths = (tgt != pad_id).sum(1)
    for _ in range(9):
        model.train()
        total, count = 0.0, 0
        # Sentences of like length go together, so that little padding is computed.
        order = torch.argsort(lengths + torch.rand(len(src), device=device) * 2)
        batches = list(order.split(64))
        for k in torch.randperm(len(batches)).tolist():
            s, t = src[batches[k]], tgt[batches[k]]
            s, t = s[:, : int((s != pad_id).sum(1).max())], t[:, : int((t != pad_id).sum(1).max())]
            tgt_in, tgt_out = t[:, :-1], t[:, 1:]
            tokens = int((tgt_out != pad_id).sum())
            loss = loss_fn(model(s, tgt_in).reshape(-1, model.generator.out_features), tgt_out.reshape(-1))
            optimizer.zero_grad()
            (loss / tokens).backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            scheduler.step()
            total += loss.item()
            count += tokens
        history.append(total / count)
    return history


def translate(model, src, bos_id, eos_id, max_len):
    model.eval()
    ys = torch.ones(src.size(0), 1, dtype=torch.long, device=src.device) * bos_id
    done = [False] * src.size(0)
    with torch.no_grad():
        for _ in range(max_len):
            prob = model(src, ys)[:, -1]
            _, word = torch.max(prob, dim=1)
            ys = torch.cat([ys, word.unsqueeze(1)], dim=1)
            done = [d or w == eos_id for d, w in zip(done, word.tolist())]
            if all(done):
                break
    return ys[:, 1:]


def corpus_bleu(hypotheses, references):
    def grams(s, n):
        return Counter(tuple(s[i : i + n]) for i in range(len(s) - n + 1))

    p_log, c, r = 0.0, 0, 0
    for hyp, refs in zip(hypotheses, references):
        c += len(hyp)
        r += sorted((abs(len(x) - len(hyp)), len(x)) for x in refs)[0][1]
    for n in range(1, 5):
        num = den = 0
        for hyp, refs in zip(hypotheses, references):
            h = grams(hyp, n)
            den += max(len(hyp) - n + 1, 0)
            num += sum(min(v, max(grams(x, n)[g] for x in refs)) for g, v in h.items())
        if num == 0:
            return 0.0
        p_log += math.log(num / den) / 4
    bp = 1.0 if c > r else math.exp(1 - r / c)
    return 100 * bp * math.exp(p_log)
