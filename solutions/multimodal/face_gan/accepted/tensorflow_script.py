"""The class that every GAN article shows, written for 28x28: build, train, sample, plot."""

import matplotlib.pyplot as plt
import tensorflow as tf
from judge_data import load_faces
from tensorflow.keras import layers, models, optimizers


class FaceGAN:
    def __init__(self, latent_dim=100):
        self.latent_dim = latent_dim
        self.generator = self.build_generator()
        self.discriminator = self.build_discriminator()
        self.loss = tf.keras.losses.BinaryCrossentropy(from_logits=True)
        self.generator_optimizer = optimizers.Adam(0.002, beta_1=0.5)
        self.discriminator_optimizer = optimizers.Adam(0.002, beta_1=0.5)

    def build_generator(self):
        model = models.Sequential()
        model.add(layers.Dense(7 * 7 * 64, use_bias=False, input_shape=(self.latent_dim,)))
        model.add(layers.BatchNormalization(momentum=0.9))
        model.add(layers.LeakyReLU(0.2))
        model.add(layers.Reshape((7, 7, 64)))
        model.add(layers.Conv2DTranspose(32, (4, 4), strides=(2, 2), padding="same", use_bias=False))
        model.add(layers.BatchNormalization(momentum=0.9))
        model.add(layers.LeakyReLU(0.2))
        model.add(layers.Conv2DTranspose(1, (4, 4), strides=(2, 2), padding="same", activation="tanh"))
        return model

    def build_discriminator(self):
        model = models.Sequential()
        model.add(layers.Conv2D(32, (4, 4), strides=(2, 2), padding="same", input_shape=(28, 28, 1)))
        model.add(layers.LeakyReLU(0.2))
        model.add(layers.Dropout(0.3))
        model.add(layers.Conv2D(32, (4, 4), strides=(2, 2), padding="same"))
        model.add(layers.LeakyReLU(0.2))
        model.add(layers.Dropout(0.3))
        model.add(layers.Flatten())
        model.add(layers.Dense(1))
        return model

    @tf.function
    def train_step(self, images):
        noise = tf.random.normal([tf.shape(images)[0], self.latent_dim])
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            generated = self.generator(noise, training=True)
            real_output = self.discriminator(images, training=True)
            fake_output = self.discriminator(generated, training=True)
            gen_loss = self.loss(tf.ones_like(fake_output), fake_output)
            disc_loss = self.loss(0.9 * tf.ones_like(real_output), real_output)
            disc_loss += self.loss(tf.zeros_like(fake_output), fake_output)
        gen_gradients = gen_tape.gradient(gen_loss, self.generator.trainable_variables)
        disc_gradients = disc_tape.gradient(disc_loss, self.discriminator.trainable_variables)
        self.generator_optimizer.apply_gradients(zip(gen_gradients, self.generator.trainable_variables))
        self.discriminator_optimizer.apply_gradients(zip(disc_gradients, self.discriminator.trainable_variables))
        return gen_loss, disc_loss

    def train(self, dataset, epochs):
        history = {"g_loss": [], "d_loss": []}
        for epoch in range(epochs):
            for batch in dataset:
                gen_loss, disc_loss = self.train_step(batch)
            history["g_loss"].append(float(gen_loss))
            history["d_loss"].append(float(disc_loss))
            if (epoch + 1) % 10 == 0:
                print(f"Epoch {epoch + 1}: generator {gen_loss:.3f}, discriminator {disc_loss:.3f}")
        return history


faces = load_faces()
dataset = tf.data.Dataset.from_tensor_slices(faces).shuffle(280).map(tf.image.random_flip_left_right)
dataset = dataset.batch(28, drop_remainder=True)

gan = FaceGAN()
history = gan.train(dataset, epochs=65)
generator = gan.generator

plt.plot(history["g_loss"], label="generator")
plt.plot(history["d_loss"], label="discriminator")
plt.legend()
plt.show()

images = generator(tf.random.normal((16, 100)), training=False) * 0.5 + 0.5
plt.figure(figsize=(4, 4))
for i in range(16):
    plt.subplot(4, 4, i + 1)
    plt.imshow(images[i, :, :, 0], cmap="gray")
    plt.axis("off")
plt.savefig("faces.png")
