"""LSGAN in the functional API: the generator enlarges and convolves, and the learning rate falls."""

import numpy as np
import tensorflow as tf
from tensorflow.keras import Input, Model, layers, optimizers

STEPS, BATCH = 400, 32


def build_generator(latent_dim):
    noise = Input((latent_dim,))
    x = layers.Dense(7 * 7 * 32)(noise)
    x = layers.Reshape((7, 7, 32))(x)
    for width in (24, 12):
        x = layers.BatchNormalization(momentum=0.9)(x)
        x = layers.Activation("relu")(x)
        x = layers.UpSampling2D()(x)
        x = layers.Conv2D(width, 3, padding="same")(x)
    x = layers.BatchNormalization(momentum=0.9)(x)
    x = layers.Activation("relu")(x)
    return Model(noise, layers.Conv2D(1, 3, padding="same", activation="tanh")(x))


def build_discriminator():
    picture = Input((28, 28, 1))
    x = picture
    for width in (32, 32):
        x = layers.Conv2D(width, 4, strides=2, padding="same")(x)
        x = layers.LeakyReLU(0.2)(x)
        x = layers.Dropout(0.3)(x)
    return Model(picture, layers.Dense(1)(layers.Flatten()(x)))


def train(generator, discriminator, faces, latent_dim):
    slower = optimizers.schedules.PolynomialDecay(2e-3, STEPS, 2e-4)
    g_optimizer = optimizers.Adam(slower, beta_1=0.5)
    d_optimizer = optimizers.Adam(slower, beta_1=0.5)
    g_losses, d_losses = [], []

    @tf.function
    def update_discriminator(real):
        fake = generator(tf.random.normal((BATCH, latent_dim)), training=True)
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((discriminator(real, training=True) - 1) ** 2)
            loss += tf.reduce_mean(discriminator(fake, training=True) ** 2)
        gradients = tape.gradient(loss, discriminator.trainable_variables)
        d_optimizer.apply_gradients(zip(gradients, discriminator.trainable_variables))
        return loss

    @tf.function
    def update_generator():
        with tf.GradientTape() as tape:
            fake = generator(tf.random.normal((BATCH, latent_dim)), training=True)
            loss = tf.reduce_mean((discriminator(fake, training=True) - 1) ** 2)
        gradients = tape.gradient(loss, generator.trainable_variables)
        g_optimizer.apply_gradients(zip(gradients, generator.trainable_variables))
        return loss

    for step in range(STEPS):
        real = tf.gather(faces, np.random.choice(len(faces), BATCH, replace=False))
        if step % 2:
            real = tf.reverse(real, [2])
        d_loss = update_discriminator(real)
        g_loss = update_generator()
        if step % 30 == 0:
            d_losses.append(d_loss.numpy().item())
            g_losses.append(g_loss.numpy().item())
    return {"g_loss": g_losses, "d_loss": d_losses}


def generate(generator, n, latent_dim):
    noise = np.random.normal(size=(n, latent_dim)).astype("float32")
    return generator(noise, training=False).numpy()
