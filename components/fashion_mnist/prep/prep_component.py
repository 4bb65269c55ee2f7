"""Prep Data: MNIST-formatted IDX files become two CSV files, a row per image: the label, then 784 pixels."""

import gzip
import struct
from pathlib import Path

from mldesigner import Input, Output, command_component

PIXEL_TEXT = [str(value) for value in range(256)]


@command_component(
    name="prep_data",
    version="1",
    display_name="Prep Data",
    description="Converts the images and labels of an MNIST-formatted data set to CSV files for training and test",
    environment={
        "conda_file": Path(__file__).parent / "conda.yaml",
        "image": "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04",
    },
)
def prepare_data_component(
    input_data: Input(type="uri_folder"),
    training_data: Output(type="uri_folder"),
    test_data: Output(type="uri_folder"),
):
    convert(Path(input_data), "train", Path(training_data) / "mnist_train.csv")
    convert(Path(input_data), "t10k", Path(test_data) / "mnist_test.csv")


def convert(folder, part, csv_file):
    """Write the images of one part (``train`` or ``t10k``) with their labels to ``csv_file``."""
    shape, pixels = read_idx(find(folder, f"{part}-images-idx3-ubyte"))
    (label_count,), labels = read_idx(find(folder, f"{part}-labels-idx1-ubyte"))
    image_count, image_size = shape[0], shape[1] * shape[2]
    if image_count != label_count:
        raise SystemExit(f"{folder}: {image_count} images but {label_count} labels for {part}")
    with csv_file.open("w") as rows:
        for index, label in enumerate(labels):
            image = pixels[index * image_size : (index + 1) * image_size]
            rows.write(f"{label},{','.join([PIXEL_TEXT[pixel] for pixel in image])}\n")
    print(f"{csv_file.name}: {image_count} images of {shape[1]} x {shape[2]} pixels")


def find(folder, name):
    """The file of that name, raw or gzip; some mirrors write a dot for the last hyphen but one."""
    for stem in (name, name.replace("-idx", ".idx")):
        for path in (folder / stem, folder / f"{stem}.gz"):
            if path.is_file():
                return path
    raise SystemExit(f"{folder} has neither {name} nor {name}.gz; it has {sorted(p.name for p in folder.iterdir())}")


def read_idx(path):
    """The dimensions and the bytes of an IDX file: two zeros, 8 (unsigned byte), the rank, sizes, data."""
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    zeros, kind, rank = struct.unpack_from(">HBB", content)
    if (zeros, kind) != (0, 8):
        raise SystemExit(f"{path} is not an IDX file of unsigned bytes")
    shape = struct.unpack_from(f">{rank}I", content, 4)
    return shape, content[4 + 4 * rank :]
