"""Train Image Classification Keras: the interface of the step. What it does stands in train.py beside it."""

from pathlib import Path

from mldesigner import Input, Output, command_component


@command_component(
    name="train_image_classification_keras",
    version="1",
    display_name="Train Image Classification Keras",
    description="Trains a convolutional network on labelled images",
    environment={
        "conda_file": Path(__file__).parent / "conda.yaml",
        "image": "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04",
    },
)
def keras_train_component(
    input_data: Input(type="uri_folder"),
    output_model: Output(type="uri_folder"),
    epochs=10,
):
    # TensorFlow is imported where the step runs, not where the pipeline is put together.
    from train import train

    train(Path(input_data), Path(output_model), epochs)
