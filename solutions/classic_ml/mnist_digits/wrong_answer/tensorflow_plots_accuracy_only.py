"""Only the accuracies are drawn."""

import matplotlib.pyplot as plt
import tensorflow as tf
from tensorflow.keras import layers, models


def build_model():
    model = models.Sequential(
        [
            layers.Input(shape=(28, 28, 1)),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.2),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train(model, images, labels, val_images, val_labels):
    result = model.fit(images, labels, epochs=6, batch_size=32, validation_data=(val_images, val_labels), verbose=2)
    return result.history


def plot_history(history, path):
    plt.figure(figsize=(10, 4))
    plt.subplot(1, 2, 1)
    plt.plot(history["accuracy"], label="Training Accuracy")
    plt.plot(history["val_accuracy"], label="Validation Accuracy")
    plt.legend()
    plt.subplot(1, 2, 2)
    plt.legend()
    plt.savefig(path)
    plt.close()
