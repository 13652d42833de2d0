"""Flips top and bottom."""

import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

STEPS, BATCH = 600, 32


def small():
    return keras.initializers.RandomNormal(stddev=0.02)


def build_generator(latent_dim):
    return keras.Sequential([
        keras.Input((latent_dim,)),
        layers.Dense(7 * 7 * 64, use_bias=False, kernel_initializer=small()), layers.Reshape((7, 7, 64)),
        layers.BatchNormalization(momentum=0.9), layers.ReLU(),
        layers.Conv2DTranspose(32, 5, 2, padding="same", use_bias=False, kernel_initializer=small()),
        layers.BatchNormalization(momentum=0.9), layers.ReLU(),
        layers.Conv2DTranspose(1, 5, 2, padding="same", activation="tanh", kernel_initializer=small()),
    ])


def build_discriminator():
    return keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Conv2D(32, 5, 2, padding="same", kernel_initializer=small()), layers.LeakyReLU(0.2), layers.Dropout(0.3),
        layers.Conv2D(32, 5, 2, padding="same", kernel_initializer=small()), layers.LeakyReLU(0.2), layers.Dropout(0.3),
        layers.Flatten(), layers.Dense(1),
    ])


def train(generator, discriminator, faces, latent_dim):
    optimizer_g = keras.optimizers.Adam(2e-3, beta_1=0.5)
    optimizer_d = keras.optimizers.Adam(2e-3, beta_1=0.5)
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    history = {"g_loss": [], "d_loss": []}

    @tf.function
    def step(real):
        noise = tf.random.normal((BATCH, latent_dim))
        with tf.GradientTape() as tape_g, tf.GradientTape() as tape_d:
            fake = generator(noise, training=True)
            on_real = discriminator(real, training=True)
            on_fake = discriminator(fake, training=True)
            loss_g = cross_entropy(tf.ones_like(on_fake), on_fake)
            loss_d = cross_entropy(0.9 * tf.ones_like(on_real), on_real) + cross_entropy(tf.zeros_like(on_fake), on_fake)
        optimizer_g.apply(tape_g.gradient(loss_g, generator.trainable_variables), generator.trainable_variables)
        optimizer_d.apply(tape_d.gradient(loss_d, discriminator.trainable_variables), discriminator.trainable_variables)
        return loss_g, loss_d

    batches = (tf.data.Dataset.from_tensor_slices(faces).shuffle(len(faces)).repeat()
               .map(tf.image.flip_up_down).batch(BATCH).take(STEPS))
    for number, real in enumerate(batches):
        loss_g, loss_d = step(real)
        if number % 20 == 0:
            history["g_loss"].append(float(loss_g))
            history["d_loss"].append(float(loss_d))
    return history


def generate(generator, n, latent_dim):
    return generator(tf.random.normal((n, latent_dim)), training=False)
