"""The functional API with train_on_batch, one-hot labels and a rescaling layer."""

import matplotlib

matplotlib.use("Agg")
import keras
import matplotlib.pyplot as plt
import numpy as np


def build_model():
    inputs = keras.Input((28, 28, 1))
    x = keras.layers.Rescaling(2.0, offset=-1.0)(inputs)
    x = keras.layers.Conv2D(24, 5, strides=2, activation="relu")(x)
    x = keras.layers.Conv2D(32, 3, strides=2, activation="relu")(x)
    x = keras.layers.Flatten()(x)
    x = keras.layers.Dense(64, activation="relu")(x)
    model = keras.Model(inputs, keras.layers.Dense(10)(x))
    model.compile(keras.optimizers.RMSprop(1e-3), keras.losses.CategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    return model


def train(model, images, labels, val_images, val_labels):
    x, y = np.array(images), keras.utils.to_categorical(np.array(labels), 10)
    val_y = keras.utils.to_categorical(np.array(val_labels), 10)
    history = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
    for _ in range(6):
        order = np.random.permutation(len(x))
        for start in range(0, len(x), 32):
            batch = order[start : start + 32]
            loss, accuracy = model.train_on_batch(x[batch], y[batch])
        model.reset_metrics()
        val_loss, val_accuracy = model.evaluate(val_images, val_y, verbose=0)
        for key, value in zip(history, (loss, accuracy, val_loss, val_accuracy)):
            history[key].append(float(value))
    return history


def plot_history(history, path):
    for key in history:
        plt.plot(history[key], label=key)
    plt.legend()
    plt.savefig(path)
    plt.clf()
