"""Score Image Classification Keras: predict the class of every image, and compare with the labels."""

import argparse
from pathlib import Path

import keras
import mlflow
import numpy as np
import pandas as pd

IMAGE_SHAPE = (28, 28, 1)


def main():
    """Score the CSV files of ``--input_data`` with the model in ``--input_model``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input_data", type=Path, required=True, help="folder with CSV files, the label first")
    parser.add_argument("--input_model", type=Path, required=True, help="folder with one .keras or .h5 model")
    parser.add_argument("--output_result", type=Path, required=True, help="folder for predict_result.csv")
    arguments = parser.parse_args()

    model = keras.models.load_model(find_model(arguments.input_model))
    images, labels = load(arguments.input_data)
    loss, accuracy = model.evaluate(images, labels, verbose=0)
    mlflow.log_metrics({"test_loss": float(loss), "test_accuracy": float(accuracy)})
    print(f"Test loss: {loss:.4f}")
    print(f"Test accuracy: {accuracy:.4f}")

    probabilities = model.predict(images, verbose=0)
    result = pd.DataFrame(
        {"label": labels, "predicted": probabilities.argmax(axis=1), "probability": probabilities.max(axis=1)}
    )
    result.to_csv(arguments.output_result / "predict_result.csv", index=False, float_format="%.4f")


def find_model(folder):
    """The one model file in ``folder``."""
    models = sorted([*folder.glob("*.keras"), *folder.glob("*.h5")])
    if len(models) != 1:
        raise SystemExit(f"expected one model in {folder}, found {[model.name for model in models]}")
    return models[0]


def load(folder):
    """Images scaled to 0..1, shape (rows, 28, 28, 1), and their labels, from the folder's CSV files."""
    files = sorted(folder.glob("*.csv"))
    if not files:
        raise SystemExit(f"no CSV file in {folder}")
    rows = np.concatenate([pd.read_csv(file, header=None, dtype=np.uint8).to_numpy() for file in files])
    return rows[:, 1:].reshape(-1, *IMAGE_SHAPE).astype("float32") / 255, rows[:, 0]


if __name__ == "__main__":
    main()
