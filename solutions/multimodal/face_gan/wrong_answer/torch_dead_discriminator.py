"""A ReLU behind the last layer, and a learning rate at which the discriminator is soon content to answer 0 to everything."""

import torch
import torch.nn.functional as F
from torch import nn

STEPS, BATCH = 120, 32


def build_generator(latent_dim):
    return nn.Sequential(
        nn.Linear(latent_dim, 64 * 7 * 7, bias=False), nn.Unflatten(1, (64, 7, 7)), nn.BatchNorm2d(64), nn.LeakyReLU(0.2), nn.Dropout(0.3),
        nn.ConvTranspose2d(64, 32, 4, 2, 1, bias=False), nn.BatchNorm2d(32), nn.LeakyReLU(0.2), nn.Dropout(0.3),
        nn.ConvTranspose2d(32, 1, 4, 2, 1), nn.Tanh(),
    )


def build_discriminator():
    return nn.Sequential(
        nn.Conv2d(1, 32, 4, 2, 1), nn.LeakyReLU(0.2), nn.Dropout(0.3),
        nn.Conv2d(32, 32, 4, 2, 1), nn.LeakyReLU(0.2), nn.Dropout(0.3),
        nn.Flatten(), nn.Linear(32 * 7 * 7, 1), nn.ReLU(),
    )


def train(generator, discriminator, faces, latent_dim):
    generator.train()
    discriminator.train()
    optimizer_g = torch.optim.Adam(generator.parameters(), lr=2e-3, betas=(0.5, 0.999))
    optimizer_d = torch.optim.Adam(discriminator.parameters(), lr=5e-2, betas=(0.5, 0.999))
    history = {"g_loss": [], "d_loss": []}
    for step in range(STEPS):
        real = faces[torch.randint(len(faces), (BATCH,), device=faces.device)]
        real = torch.where(torch.rand(BATCH, 1, 1, 1, device=faces.device) < 0.5, real.flip(-1), real)
        fake = generator(torch.randn(BATCH, latent_dim, device=faces.device))

        on_real, on_fake = discriminator(real), discriminator(fake.detach())
        loss_d = (F.binary_cross_entropy_with_logits(on_real, torch.full_like(on_real, 0.9))
                  + F.binary_cross_entropy_with_logits(on_fake, torch.zeros_like(on_fake)))
        optimizer_d.zero_grad()
        loss_d.backward()
        optimizer_d.step()

        on_fake = discriminator(fake)
        loss_g = F.binary_cross_entropy_with_logits(on_fake, torch.ones_like(on_fake))
        optimizer_g.zero_grad()
        loss_g.backward()
        optimizer_g.step()

        if step % 20 == 0:
            history["g_loss"].append(loss_g.item())
            history["d_loss"].append(loss_d.item())
    return history


@torch.no_grad()
def generate(generator, n, latent_dim):
    generator.eval()
    return generator(torch.randn(n, latent_dim, device=next(generator.parameters()).device))
