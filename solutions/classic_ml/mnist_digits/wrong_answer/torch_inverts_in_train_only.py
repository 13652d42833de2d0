"""Pictures are inverted inside `train` only: what the model is used with later is another input."""

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1),
            nn.BatchNorm2d(16),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1),
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.MaxPool2d(2),
        )
        self.head = nn.Sequential(nn.Flatten(), nn.Dropout(0.2), nn.Linear(32 * 7 * 7, 10))

    def forward(self, x):
        return self.head(self.features(x))


def build_model():
    return Net()


def evaluate(model, images, labels):
    model.eval()
    with torch.no_grad():
        logits = model(images)
        loss = nn.functional.cross_entropy(logits, labels).item()
        accuracy = (logits.argmax(1) == labels).float().mean().item()
    return loss, accuracy


def train(model, images, labels, val_images, val_labels):
    images, val_images = 1 - images, 1 - val_images
    loader = DataLoader(TensorDataset(images, labels), batch_size=64, shuffle=True)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    criterion = nn.CrossEntropyLoss()
    history = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
    for epoch in range(5):
        model.train()
        total, correct = 0.0, 0
        for x, y in loader:
            optimizer.zero_grad()
            logits = model(x)
            loss = criterion(logits, y)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(y)
            correct += (logits.argmax(1) == y).sum().item()
        val_loss, val_accuracy = evaluate(model, val_images, val_labels)
        history["loss"].append(total / len(images))
        history["accuracy"].append(correct / len(images))
        history["val_loss"].append(val_loss)
        history["val_accuracy"].append(val_accuracy)
        print(f"epoch {epoch + 1}: loss {history['loss'][-1]:.3f} val_accuracy {val_accuracy:.3f}")
    return history


def plot_history(history, path):
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.5))
    left.plot(history["loss"], label="train")
    left.plot(history["val_loss"], label="val")
    left.set_title("loss")
    left.legend()
    right.plot(history["accuracy"], label="train")
    right.plot(history["val_accuracy"], label="val")
    right.set_title("accuracy")
    right.legend()
    figure.savefig(path)
    plt.close(figure)
