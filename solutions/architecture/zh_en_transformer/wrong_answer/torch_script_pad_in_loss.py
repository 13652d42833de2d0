"""A script whose loss counts padding."""

import math

import matplotlib.pyplot as plt
import torch
from judge_data import load_zh_en
from torch import nn
from torch.utils.data import DataLoader

SPECIALS = ["<pad>", "<bos>", "<eos>"]
PAD, BOS, EOS = 0, 1, 2


def numbered(sentences):
    tokens = sorted({token for sentence in sentences for token in sentence.split()})
    return {token: number for number, token in enumerate(SPECIALS + tokens)}


def collate(batch):
    pad = nn.utils.rnn.pad_sequence
    return tuple(pad(side, batch_first=True, padding_value=PAD) for side in zip(*batch))


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


zh, en = load_zh_en()
zh_vocab, en_vocab = numbered(zh), numbered(en)
pairs = [
    (torch.tensor([zh_vocab[c] for c in s.split()]), torch.tensor([BOS, *(en_vocab[w] for w in t.split()), EOS]))
    for s, t in zip(zh, en)
]
loader = DataLoader(pairs, batch_size=64, shuffle=True, collate_fn=collate)

model = Translator(len(zh_vocab), len(en_vocab), PAD)
epochs = 8
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3, betas=(0.9, 0.98))
scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=epochs * len(loader), pct_start=0.12)
criterion = nn.CrossEntropyLoss()
curve = []
for epoch in range(epochs):
    model.train()
    total = 0.0
    for src, tgt in loader:
        optimizer.zero_grad()
        loss = criterion(model(src, tgt[:, :-1]).flatten(0, 1), tgt[:, 1:].flatten())
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        scheduler.step()
        total += loss.item()
    curve.append(total / len(loader))
    print(f"epoch {epoch + 1}: loss {curve[-1]:.3f}")

plt.plot(range(1, epochs + 1), curve)
plt.xlabel("epoch")
plt.ylabel("loss")
plt.show()
