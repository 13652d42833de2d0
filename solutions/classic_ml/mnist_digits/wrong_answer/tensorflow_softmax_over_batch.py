"""Softmax over the batch."""

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf


class Net(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.conv1 = tf.keras.layers.Conv2D(16, 3, padding="same", activation="relu")
        self.pool = tf.keras.layers.MaxPool2D()
        self.conv2 = tf.keras.layers.Conv2D(32, 3, padding="same", activation="relu")
        self.flatten = tf.keras.layers.Flatten()
        self.dropout = tf.keras.layers.Dropout(0.2)
        self.dense = tf.keras.layers.Dense(10)

    def call(self, x, training=False):
        x = self.pool(self.conv1(x))
        x = self.pool(self.conv2(x))
        return tf.nn.softmax(self.dense(self.dropout(self.flatten(x), training=training)), axis=0)


def build_model():
    model = Net()
    model(tf.zeros((1, 28, 28, 1)))
    return model


def train(model, images, labels, val_images, val_labels):
    loss_object = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = tf.keras.optimizers.Adam(1e-3)
    dataset = tf.data.Dataset.from_tensor_slices((images, labels)).shuffle(4000).batch(32)

    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            logits = model(x, training=True)
            loss = loss_object(y, logits)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
        return loss, tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), y), tf.float32))

    history = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
    for _ in range(5):
        results = [step(x, y) for x, y in dataset]
        logits = model(val_images, training=False)
        history["loss"].append(float(np.mean([r[0] for r in results])))
        history["accuracy"].append(float(np.mean([r[1] for r in results])))
        history["val_loss"].append(float(loss_object(val_labels, logits)))
        history["val_accuracy"].append(float(np.mean(np.argmax(logits, 1) == val_labels.numpy())))
    return history


def plot_history(history, path):
    figure, axes = plt.subplots(1, 2)
    for axis, key in zip(axes, ("loss", "accuracy")):
        axis.plot(history[key])
        axis.plot(history[f"val_{key}"])
        axis.set_title(key)
    figure.savefig(path)
    plt.close(figure)
