"""A plain script: load the faces, train a small DCGAN, show a sheet of pictures and the two curves."""

import matplotlib.pyplot as plt
import torch
from judge_data import load_faces
from torch import nn

latent_dim = 64
batch_size = 32
epochs = 28
device = "cuda" if torch.cuda.is_available() else "cpu"

faces = torch.from_numpy(load_faces()).permute(0, 3, 1, 2).contiguous()
loader = torch.utils.data.DataLoader(torch.cat([faces, faces.flip(3)]), batch_size, shuffle=True, drop_last=True)

generator = nn.Sequential(
    nn.ConvTranspose2d(latent_dim, 64, 7, 1, 0, bias=False), nn.BatchNorm2d(64), nn.ReLU(True),
    nn.ConvTranspose2d(64, 32, 4, 2, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU(True),
    nn.ConvTranspose2d(32, 1, 4, 2, 1), nn.Tanh(),
).to(device)
discriminator = nn.Sequential(
    nn.Conv2d(1, 32, 4, 2, 1), nn.LeakyReLU(0.2, True), nn.Dropout(0.3),
    nn.Conv2d(32, 32, 4, 2, 1), nn.LeakyReLU(0.2, True), nn.Dropout(0.3),
    nn.Flatten(), nn.Linear(32 * 7 * 7, 1), nn.Sigmoid(),
).to(device)

criterion = nn.BCELoss()
optimizer_g = torch.optim.Adam(generator.parameters(), lr=0.002, betas=(0.5, 0.999))
optimizer_d = torch.optim.Adam(discriminator.parameters(), lr=0.002, betas=(0.5, 0.999))
g_losses, d_losses = [], []

for epoch in range(epochs):
    for real in loader:
        real = real.to(device)
        ones = torch.ones(len(real), 1, device=device)
        noise = torch.randn(len(real), latent_dim, 1, 1, device=device)

        discriminator.zero_grad()
        fake = generator(noise)
        loss_real = criterion(discriminator(real), ones * 0.9)
        loss_real.backward()
        loss_fake = criterion(discriminator(fake.detach()), ones * 0)
        loss_fake.backward()
        optimizer_d.step()

        generator.zero_grad()
        loss_g = criterion(discriminator(fake), ones)
        loss_g.backward()
        optimizer_g.step()

        g_losses.append(loss_g.item())
        d_losses.append(loss_real.item() + loss_fake.item())
    if epoch % 7 == 6:
        print(f"epoch {epoch + 1}/{epochs}  d_loss {d_losses[-1]:.3f}  g_loss {g_losses[-1]:.3f}")

generator.eval()
with torch.no_grad():
    pictures = generator(torch.randn(16, latent_dim, 1, 1, device=device)).cpu() * 0.5 + 0.5
figure, axes = plt.subplots(2, 8, figsize=(8, 2))
for axis, picture in zip(axes.flat, pictures):
    axis.imshow(picture[0], cmap="gray", vmin=0, vmax=1)
    axis.axis("off")
plt.show()

plt.plot(d_losses, label="discriminator")
plt.plot(g_losses, label="generator")
plt.legend()
plt.show()
