"""Distributions and resources of components and nodes."""

from azure.ai.ml import Input, PyTorchDistribution, TensorFlowDistribution, command
from azure.ai.ml.dsl import pipeline
from azure.ai.ml.entities import JobResourceConfiguration

D = Input(type="uri_folder", path="./data")
t = command(
    name="cc",
    command="echo",
    environment="azureml:e:1",
    distribution=PyTorchDistribution(process_count_per_instance=2),
    instance_count=2,
)
u = command(
    name="dd", command="echo", environment="azureml:e:1", distribution={"type": "mpi", "process_count_per_instance": 2}
)


@pipeline
def p(d):
    x = t()
    y = u()
    y.distribution = TensorFlowDistribution(worker_count=2)
    z = u()
    z.distribution.process_count_per_instance = 5
    w = u()
    w.resources = JobResourceConfiguration(instance_count=4, shm_size="1g", docker_args="--ipc=host")


job = p(d=D)
