"""A small residual network fed by DataLoader workers; returns probabilities in eval mode only."""

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

EPOCHS = 6


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels)

    def forward(self, x):
        out = F.relu(self.norm1(self.conv1(x)))
        return F.relu(x + self.norm2(self.conv2(out)))


class ResNet(nn.Module):
    def __init__(self, channels=16):
        super().__init__()
        self.stem = nn.Conv2d(1, channels, 3, stride=2, padding=1)
        self.blocks = nn.Sequential(Block(channels), nn.MaxPool2d(2), Block(channels))
        self.head = nn.Linear(channels, 10)

    def forward(self, x):
        logits = self.head(self.blocks(self.stem(x)).mean(dim=(2, 3)))
        return logits if self.training else logits.softmax(dim=-1)


def build_model():
    return ResNet()


def train(model, images, labels, val_images, val_labels):
    loader = DataLoader(TensorDataset(images, labels), batch_size=32, shuffle=True, num_workers=1, persistent_workers=True)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    falling = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS)
    history = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
    for _ in range(EPOCHS):
        model.train()
        running = count = right = 0
        for x, y in loader:
            logits = model(x)
            loss = F.cross_entropy(logits, y, label_smoothing=0.05)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            running, count = running + loss.item() * len(y), count + len(y)
            right += (logits.argmax(-1) == y).sum().item()
        falling.step()
        model.eval()
        with torch.no_grad():
            probabilities = model(val_images)
        history["loss"].append(running / count)
        history["accuracy"].append(right / count)
        history["val_loss"].append(F.nll_loss(probabilities.clamp_min(1e-9).log(), val_labels).item())
        history["val_accuracy"].append((probabilities.argmax(-1) == val_labels).float().mean().item())
    return history


def plot_history(history, path):
    figure, axis = plt.subplots()
    for key, values in history.items():
        axis.plot(range(1, len(values) + 1), values, marker=".", label=key)
    axis.legend()
    figure.savefig(path)
    plt.close(figure)
