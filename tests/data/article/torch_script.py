"""A plain script over torchvision's data set, two short epochs, its curve drawn and shown."""

import matplotlib.pyplot as plt
import torch
from torch import nn
from torchvision import datasets, transforms

train = datasets.MNIST("./data", train=True, download=True, transform=transforms.ToTensor())
loader = torch.utils.data.DataLoader(train, batch_size=128, shuffle=True)
model = nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)

losses = []
for _ in range(2):
    for images, labels in loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())

plt.plot(losses)
plt.savefig("loss.png")
