"""A GAN in one class, in the manner of an old tutorial: it was written for coloured pictures of 112 by 112, and is fed the faces as they are."""

import numpy as np
import tensorflow as tf
from tensorflow.keras import layers


class GAN:
    def __init__(self, latent_dim=100):
        self.latent_dim = latent_dim
        self.image_shape = (112, 112, 3)
        self.optimizer_g = tf.keras.optimizers.Adam(2e-4, beta_1=0.5)
        self.optimizer_d = tf.keras.optimizers.Adam(2e-4, beta_1=0.5)
        self.loss = tf.keras.losses.BinaryCrossentropy()
        self.generator = self.build_generator()
        self.discriminator = self.build_discriminator()

    def build_generator(self):
        return tf.keras.Sequential(
            [
                tf.keras.Input((self.latent_dim,)),
                layers.Dense(28 * 28 * 16, activation="relu"),
                layers.Reshape((28, 28, 16)),
                layers.UpSampling2D(),
                layers.Conv2D(16, 3, padding="same", activation="relu"),
                layers.UpSampling2D(),
                layers.Conv2D(self.image_shape[-1], 3, padding="same", activation="tanh"),
            ]
        )

    def build_discriminator(self):
        return tf.keras.Sequential(
            [
                tf.keras.Input(self.image_shape),
                layers.Conv2D(16, 3, strides=2, padding="same"),
                layers.LeakyReLU(),
                layers.Flatten(),
                layers.Dense(1, activation="sigmoid"),
            ]
        )

    def train_step(self, real):
        noise = tf.random.normal((len(real), self.latent_dim))
        with tf.GradientTape() as tape_g, tf.GradientTape() as tape_d:
            fake = self.generator(noise, training=True)
            on_real = self.discriminator(real, training=True)
            on_fake = self.discriminator(fake, training=True)
            loss_g = self.loss(tf.ones_like(on_fake), on_fake)
            loss_d = self.loss(tf.ones_like(on_real), on_real) + self.loss(tf.zeros_like(on_fake), on_fake)
        for tape, loss, network, optimizer in (
            (tape_g, loss_g, self.generator, self.optimizer_g),
            (tape_d, loss_d, self.discriminator, self.optimizer_d),
        ):
            gradients = tape.gradient(loss, network.trainable_variables)
            optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))
        return float(loss_g), float(loss_d)

    def train(self, faces, steps=200, batch=32):
        history = {"g_loss": [], "d_loss": []}
        for _ in range(steps):
            chosen = np.random.randint(0, len(faces), batch)
            loss_g, loss_d = self.train_step(tf.gather(faces, chosen))
            history["g_loss"].append(loss_g)
            history["d_loss"].append(loss_d)
        return history


def build_generator(latent_dim):
    return GAN(latent_dim).generator


def build_discriminator():
    return GAN().discriminator


def train(generator, discriminator, faces, latent_dim):
    gan = GAN(latent_dim)
    gan.generator, gan.discriminator = generator, discriminator
    return gan.train(faces)


def generate(generator, n, latent_dim):
    return generator(tf.random.normal((n, latent_dim)), training=False)
