"""A perceptron that returns log-probabilities, trained with NLLLoss; Sequential, AdamW, weights averaged at the end."""

import copy

import matplotlib.pyplot as plt
import torch
from torch import nn


def build_model():
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(784, 256),
        nn.ReLU(),
        nn.Dropout(0.1),
        nn.Linear(256, 10),
        nn.LogSoftmax(dim=1),
    )


@torch.no_grad()
def measure(model, images, labels):
    model.eval()
    log_probabilities = model(images)
    return nn.functional.nll_loss(log_probabilities, labels).item(), (log_probabilities.argmax(1) == labels).float().mean().item()


def train(model, images, labels, val_images, val_labels):
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-3)
    criterion = nn.NLLLoss()
    history = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
    best, best_state = 0.0, copy.deepcopy(model.state_dict())
    for _ in range(8):
        model.train()
        order = torch.randperm(len(labels))
        for start in range(0, len(order), 32):
            batch = order[start : start + 32]
            shifted = images[batch].roll(shifts=int(torch.randint(-1, 2, (1,))), dims=3)
            optimizer.zero_grad()
            criterion(model(shifted), labels[batch]).backward()
            optimizer.step()
        loss, accuracy = measure(model, images, labels)
        val_loss, val_accuracy = measure(model, val_images, val_labels)
        for key, value in zip(history, (loss, accuracy, val_loss, val_accuracy)):
            history[key].append(value)
        if val_accuracy > best:
            best, best_state = val_accuracy, copy.deepcopy(model.state_dict())
    model.load_state_dict(best_state)
    return history


def plot_history(history, path):
    fig, axes = plt.subplots(2, 1, sharex=True)
    axes[0].plot(history["loss"], "b-")
    axes[0].plot(history["val_loss"], "r--")
    axes[0].set_ylabel("loss")
    axes[1].plot(history["accuracy"], "b-")
    axes[1].plot(history["val_accuracy"], "r--")
    axes[1].set_ylabel("accuracy")
    fig.savefig(path, format="png")
    plt.close(fig)
