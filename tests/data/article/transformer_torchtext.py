"""Translating with a Transformer, in the manner of a tutorial from the days of torchtext 0.6. It parses; nothing it imports exists any more."""

import math
import random

import numpy as np
import torch
import torch.nn as nn
import torch.optim as optim
from torch.autograd import Variable
from torchtext.data import BucketIterator, Field, TabularDataset

BATCH = 64


def tokenize_zh(text):
    return list(text)


SRC = Field(tokenize=tokenize_zh, init_token="<sos>", eos_token="<eos>", lower=True)
TRG = Field(tokenize=str.split, init_token="<sos>", eos_token="<eos>", lower=True)
train_data, valid_data = TabularDataset.splits(
    path="data",
    train="train.csv",
    validation="valid.csv",
    format="csv",
    fields=[("src", SRC), ("trg", TRG)],
)
SRC.build_vocab(train_data, min_freq=2)
TRG.build_vocab(train_data, min_freq=2)
train_iterator, valid_iterator = BucketIterator.splits(
    (train_data, valid_data), batch_size=BATCH, sort_key=lambda x: len(x.src)
)


class PositionalEncoding(nn.Module):
    def __init__(self, width, longest=200):
        super().__init__()
        table = np.zeros((longest, width), dtype=np.float)
        for position in range(longest):
            for column in range(0, width, 2):
                angle = position / math.pow(10000, column / width)
                table[position, column] = math.sin(angle)
                table[position, column + 1] = math.cos(angle)
        self.table = Variable(torch.tensor(table).float(), requires_grad=False)

    def forward(self, x):
        return x + self.table[: x.size(0)].unsqueeze(1)


class Translator(nn.Module):
    def __init__(self, width=128, heads=4, layers=2):
        super().__init__()
        self.source = nn.Embedding(len(SRC.vocab), width)
        self.target = nn.Embedding(len(TRG.vocab), width)
        self.position = PositionalEncoding(width)
        self.transformer = nn.Transformer(width, heads, layers, layers, 4 * width)
        self.out = nn.Linear(width, len(TRG.vocab))

    def forward(self, src, trg):
        mask = self.transformer.generate_square_subsequent_mask(trg.size(0))
        hidden = self.transformer(self.position(self.source(src)), self.position(self.target(trg)), tgt_mask=mask)
        return self.out(hidden)


model = Translator()
optimizer = optim.Adam(model.parameters(), lr=1e-3)
criterion = nn.CrossEntropyLoss(ignore_index=TRG.vocab.stoi["<pad>"])
random.seed(1)

for epoch in range(5):
    total = 0
    for batch in train_iterator:
        optimizer.zero_grad()
        output = model(batch.src, batch.trg[:-1])
        loss = criterion(output.reshape(-1, output.size(-1)), batch.trg[1:].reshape(-1))
        loss.backward()
        optimizer.step()
        total += loss.item()
    print("epoch", epoch, "loss", total / len(train_iterator))  # noqa: T201
