"""Hinge loss with spectral normalisation in the discriminator, and an average of the generator's weights to paint with."""

import copy

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

STEPS, BATCH = 450, 32


def build_generator(latent_dim):
    return nn.Sequential(
        nn.Linear(latent_dim, 64 * 7 * 7, bias=False),
        nn.Unflatten(1, (64, 7, 7)),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.ConvTranspose2d(64, 32, 4, 2, 1, bias=False),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.ConvTranspose2d(32, 1, 4, 2, 1),
        nn.Tanh(),
    )


def build_discriminator():
    return nn.Sequential(
        spectral_norm(nn.Conv2d(1, 32, 4, 2, 1)),
        nn.LeakyReLU(0.1),
        spectral_norm(nn.Conv2d(32, 32, 4, 2, 1)),
        nn.LeakyReLU(0.1),
        nn.Flatten(),
        spectral_norm(nn.Linear(32 * 7 * 7, 1)),
    )


def mirrored_at_random(batch):
    coin = torch.rand(len(batch), 1, 1, 1, device=batch.device) < 0.5
    return torch.where(coin, batch.flip(-1), batch)


def set_trainable(network, value):
    for parameter in network.parameters():
        parameter.requires_grad_(value)


def train(generator, discriminator, faces, latent_dim):
    generator.train()
    discriminator.train()
    average = copy.deepcopy(generator)
    optimizer_g = torch.optim.Adam(generator.parameters(), lr=1e-3, betas=(0.0, 0.9))
    optimizer_d = torch.optim.Adam(discriminator.parameters(), lr=2e-3, betas=(0.0, 0.9))
    history = {"g_loss": [], "d_loss": []}
    for step in range(STEPS):
        real = mirrored_at_random(faces[torch.randperm(len(faces), device=faces.device)[:BATCH]])
        z = torch.randn(BATCH, latent_dim, device=faces.device)

        set_trainable(discriminator, True)
        with torch.no_grad():
            fake = generator(z)
        loss_d = F.relu(1 - discriminator(real)).mean() + F.relu(1 + discriminator(fake)).mean()
        optimizer_d.zero_grad(set_to_none=True)
        loss_d.backward()
        optimizer_d.step()

        set_trainable(discriminator, False)
        loss_g = -discriminator(generator(z)).mean()
        optimizer_g.zero_grad(set_to_none=True)
        loss_g.backward()
        optimizer_g.step()

        with torch.no_grad():
            for kept, current in zip(average.state_dict().values(), generator.state_dict().values()):
                kept.lerp_(current, 0.05) if kept.is_floating_point() else kept.copy_(current)
        if step % 15 == 14:
            history["g_loss"].append(loss_g.item())
            history["d_loss"].append(loss_d.item())
    set_trainable(discriminator, True)
    generator.load_state_dict(average.state_dict())
    return history


def generate(generator, n, latent_dim):
    generator.eval()
    with torch.inference_mode():
        return generator(torch.randn(n, latent_dim, device=next(generator.parameters()).device)).clone()
