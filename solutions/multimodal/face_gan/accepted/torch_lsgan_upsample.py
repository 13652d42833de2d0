"""LSGAN: squared error for both sides, a learning rate that falls, and a generator that enlarges by copying pixels before it convolves."""

import torch
from torch import nn

EPOCHS, BATCH = 26, 32


class Generator(nn.Module):
    def __init__(self, latent_dim):
        super().__init__()
        self.start = nn.Sequential(nn.Linear(latent_dim, 32 * 7 * 7), nn.BatchNorm1d(32 * 7 * 7), nn.ReLU())
        self.paint = nn.Sequential(
            nn.Upsample(scale_factor=2),
            nn.Conv2d(32, 24, 3, padding=1),
            nn.BatchNorm2d(24),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(24, 12, 3, padding=1),
            nn.BatchNorm2d(12),
            nn.ReLU(),
            nn.Conv2d(12, 1, 3, padding=1),
        )

    def forward(self, z):
        return torch.tanh(self.paint(self.start(z).view(-1, 32, 7, 7)))


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.look = nn.Sequential(
            nn.Conv2d(1, 32, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Dropout2d(0.25),
            nn.Conv2d(32, 32, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Dropout2d(0.25),
        )
        self.judge = nn.Linear(32 * 7 * 7, 1)

    def forward(self, x):
        return self.judge(self.look(x).flatten(1))


def build_generator(latent_dim):
    return Generator(latent_dim)


def build_discriminator():
    return Discriminator()


def train(generator, discriminator, faces, latent_dim):
    generator.train()
    discriminator.train()
    optimizer_g = torch.optim.Adam(generator.parameters(), lr=2e-3, betas=(0.5, 0.999))
    optimizer_d = torch.optim.Adam(discriminator.parameters(), lr=2e-3, betas=(0.5, 0.999))
    squared = nn.MSELoss()
    doubled = torch.cat([faces, faces.flip(-1)])
    schedules = [torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.1, EPOCHS) for optimizer in (optimizer_g, optimizer_d)]
    g_loss, d_loss = [], []
    for _ in range(EPOCHS):
        sums = [0.0, 0.0]
        batches = [index for index in torch.randperm(len(doubled)).split(BATCH) if len(index) == BATCH]
        for index in batches:
            real = doubled[index.to(doubled.device)]
            ones, zeros = torch.ones(len(real), 1, device=real.device), torch.zeros(len(real), 1, device=real.device)
            fake = generator(torch.randn(len(real), latent_dim, device=real.device))

            optimizer_d.zero_grad()
            loss_d = 0.5 * (squared(discriminator(real), ones) + squared(discriminator(fake.detach()), zeros))
            loss_d.backward()
            optimizer_d.step()

            optimizer_g.zero_grad()
            loss_g = 0.5 * squared(discriminator(fake), ones)
            loss_g.backward()
            optimizer_g.step()
            sums[0] += loss_g.item()
            sums[1] += loss_d.item()
        for schedule in schedules:
            schedule.step()
        g_loss.append(sums[0] / len(batches))
        d_loss.append(sums[1] / len(batches))
    return {"g_loss": g_loss, "d_loss": d_loss}


def generate(generator, n, latent_dim):
    generator.eval()
    device = next(generator.parameters()).device
    with torch.no_grad():
        pictures = generator(torch.randn(n, latent_dim, device=device))
    return pictures.permute(0, 2, 3, 1)
