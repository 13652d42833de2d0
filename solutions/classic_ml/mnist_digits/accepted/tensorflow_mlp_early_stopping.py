"""A perceptron with batch normalisation, fit with early stopping that restores the best weights."""

import matplotlib.pyplot as plt
import tensorflow as tf


def build_model():
    return tf.keras.Sequential(
        [
            tf.keras.Input((28, 28, 1)),
            tf.keras.layers.Flatten(),
            tf.keras.layers.Dense(128, use_bias=False),
            tf.keras.layers.BatchNormalization(momentum=0.9),
            tf.keras.layers.ReLU(),
            tf.keras.layers.Dense(10, activation="softmax"),
        ]
    )


def train(model, images, labels, val_images, val_labels):
    model.compile(
        optimizer=tf.keras.optimizers.Adam(2e-3),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    stop = tf.keras.callbacks.EarlyStopping(monitor="val_accuracy", patience=3, restore_best_weights=True)
    fitted = model.fit(
        images, labels, batch_size=64, epochs=10, validation_data=(val_images, val_labels), callbacks=[stop], verbose=0
    )
    return {key: [float(v) for v in fitted.history[key]] for key in ("loss", "accuracy", "val_loss", "val_accuracy")}


def plot_history(history, path):
    figure, (top, bottom) = plt.subplots(2)
    top.plot(history["loss"])
    top.plot(history["val_loss"])
    bottom.plot(history["accuracy"])
    bottom.plot(history["val_accuracy"])
    figure.savefig(path)
    plt.close(figure)
