"""The whole tutorial as a script: connect, build the pipeline, submit and follow it, register a component.

``python tutorial.py --epochs 3`` talks to a workspace; ``mlc build tutorial.py -- --epochs 3`` compiles the job that
would be submitted, and contacts nothing.
"""

import argparse
from pathlib import Path

from azure.ai.ml import Input, MLClient, load_component
from azure.ai.ml.dsl import pipeline
from azure.identity import DefaultAzureCredential, InteractiveBrowserCredential

from prep.prep_component import prepare_data_component
from train.train_component import keras_train_component

parser = argparse.ArgumentParser(description="Train a Fashion-MNIST classifier")
parser.add_argument("--epochs", type=int, default=2, help="passes over the training data")
arguments = parser.parse_args()

try:
    credential = DefaultAzureCredential()
    credential.get_token("https://management.azure.com/.default")
except Exception:  # whatever is wrong with the usual ways in, a browser may still do
    credential = InteractiveBrowserCredential()

# Reads config.json, which the studio offers for download.
ml_client = MLClient.from_config(credential=credential)

cpu_compute_target = "cpu-cluster"
gpu_compute_target = "gpu-cluster"
for name in (cpu_compute_target, gpu_compute_target):
    print(ml_client.compute.get(name).name)

keras_score_component = load_component(source=str(Path(__file__).parent / "score" / "score.yaml"))


@pipeline(default_compute=cpu_compute_target)
def image_classification_keras_minist_convnet(pipeline_input_data, epochs: int):
    """Image classification end to end, with Keras."""
    prepare_data_node = prepare_data_component(input_data=pipeline_input_data)

    train_node = keras_train_component(input_data=prepare_data_node.outputs.training_data, epochs=epochs)
    train_node.compute = gpu_compute_target

    keras_score_component(
        input_data=prepare_data_node.outputs.test_data,
        input_model=train_node.outputs.output_model,
    )


fashion_data = Input(type="uri_folder", path=str(Path(__file__).parent / "data"))
pipeline_job = image_classification_keras_minist_convnet(pipeline_input_data=fashion_data, epochs=arguments.epochs)

pipeline_job = ml_client.jobs.create_or_update(pipeline_job, experiment_name="pipeline_samples")
ml_client.jobs.stream(pipeline_job.name)

try:
    prep = ml_client.components.get(name="prep_data", version="1")
except Exception:
    prep = ml_client.components.create_or_update(prepare_data_component)
print(f"{prep.name} version {prep.version} is registered")
for component in ml_client.components.list():
    print(component.name)
