"""A `keras.Model` with its own `train_step`, trained by `fit`; the history is the one that `fit` returns."""

import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

EPOCHS, BATCH = 34, 32


def build_generator(latent_dim):
    start = keras.initializers.RandomNormal(stddev=0.02)
    return keras.Sequential([
        keras.Input((latent_dim,)),
        layers.Dense(7 * 7 * 64, use_bias=False, kernel_initializer=start),
        layers.BatchNormalization(momentum=0.9),
        layers.ReLU(),
        layers.Reshape((7, 7, 64)),
        layers.Conv2DTranspose(32, 4, strides=2, padding="same", use_bias=False, kernel_initializer=start),
        layers.BatchNormalization(momentum=0.9),
        layers.ReLU(),
        layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="tanh", kernel_initializer=start),
    ], name="generator")


def build_discriminator():
    start = keras.initializers.RandomNormal(stddev=0.02)
    return keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Conv2D(32, 4, strides=2, padding="same", kernel_initializer=start),
        layers.LeakyReLU(0.2),
        layers.Dropout(0.3),
        layers.Conv2D(32, 4, strides=2, padding="same", kernel_initializer=start),
        layers.LeakyReLU(0.2),
        layers.Dropout(0.3),
        layers.Flatten(),
        layers.Dense(1, activation="sigmoid"),
    ], name="discriminator")


class GAN(keras.Model):
    def __init__(self, generator, discriminator, latent_dim):
        super().__init__()
        self.generator = generator
        self.discriminator = discriminator
        self.latent_dim = latent_dim
        self.g_tracker = keras.metrics.Mean(name="g_loss")
        self.d_tracker = keras.metrics.Mean(name="d_loss")

    @property
    def metrics(self):
        return [self.g_tracker, self.d_tracker]

    def compile(self, g_optimizer, d_optimizer, loss_fn):
        super().compile()
        self.g_optimizer = g_optimizer
        self.d_optimizer = d_optimizer
        self.loss_fn = loss_fn

    def train_step(self, real):
        size = tf.shape(real)[0]
        ones, zeros = tf.ones((size, 1)), tf.zeros((size, 1))

        fake = self.generator(tf.random.normal((size, self.latent_dim)), training=True)
        with tf.GradientTape() as tape:
            on_real = self.discriminator(real, training=True)
            on_fake = self.discriminator(fake, training=True)
            d_loss = self.loss_fn(0.9 * ones, on_real) + self.loss_fn(zeros, on_fake)
        weights = self.discriminator.trainable_weights
        self.d_optimizer.apply_gradients(zip(tape.gradient(d_loss, weights), weights))

        with tf.GradientTape() as tape:
            fake = self.generator(tf.random.normal((size, self.latent_dim)), training=True)
            g_loss = self.loss_fn(ones, self.discriminator(fake, training=True))
        weights = self.generator.trainable_weights
        self.g_optimizer.apply_gradients(zip(tape.gradient(g_loss, weights), weights))

        self.g_tracker.update_state(g_loss)
        self.d_tracker.update_state(d_loss)
        return {metric.name: metric.result() for metric in self.metrics}


def train(generator, discriminator, faces, latent_dim):
    gan = GAN(generator, discriminator, latent_dim)
    gan.compile(
        g_optimizer=keras.optimizers.Adam(2e-3, beta_1=0.5),
        d_optimizer=keras.optimizers.Adam(2e-3, beta_1=0.5),
        loss_fn=keras.losses.BinaryCrossentropy(),
    )
    both = tf.concat([faces, faces[:, :, ::-1]], 0)
    dataset = tf.data.Dataset.from_tensor_slices(both).shuffle(1024).batch(BATCH, drop_remainder=True)
    history = gan.fit(dataset, epochs=EPOCHS, verbose=0).history
    return {"g_loss": history["g_loss"], "d_loss": history["d_loss"]}


def generate(generator, n, latent_dim):
    return generator.predict(tf.random.normal((n, latent_dim)), verbose=0)
