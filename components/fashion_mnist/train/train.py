"""A convolutional network for small grey images, trained on the rows of a CSV file."""

import keras
import matplotlib
import mlflow
import numpy as np
import pandas as pd
from keras import layers

matplotlib.use("Agg")

from matplotlib import pyplot as plt  # noqa: E402 - after the choice of a back end without a screen

CLASSES = 10
IMAGE_SHAPE = (28, 28, 1)
BATCH_SIZE = 128


def train(input_folder, model_folder, epochs):
    """Fit a new network to ``input_folder``/\\*.csv and save it as ``model_folder``/model.keras."""
    keras.utils.set_random_seed(13)
    images, labels = load(input_folder)
    model = build_model()
    model.compile(loss="sparse_categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    model.summary()
    # Keras takes the validation rows from the end, so the rows are shuffled before.
    order = np.random.permutation(len(images))
    history = model.fit(
        images[order],
        labels[order],
        batch_size=BATCH_SIZE,
        epochs=epochs,
        validation_split=0.2,
        callbacks=[LogToMlflow()],
        verbose=2,
    )
    mlflow.log_figure(plot(history.history), "loss_and_accuracy.png")
    model.save(model_folder / "model.keras")


def load(folder):
    """Images scaled to 0..1, shape (rows, 28, 28, 1), and their labels, from the folder's CSV files."""
    files = sorted(folder.glob("*.csv"))
    if not files:
        raise SystemExit(f"no CSV file in {folder}")
    rows = np.concatenate([pd.read_csv(file, header=None, dtype=np.uint8).to_numpy() for file in files])
    return rows[:, 1:].reshape(-1, *IMAGE_SHAPE).astype("float32") / 255, rows[:, 0]


def build_model():
    """Three convolutions, each followed by dropout, and a dense classifier on top."""
    return keras.Sequential(
        [
            keras.Input(IMAGE_SHAPE),
            layers.Conv2D(32, 3, activation="relu", kernel_initializer="he_normal"),
            layers.MaxPooling2D(2),
            layers.Dropout(0.25),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Dropout(0.25),
            layers.Conv2D(128, 3, activation="relu"),
            layers.Dropout(0.4),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.3),
            layers.Dense(CLASSES, activation="softmax"),
        ]
    )


class LogToMlflow(keras.callbacks.Callback):
    """Logs loss and accuracy, of training and validation, after every epoch."""

    def on_epoch_end(self, epoch, logs=None):
        mlflow.log_metrics({name: float(value) for name, value in (logs or {}).items()}, step=epoch)


def plot(history):
    """Loss and accuracy over the epochs, side by side."""
    figure, panels = plt.subplots(1, 2, figsize=(11, 4))
    for panel, metric in zip(panels, ("loss", "accuracy"), strict=True):
        panel.plot(history[metric], label="training")
        panel.plot(history[f"val_{metric}"], label="validation")
        panel.set(title=metric, xlabel="epoch")
        panel.legend()
    figure.tight_layout()
    return figure
