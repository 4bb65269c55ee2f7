"""Fashion-MNIST from raw files to a measured model: prepare the data, train, score.

The pipeline is plain Azure Machine Learning SDK v2: ``mlc build pipeline.py`` compiles this file as it is, and
``python pipeline.py`` submits it to a workspace.
"""

from pathlib import Path

from azure.ai.ml import Input, MLClient, load_component
from azure.ai.ml.dsl import pipeline
from azure.identity import DefaultAzureCredential

from prep.prep_component import prepare_data_component
from train.train_component import keras_train_component

HERE = Path(__file__).parent

keras_score_component = load_component(source=HERE / "score" / "score.yaml")


@pipeline(
    name="fashion_mnist",
    display_name="Fashion-MNIST with Keras",
    description="Prepares Fashion-MNIST, trains a convolutional network and scores it",
    default_compute="cpu-cluster",
)
def fashion_mnist(pipeline_input_data: Input(type="uri_folder"), epochs: int = 5):
    prepare_data_node = prepare_data_component(input_data=pipeline_input_data)

    train_node = keras_train_component(input_data=prepare_data_node.outputs.training_data, epochs=epochs)
    train_node.compute = "gpu-cluster"

    score_node = keras_score_component(
        input_data=prepare_data_node.outputs.test_data,
        input_model=train_node.outputs.output_model,
    )
    return {"model": train_node.outputs.output_model, "result": score_node.outputs.output_result}


pipeline_job = fashion_mnist(pipeline_input_data=Input(type="uri_folder", path=str(HERE / "data")))

if __name__ == "__main__":
    ml_client = MLClient.from_config(credential=DefaultAzureCredential())
    ml_client.jobs.create_or_update(pipeline_job, experiment_name="fashion_mnist")
