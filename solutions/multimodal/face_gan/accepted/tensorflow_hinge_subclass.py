"""Subclassed Keras models and the hinge loss; the generator ends in a sigmoid that is mapped to [-1, 1]."""

import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

EPOCHS, BATCH = 60, 28


class Generator(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(7 * 7 * 64, use_bias=False)
        self.norms = [layers.BatchNormalization(momentum=0.9) for _ in range(2)]
        self.up = layers.Conv2DTranspose(32, 4, 2, padding="same", use_bias=False, kernel_initializer="random_normal")
        self.out = layers.Conv2DTranspose(1, 4, 2, padding="same", kernel_initializer="random_normal")

    def call(self, z, training=False):
        x = tf.reshape(self.dense(z), (-1, 7, 7, 64))
        x = tf.nn.relu(self.norms[0](x, training=training))
        x = tf.nn.relu(self.norms[1](self.up(x), training=training))
        return 2 * tf.sigmoid(self.out(x)) - 1


class Discriminator(keras.Model):
    def __init__(self):
        super().__init__()
        self.first = layers.Conv2D(32, 4, 2, padding="same", kernel_initializer="random_normal")
        self.second = layers.Conv2D(32, 4, 2, padding="same", kernel_initializer="random_normal")
        self.drop = layers.Dropout(0.3)
        self.score = layers.Dense(1)

    def call(self, x, training=False):
        x = self.drop(tf.nn.leaky_relu(self.first(x), 0.2), training=training)
        x = self.drop(tf.nn.leaky_relu(self.second(x), 0.2), training=training)
        return self.score(tf.reshape(x, (-1, 7 * 7 * 32)))


def build_generator(latent_dim):
    model = Generator()
    model(tf.zeros((1, latent_dim)))
    return model


def build_discriminator():
    model = Discriminator()
    model(tf.zeros((1, 28, 28, 1)))
    return model


def train(generator, discriminator, faces, latent_dim):
    g_optimizer = keras.optimizers.Adam(2e-3, beta_1=0.5)
    d_optimizer = keras.optimizers.Adam(2e-3, beta_1=0.5)

    @tf.function
    def step(real):
        real = tf.image.random_flip_left_right(real)
        z = tf.random.normal((BATCH, latent_dim))
        with tf.GradientTape() as d_tape:
            fake = generator(z, training=True)
            d_loss = tf.reduce_mean(tf.nn.relu(1 - discriminator(real, training=True)))
            d_loss += tf.reduce_mean(tf.nn.relu(1 + discriminator(tf.stop_gradient(fake), training=True)))
        gradients = d_tape.gradient(d_loss, discriminator.trainable_variables)
        d_optimizer.apply(gradients, discriminator.trainable_variables)
        with tf.GradientTape() as g_tape:
            g_loss = -tf.reduce_mean(discriminator(generator(z, training=True), training=True))
        gradients = g_tape.gradient(g_loss, generator.trainable_variables)
        g_optimizer.apply(gradients, generator.trainable_variables)
        return g_loss, d_loss

    batches = tf.data.Dataset.from_tensor_slices(faces).shuffle(len(faces)).batch(BATCH, drop_remainder=True)
    history = {"g_loss": [], "d_loss": []}
    for _ in range(EPOCHS):
        losses = [step(real) for real in batches]
        history["g_loss"].append(float(tf.reduce_mean([g for g, _ in losses])))
        history["d_loss"].append(float(tf.reduce_mean([d for _, d in losses])))
    return history


def generate(generator, n, latent_dim):
    return generator(tf.random.normal([n, latent_dim]), training=False)
