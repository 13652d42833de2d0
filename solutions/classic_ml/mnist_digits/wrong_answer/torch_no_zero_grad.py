"""The gradients of all earlier batches pile up."""

import matplotlib
import torch
import torch.nn as nn
import torch.nn.functional as F

matplotlib.use("Agg")
import matplotlib.pyplot as plt

EPOCHS, BATCH = 6, 50


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = (x - 0.1307) / 0.3081
        x = F.max_pool2d(torch.relu(self.conv1(x)), 2)
        x = F.max_pool2d(torch.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        return self.fc3(torch.relu(self.fc2(torch.relu(self.fc1(x)))))


def build_model():
    return LeNet()


def train(model, images, labels, val_images, val_labels):
    steps = EPOCHS * ((len(images) + BATCH - 1) // BATCH)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, nesterov=True)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.05, total_steps=steps)
    history = {key: [] for key in ("loss", "accuracy", "val_loss", "val_accuracy")}
    for _ in range(EPOCHS):
        model.train()
        losses, hits = [], 0
        for index in torch.randperm(len(images), device=images.device).split(BATCH):
            logits = model(images[index])
            loss = F.cross_entropy(logits, labels[index])
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            optimizer.step()
            scheduler.step()
            losses.append(float(loss))
            hits += int((logits.argmax(-1) == labels[index]).sum())
        model.eval()
        with torch.inference_mode():
            scores = model(val_images)
        history["loss"].append(sum(losses) / len(losses))
        history["accuracy"].append(hits / len(images))
        history["val_loss"].append(float(F.cross_entropy(scores, val_labels)))
        history["val_accuracy"].append(float((scores.argmax(-1) == val_labels).float().mean()))
    return history


def plot_history(history, path):
    plt.figure(figsize=(6, 6))
    for number, key in enumerate(("loss", "accuracy"), start=1):
        plt.subplot(2, 1, number)
        epochs = range(1, len(history[key]) + 1)
        plt.plot(epochs, history[key], "o-", label=key)
        plt.plot(epochs, history["val_" + key], "s--", label="val_" + key)
        plt.xlabel("epoch")
        plt.legend()
    plt.tight_layout()
    plt.savefig(path, dpi=80)
    plt.close()
