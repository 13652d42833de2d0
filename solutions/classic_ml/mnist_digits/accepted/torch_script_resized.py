"""A torchvision script whose transform enlarges the pictures to 32 by 32, the size that LeNet-5 takes."""

import matplotlib.pyplot as plt
import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, 1)
        self.conv2 = nn.Conv2d(16, 32, 3, 1)
        self.dropout = nn.Dropout(0.25)
        self.fc1 = nn.Linear(32 * 14 * 14, 64)
        self.fc2 = nn.Linear(64, 10)

    def forward(self, x):
        x = torch.relu(self.conv1(x))
        x = torch.relu(self.conv2(x))
        x = torch.flatten(torch.max_pool2d(x, 2), 1)
        return torch.log_softmax(self.fc2(self.dropout(torch.relu(self.fc1(x)))), dim=1)


def run_epoch(model, loader, optimizer=None):
    model.train(optimizer is not None)
    total = correct = 0
    for data, target in loader:
        output = model(data)
        loss = nn.functional.nll_loss(output, target)
        if optimizer is not None:
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        total += loss.item() * len(target)
        correct += output.argmax(1).eq(target).sum().item()
    return total / len(loader.dataset), correct / len(loader.dataset)


if __name__ == "__main__":
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    transform = transforms.Compose([transforms.Resize(32), transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))])
    train_loader = DataLoader(datasets.MNIST("./data", train=True, download=True, transform=transform), batch_size=64, shuffle=True)
    test_loader = DataLoader(datasets.MNIST("./data", train=False, transform=transform), batch_size=500)
    model = Net().to(device)
    optimizer = optim.Adam(model.parameters(), lr=1e-3)
    losses, accuracies = [], []
    for epoch in range(4):
        loss, _ = run_epoch(model, train_loader, optimizer)
        with torch.no_grad():
            test_loss, accuracy = run_epoch(model, test_loader)
        losses.append(loss)
        accuracies.append(accuracy)
        print(f"Epoch {epoch + 1}: loss {loss:.4f}, test accuracy {accuracy:.4f}")
    plt.plot(losses, label="loss")
    plt.plot(accuracies, label="accuracy")
    plt.legend()
    plt.savefig("curve.png")
